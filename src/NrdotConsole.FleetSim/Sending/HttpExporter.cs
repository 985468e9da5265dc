using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace NrdotConsole.FleetSim.Sending;

/// <summary>OTLP over HTTP: one POST to /v1/metrics. The client, with its connections, is shared and not disposed here.</summary>
public sealed class HttpExporter(HttpClient client, Uri endpoint, string? token, bool gzip) : IExporter
{
    readonly Uri _target = new(endpoint, "/v1/metrics");
    readonly MemoryStream _compressed = new();

    public async Task<ExportResult> ExportAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _target) { Content = Content(request) };
        if (token is not null) message.Headers.Authorization = new("Bearer", token);
        try
        {
            using var response = await client.SendAsync(message, cancel);
            return await JudgeAsync(response, cancel);
        }
        catch (HttpRequestException e)
        {
            return new(ExportOutcome.Retry, Message: e.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(ExportOutcome.Retry, Message: $"No answer within {client.Timeout.TotalSeconds:0} s.");
        }
    }

    public void Dispose() => _compressed.Dispose();

    ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> request)
    {
        var content = new ReadOnlyMemoryContent(gzip ? Compress(request) : request);
        content.Headers.ContentType = new("application/x-protobuf");
        if (gzip) content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> request)
    {
        _compressed.SetLength(0);
        using (var stream = new GZipStream(_compressed, CompressionLevel.Fastest, leaveOpen: true)) stream.Write(request.Span);
        return _compressed.GetBuffer().AsMemory(0, (int)_compressed.Length);
    }

    static async Task<ExportResult> JudgeAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        if (response.IsSuccessStatusCode)
        {
            var (rejected, why) = PartialSuccess.Read(body);
            return new(ExportOutcome.Accepted, rejected, Message: why);
        }
        var message = $"{(int)response.StatusCode} {response.ReasonPhrase}";
        return response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            ? new(ExportOutcome.Retry, RetryAfter: Delay(response.Headers.RetryAfter), Message: message)
            : new(ExportOutcome.Refused, Message: message);
    }

    static TimeSpan? Delay(RetryConditionHeaderValue? header) => header?.Delta;
}
