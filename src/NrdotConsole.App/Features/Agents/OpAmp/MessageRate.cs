namespace NrdotConsole.App.Features.Agents;

/// <summary>A token bucket: <paramref name="perSecond"/> on average, <paramref name="burst"/> at once. It never waits.</summary>
internal sealed class MessageRate(double perSecond, double burst, TimeProvider time)
{
    readonly Lock _lock = new();
    double _spent;
    long _at = time.GetTimestamp();

    public bool TryTake()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _spent = Math.Max(0, _spent - (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
            _at = now;
            if (_spent + 1 > burst) return false;
            _spent++;
            return true;
        }
    }
}
