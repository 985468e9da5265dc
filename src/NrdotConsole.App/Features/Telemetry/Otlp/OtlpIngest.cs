using System.Collections.Concurrent;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Features.Telemetry.Tokens;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>What takes a decoded request: <see cref="SeriesStore.Ingest"/>.</summary>
internal delegate IngestOutcome MetricsAcceptor(ReadOnlySpan<byte> request, string? tenant);

/// <summary>What both transports do with a request once they have its bytes: who sent it, decompress, decode, hand to the store.</summary>
internal sealed class OtlpIngest(
    MetricsAcceptor accept, IngestTokenStore tokens, OtlpSettings settings, IngestBudget budget, IngestCounters counters, ILogger<OtlpIngest> log) : IDisposable
{
    const string NoToken = "No valid ingest token. Send the header 'Authorization: Bearer <token>' or 'api-key: <token>'; tokens are made on the console's Ingest page.";

    static readonly TimeSpan UnavailableRetry = TimeSpan.FromSeconds(5);

    readonly ConcurrentBag<OtlpJsonTranscoder> _transcoders = [];

    // The work is bound by the processor: more at once would only hold more memory and pool threads.
    readonly SemaphoreSlim _workers = new(2 * Environment.ProcessorCount);
    int _retries;

    public OtlpSettings Settings => settings;
    public IngestBudget Budget => budget;
    public IngestCounters Counters => counters;

    /// <summary>Reads <c>Authorization: Bearer</c> or <c>api-key</c>. False where a token is needed and none that is valid was sent.</summary>
    public bool TryAdmit(IHeaderDictionary headers, out IngestToken? token, out OtlpReply refusal)
    {
        refusal = default;
        var presented = Presented(headers);
        token = presented.IsEmpty ? null : tokens.Find(presented);
        // A wrong token is refused even where none is needed: its sender believes that it has a tenant.
        if (token is not null || (presented.IsEmpty && !settings.RequireToken)) return true;
        refusal = new(OtlpStatus.Unauthenticated, Message: NoToken);
        return false;
    }

    static ReadOnlySpan<char> Presented(IHeaderDictionary headers)
    {
        const string bearer = "Bearer ";
        if (headers.Authorization is [{ } authorization] && authorization.StartsWith(bearer, StringComparison.OrdinalIgnoreCase))
            return authorization.AsSpan(bearer.Length).Trim();
        return headers["api-key"] is [{ } key] ? key.AsSpan().Trim() : default;
    }

    /// <summary>Busy, with times to come again that differ, so that senders do not come back as one.</summary>
    public OtlpReply Busy() => new(
        OtlpStatus.Busy, Message: "The console has all the requests in hand that it can hold.", RetryAfter: TimeSpan.FromSeconds(1 + ((uint)Interlocked.Increment(ref _retries) % 5)));

    public async ValueTask<(OtlpReply Reply, long Points)> RunAsync(ReadOnlyMemory<byte> body, ContentCoding coding, bool json, IngestToken? token, CancellationToken ct)
    {
        await _workers.WaitAsync(ct);
        try
        {
            return Run(body, coding, json, token?.Tenant);
        }
        finally
        {
            _workers.Release();
        }
    }

    (OtlpReply, long) Run(ReadOnlyMemory<byte> body, ContentCoding coding, bool json, string? tenant)
    {
        using var inflated = new RequestBuffer(settings.MaxDecompressedBytes, budget);
        var plain = body.Span;
        if (coding != ContentCoding.Identity)
        {
            var status = Inflate.Run(coding, body, inflated);
            if (status != OtlpStatus.Ok) return (Refused(status, coding), 0);
            plain = inflated.Written;
        }
        counters.Received(body.Length, plain.Length);
        if (!json) return Accept(plain, tenant);

        if (!_transcoders.TryTake(out var transcoder)) transcoder = new();
        try
        {
            return transcoder.TryTranscode(plain, settings.MaxDecompressedBytes, out var request, out var fault)
                ? Accept(request, tenant)
                : (new(OtlpStatus.Malformed, Message: fault), 0);
        }
        finally
        {
            _transcoders.Add(transcoder);
        }
    }

    OtlpReply Refused(OtlpStatus status, ContentCoding coding) => status switch
    {
        OtlpStatus.Busy => Busy(),
        OtlpStatus.TooLarge => new(status, Message: $"The body is larger than {settings.MaxDecompressedBytes} bytes once decompressed (setting Otlp:MaxDecompressedBytes). Send smaller batches."),
        _ => new(status, Message: $"The body is not sound {coding.ToString().ToLowerInvariant()}."),
    };

    (OtlpReply, long) Accept(ReadOnlySpan<byte> request, string? tenant)
    {
        IngestOutcome outcome;
        try
        {
            outcome = accept(request, tenant);
        }
#pragma warning disable CA1031 // Ours to mend, not the sender's to lose its batch for: any other answer than "later" drops it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            log.LogError(fault, "The store failed on a request of {Bytes} bytes; its sender was told to try again.", request.Length);
            outcome = new(IngestStatus.Unavailable, 0, 0, "The console met a fault of its own; its log says which.");
        }
        return outcome.Status switch
        {
            IngestStatus.Malformed => (new(OtlpStatus.Malformed, Message: outcome.Message ?? "The request is malformed."), 0),
            IngestStatus.Unavailable => (new(OtlpStatus.Unavailable, Message: outcome.Message ?? "The console cannot store points now.", RetryAfter: UnavailableRetry), 0),
            _ => (new(OtlpStatus.Ok, outcome.Refused, outcome.Message), outcome.Accepted),
        };
    }

    public void Dispose() => _workers.Dispose();
}
