namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// When the engine ticks: every second; and at once for points that come after a second without any, so that a viewer of
/// a quiet console does not wait for the next full second. Viewers hear of points at most once a second either way.
/// </summary>
internal sealed class TickPace
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(1), Look = TimeSpan.FromMilliseconds(50);

    DateTimeOffset _last = DateTimeOffset.MinValue, _lastWithPoints = DateTimeOffset.MinValue;

    /// <summary>Asked every <see cref="Look"/>. True is a tick.</summary>
    /// <param name="hasPoints">Points arrived since the last tick.</param>
    public bool IsDue(DateTimeOffset now, bool hasPoints)
    {
        // A clock that was set back must not stop the ticks.
        if (now < _last) (_last, _lastWithPoints) = (DateTimeOffset.MinValue, DateTimeOffset.MinValue);
        if (now - _last < Every && !(hasPoints && now - _lastWithPoints >= Every)) return false;
        _last = now;
        if (hasPoints) _lastWithPoints = now;
        return true;
    }
}
