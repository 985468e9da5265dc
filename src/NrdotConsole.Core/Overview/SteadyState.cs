namespace NrdotConsole.Core.Overview;

/// <summary>
/// A state that is told of only when it has held: it turns after the other state was seen for <c>holdMs</c>, and never
/// within <see cref="DwellMs"/> of its last turn. So a host that flaps is told of twice in five minutes, not twice a minute.
/// </summary>
public struct SteadyState
{
    public const long DwellMs = 300_000;

    long _otherSinceUnixMs;
    long _turnedUnixMs;

    public bool IsOn { get; private set; }

    /// <summary>True where the told state turns now.</summary>
    public bool Observe(bool on, long nowUnixMs, long holdMs = 0)
    {
        if (on == IsOn)
        {
            _otherSinceUnixMs = 0;
            return false;
        }
        if (_otherSinceUnixMs == 0) _otherSinceUnixMs = nowUnixMs;
        if (nowUnixMs - _otherSinceUnixMs < holdMs || (_turnedUnixMs > 0 && nowUnixMs - _turnedUnixMs < DwellMs)) return false;
        (IsOn, _turnedUnixMs, _otherSinceUnixMs) = (on, nowUnixMs, 0);
        return true;
    }
}
