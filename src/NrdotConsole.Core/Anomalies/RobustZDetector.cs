namespace NrdotConsole.Core.Anomalies;

/// <summary>
/// How many robust standard deviations a value lies from the median of the recent <see cref="RecentValues.Capacity"/>:
/// |x - median| / (1.4826 MAD) (Iglewicz and Hoaglin 1993, "How to Detect and Handle Outliers": anomaly above 3.5).
/// Where a series has a season, pass what is left after subtracting it. Keeps nothing until the first value, so a
/// feature that is not known costs nothing.
/// </summary>
public struct RobustZDetector
{
    public const double Threshold = 3.5;

    /// <summary>Values before it votes.</summary>
    public const int ColdObservations = 20;

    /// <summary>1 / the normal distribution's third quartile: makes the MAD comparable to a standard deviation.</summary>
    public const double MadToSigma = 1.4826;

    /// <summary>A sigma is never below this share of the median: a metronomic process may change by a third before it counts.</summary>
    public const double RelativeFloor = 0.1;

    static readonly RecentValues s_none = new();

    RecentValues? _recent;

    public readonly bool IsCold => _recent is null || _recent.Count < ColdObservations;

    /// <summary>Judges <paramref name="value"/> against the values before it, then keeps it. A value that is not known is ignored and abstains.</summary>
    public RobustZReading Observe(double value, FeatureRule rule)
    {
        if (!ProcessFeatures.IsKnown(value)) return new(0, 0, true);
        var reading = IsCold ? new(0, 0, true) : Read(_recent!.Sorted, value, rule.MinimumChange / Threshold, RelativeFloor);
        _recent ??= new();
        _recent.Add((float)value);
        return reading;
    }

    internal readonly void Save(BinaryWriter to) => (_recent ?? s_none).Save(to);

    internal static RobustZDetector Load(BinaryReader from) => new() { _recent = RecentValues.Load(from) };

    /// <summary>The score of <paramref name="value"/> against sorted values. A sigma of 0 gives 0 for the median itself and infinity for all else.</summary>
    internal static RobustZReading Read(ReadOnlySpan<float> sorted, double value, double sigmaFloor, double relativeFloor)
    {
        var (median, mad) = RecentValues.Spread(sorted);
        var sigma = Math.Max(MadToSigma * mad, Math.Max(sigmaFloor, relativeFloor * Math.Abs(median)));
        var distance = Math.Abs(value - median);
        return new(distance == 0 ? 0 : distance / sigma, median, false);
    }
}

/// <summary>The score in robust standard deviations, and the median it was held against.</summary>
public readonly record struct RobustZReading(double Score, double Median, bool Abstained)
{
    public bool IsAnomaly => Score > RobustZDetector.Threshold;

    /// <summary>Low above the threshold, medium above twice, high above three times, severe above five times it.</summary>
    public AnomalyLevel Level => (Score / RobustZDetector.Threshold) switch
    {
        > 5 => AnomalyLevel.Severe,
        > 3 => AnomalyLevel.High,
        > 2 => AnomalyLevel.Medium,
        > 1 => AnomalyLevel.Low,
        _ => AnomalyLevel.None,
    };
}
