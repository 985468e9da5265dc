namespace NrdotConsole.Core.Anomalies;

/// <summary>
/// One feature's exponentially weighted mean and variance (24 bytes). The mean starts with the first value and moves by
/// alpha x (x - mean); the variance is (1 - alpha)(v + alpha d²) (Finch 2009, "Incremental calculation of weighted mean
/// and variance"). An anomaly deviates by more than the feature's threshold of its usual <i>and</i> by more than
/// <see cref="Sigmas"/> standard deviations. A deviation counts into the variance only up to that band, so that one spike
/// does not hide the next, while a process that really became noisy is learnt within a few observations.
/// </summary>
public struct EwmaDetector
{
    public const double Alpha = 0.2;
    public const double Sigmas = 2.0;

    /// <summary>Observations before it votes.</summary>
    public const int ColdObservations = 5;

    double _mean;
    double _variance;
    int _count;

    public readonly double Mean => _mean;
    public readonly double Variance => _variance;
    public readonly bool IsCold => _count < ColdObservations;

    /// <summary>Judges <paramref name="value"/> against what came before, then learns it. A value that is not known is ignored and abstains.</summary>
    public EwmaReading Observe(double value, FeatureRule rule)
    {
        if (!ProcessFeatures.IsKnown(value)) return new(_mean, 0, false, true);
        if (_count == 0)
        {
            (_mean, _count) = (value, 1);
            return new(value, 0, false, true);
        }
        var usual = _mean;
        var change = value - usual;
        var scale = Math.Max(Math.Abs(usual), rule.Floor);
        var band = Math.Max(Sigmas * Math.Sqrt(_variance), rule.ThresholdPercent / 100 * scale);
        var reading = new EwmaReading(usual, 100 * Math.Abs(change) / scale, !IsCold && Math.Abs(change) > band, IsCold);

        var counted = Math.Clamp(change, -band, band);
        _mean += Alpha * change;
        _variance = (1 - Alpha) * (_variance + Alpha * counted * counted);
        if (IsCold) _count++;
        return reading;
    }
}

/// <summary>What the usual value was, by how many percent of it the observation deviates, and whether that is an anomaly.</summary>
public readonly record struct EwmaReading(double Usual, double DeviationPercent, bool IsAnomaly, bool Abstained)
{
    /// <summary>The research's levels: low above 25 %, medium above 50, high above 75, severe above 100.</summary>
    public AnomalyLevel Level => !IsAnomaly ? AnomalyLevel.None : DeviationPercent switch
    {
        > 100 => AnomalyLevel.Severe,
        > 75 => AnomalyLevel.High,
        > 50 => AnomalyLevel.Medium,
        _ => AnomalyLevel.Low,
    };
}
