namespace NrdotConsole.Core.Anomalies;

/// <summary>
/// Makes a cumulative counter into a rate a second. The first value, a reset (the counter went down) and a gap longer
/// than <see cref="MaximumGap"/> give no rate: a raw counter always "deviates", and so does a rate over a restart.
/// </summary>
public struct CounterRate
{
    public static readonly TimeSpan MaximumGap = TimeSpan.FromMinutes(5);

    double _value;
    long _unixMs;

    /// <summary>NaN where no rate is known; a repeated or earlier time is ignored.</summary>
    public double Observe(DateTimeOffset at, double value)
    {
        var unixMs = at.ToUnixTimeMilliseconds();
        if (!double.IsFinite(value) || unixMs <= _unixMs) return double.NaN;
        var elapsedMs = unixMs - _unixMs;
        var grown = value - _value;
        var known = _unixMs > 0 && grown >= 0 && elapsedMs <= MaximumGap.TotalMilliseconds;
        (_value, _unixMs) = (value, unixMs);
        return known ? grown * 1000 / elapsedMs : double.NaN;
    }
}
