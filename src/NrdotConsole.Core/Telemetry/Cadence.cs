namespace NrdotConsole.Core.Telemetry;

/// <summary>
/// How often something reports: the median of its last five gaps, so that one missed scrape does not stretch it.
/// A value to hold per host and stream: 40 bytes.
/// </summary>
public struct Cadence
{
    public const int RememberedGaps = 5;
    public const long ShortestMs = 1_000;
    public const long LongestMs = 3_600_000;

    Gaps _gaps;
    int _count;
    int _next;

    /// <summary>Gaps outside a second and an hour are outages or duplicates, not a cadence.</summary>
    public void Observe(long gapMs)
    {
        if (gapMs is < ShortestMs or > LongestMs) return;
        _gaps[_next] = (int)gapMs;
        _next = (_next + 1) % RememberedGaps;
        _count = Math.Min(_count + 1, RememberedGaps);
    }

    /// <summary>Milliseconds; <paramref name="otherwise"/> until a gap was seen.</summary>
    public readonly long IntervalMs(long otherwise)
    {
        if (_count == 0) return otherwise;
        Span<int> sorted = stackalloc int[RememberedGaps];
        for (var i = 0; i < _count; i++) sorted[i] = _gaps[i];
        sorted = sorted[.._count];
        sorted.Sort();
        return sorted[(_count - 1) / 2];
    }

    [System.Runtime.CompilerServices.InlineArray(RememberedGaps)]
    struct Gaps
    {
        int _first;
    }
}
