namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// When the engine ticks: every second; and at once for new points, as long as ticks with points stay at one a second on
/// average (a token bucket of two, after the generic cell rate algorithm of ITU-T I.371). So a viewer of points that come
/// about once a second hears of each when it comes, and points that come all the time cost one tick a second.
/// </summary>
internal sealed class TickPace
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1), Look = TimeSpan.FromMilliseconds(50);

    /// <summary>How far ahead of one a second ticks with points may run.</summary>
    static readonly TimeSpan Slack = Every;

    DateTimeOffset _last = DateTimeOffset.MinValue, _due = DateTimeOffset.MinValue;

    /// <summary>Asked every <see cref="Look"/>. True is a tick.</summary>
    /// <param name="hasPoints">Points arrived since the last tick.</param>
    public bool IsDue(DateTimeOffset now, bool hasPoints)
    {
        // A clock that was set back must not stop the ticks.
        if (now < _last) (_last, _due) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        if (now - _last < Every && !(hasPoints && _due - now <= Slack)) return false;
        _last = now;
        if (hasPoints) _due = (_due > now ? _due : now) + Every;
        return true;
    }
}
