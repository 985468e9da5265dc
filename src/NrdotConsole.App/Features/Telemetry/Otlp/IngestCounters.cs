using System.Collections.Concurrent;
using NrdotConsole.App.Features.Telemetry.Tokens;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>What the transports saw since the start. The store counts points and series; this counts requests, bytes and senders.</summary>
internal sealed class IngestCounters(TimeProvider time)
{
    /// <summary>Most senders told apart; later ones are counted together.</summary>
    public const int MaxSenders = 500;
    const int LongestAgent = 120;

    readonly ConcurrentDictionary<(string Transport, OtlpStatus Status), Counter> _requests = new();
    readonly ConcurrentDictionary<(long Token, string Transport, string Agent), Sender> _senders = new();
    long _wireBytes, _plainBytes, _droppedLogs, _droppedTraces, _rejectedPoints, _points;

    /// <summary>Bytes of bodies as they came over the wire, and once decompressed.</summary>
    public long WireBytes => Volatile.Read(ref _wireBytes);
    public long PlainBytes => Volatile.Read(ref _plainBytes);

    /// <summary>Requests of signals that this console has no use for: answered as accepted, so that no sender is disturbed, and dropped.</summary>
    public long DroppedLogRequests => Volatile.Read(ref _droppedLogs);
    public long DroppedTraceRequests => Volatile.Read(ref _droppedTraces);

    public long Points => Volatile.Read(ref _points);
    public long RejectedPoints => Volatile.Read(ref _rejectedPoints);
    public long Requests => _requests.Values.Sum(c => c.Value);

    public void Received(long wireBytes, long plainBytes)
    {
        Interlocked.Add(ref _wireBytes, wireBytes);
        Interlocked.Add(ref _plainBytes, plainBytes);
    }

    public void DroppedLogs() => Interlocked.Increment(ref _droppedLogs);
    public void DroppedTraces() => Interlocked.Increment(ref _droppedTraces);

    public void Answered(string transport, IngestToken? token, string? userAgent, OtlpStatus status, long points, long rejected)
    {
        Interlocked.Increment(ref _requests.GetOrAdd((transport, status), static _ => new()).Value);
        if (points > 0) Interlocked.Add(ref _points, points);
        if (rejected > 0) Interlocked.Add(ref _rejectedPoints, rejected);
        // Who may not send gets no row: names of senders would be free to invent.
        if (status != OtlpStatus.Unauthenticated) SenderOf(token, transport, userAgent ?? "").Add(points, rejected, time.GetUtcNow().ToUnixTimeMilliseconds());
    }

    Sender SenderOf(IngestToken? token, string transport, string agent)
    {
        var id = token?.Id ?? 0;
        if (agent.Length > LongestAgent) agent = agent[..LongestAgent];
        if (_senders.TryGetValue((id, transport, agent), out var known)) return known;
        if (_senders.Count >= MaxSenders) agent = "(others)";
        return _senders.GetOrAdd((id, transport, agent), static (key, token) => new(token?.Name ?? "(none)", token?.Tenant ?? "", key.Transport, key.Agent), token);
    }

    /// <summary>Requests by transport and outcome, named as in <c>http ok</c>.</summary>
    public IReadOnlyDictionary<string, long> ByStatus() =>
        _requests.ToDictionary(r => $"{r.Key.Transport} {r.Key.Status.ToString().ToLowerInvariant()}", r => Volatile.Read(ref r.Value.Value));

    /// <summary>Senders, the last heard first.</summary>
    public IReadOnlyList<SenderRow> Senders() => [.. _senders.Values.Select(s => s.ToRow()).OrderByDescending(r => r.LastSeen)];

    sealed class Counter
    {
        public long Value;
    }

    sealed class Sender(string token, string tenant, string transport, string agent)
    {
        long _requests, _points, _refused, _lastSeenUnixMs;

        public void Add(long points, long refused, long nowUnixMs)
        {
            Interlocked.Increment(ref _requests);
            Interlocked.Add(ref _points, points);
            Interlocked.Add(ref _refused, refused);
            Volatile.Write(ref _lastSeenUnixMs, nowUnixMs);
        }

        public SenderRow ToRow() => new(
            token, tenant, transport, agent, Volatile.Read(ref _requests), Volatile.Read(ref _points), Volatile.Read(ref _refused),
            DateTimeOffset.FromUnixTimeMilliseconds(Volatile.Read(ref _lastSeenUnixMs)));
    }
}
