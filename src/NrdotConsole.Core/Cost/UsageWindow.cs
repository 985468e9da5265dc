using System.Runtime.CompilerServices;

namespace NrdotConsole.Core.Cost;

/// <summary>
/// The recent readings of a sender's byte and point counters, and the rate between them. A sender delivers in bursts (a
/// scrape each minute), so the rate is taken from one arrival to another, not over a fixed span that would hold now four
/// bursts and now five: over the last 5 minutes at most, and not before <see cref="ShortestMs"/> lie between two of them.
/// Once it is silent for longer than its bursts were apart, the silence counts too, so the rate falls to 0.
/// </summary>
public struct UsageWindow
{
    public const long ShortestMs = 60_000;
    public const long LongestMs = 300_000;
    const int Slots = 8;

    /// <summary>Readings closer together than this replace each other: eight then reach over the longest window.</summary>
    const long SpacingMs = LongestMs / (Slots - 2);

    Readings _readings;
    int _count;

    /// <param name="bytes">The counter's value, not its change. Smaller than before is a counter that began anew.</param>
    public void Observe(long nowUnixMs, long bytes, long points)
    {
        // A host whose newest arrival is known by its points' time only is no younger than it was.
        if (_count > 0 && nowUnixMs < _readings[_count - 1].UnixMs && bytes == _readings[_count - 1].Bytes) return;
        if (_count > 0 && bytes < _readings[_count - 1].Bytes) _count = 0;
        if (_count >= 2 && nowUnixMs - _readings[_count - 2].UnixMs < SpacingMs) _count--;
        if (_count == Slots)
        {
            for (var i = 1; i < Slots; i++) _readings[i - 1] = _readings[i];
            _count--;
        }
        _readings[_count++] = new(nowUnixMs, bytes, points);
    }

    /// <summary>
    /// The same readings of counters that have begun anew and stand at <paramref name="bytes"/> and <paramref name="points"/>.
    /// Where something came after the newest reading that was not read, the readings move to it: how much it was is not known.
    /// </summary>
    public void Rebase(long lastReceivedUnixMs, long bytes, long points)
    {
        if (_count == 0) return;
        var last = _readings[_count - 1];
        var later = Math.Max(0, lastReceivedUnixMs - last.UnixMs);
        for (var i = 0; i < _count; i++)
            _readings[i] = new(_readings[i].UnixMs + later, _readings[i].Bytes + bytes - last.Bytes, _readings[i].Points + points - last.Points);
    }

    /// <summary>Null until a window is complete.</summary>
    /// <param name="listeningSinceUnixMs">Silence before it is the listener's own, and counts as none.</param>
    public readonly UsageRate? Rate(long nowUnixMs, long listeningSinceUnixMs = 0)
    {
        if (_count == 0) return null;
        var last = _readings[_count - 1];
        var silence = nowUnixMs - Math.Max(last.UnixMs, listeningSinceUnixMs);
        var first = 0;
        while (first < _count - 1 && last.UnixMs + silence - _readings[first].UnixMs > LongestMs) first++;
        if (first == _count - 1) return silence >= ShortestMs ? default(UsageRate) : null;

        var from = _readings[first];
        var burst = (last.UnixMs - from.UnixMs) / (_count - 1 - first);
        var span = last.UnixMs - from.UnixMs + (silence > 2 * burst + SpacingMs ? silence : 0);
        return span < ShortestMs ? null : UsageRate.Over(last.Bytes - from.Bytes, last.Points - from.Points, span);
    }

    readonly record struct Reading(long UnixMs, long Bytes, long Points);

    [InlineArray(Slots)]
    struct Readings
    {
        Reading _first;
    }
}
