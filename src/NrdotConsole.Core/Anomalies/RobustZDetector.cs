namespace NrdotConsole.Core.Anomalies;

/// <summary>
/// How many robust standard deviations a value lies from the median of the recent ones: |x - median| / (1.4826 MAD)
/// (Iglewicz and Hoaglin 1993, "How to Detect and Handle Outliers": anomaly above 3.5). Keeps the last
/// <see cref="Capacity"/> values as floats; nothing until the first value, so an absent feature costs nothing.
/// </summary>
public struct RobustZDetector
{
    public const int Capacity = 64;
    public const double Threshold = 3.5;

    /// <summary>Values before it votes.</summary>
    public const int ColdObservations = 20;

    /// <summary>1 / the normal distribution's third quartile: makes the MAD comparable to a standard deviation.</summary>
    public const double MadToSigma = 1.4826;

    /// <summary>A sigma is never below this share of the median: a metronomic process may change by a third before it counts.</summary>
    public const double RelativeFloor = 0.1;

    float[]? _ring;
    int _count;
    int _next;

    public readonly bool IsCold => _count < ColdObservations;

    /// <summary>Judges <paramref name="value"/> against the values before it, then keeps it. A value that is not finite is ignored and abstains.</summary>
    public RobustZReading Observe(double value, FeatureRule rule)
    {
        if (!double.IsFinite(value)) return new(0, 0, true);
        var reading = new RobustZReading(0, 0, true);
        if (!IsCold)
        {
            Span<float> scratch = stackalloc float[_count];
            _ring.AsSpan(0, _count).CopyTo(scratch);
            reading = new(Score(scratch, value, rule.MinimumChange / Threshold, RelativeFloor, out var median), median, false);
        }
        _ring ??= new float[Capacity];
        _ring[_next] = (float)value;
        _next = (_next + 1) % Capacity;
        _count = Math.Min(_count + 1, Capacity);
        return reading;
    }

    /// <summary>The score of <paramref name="value"/> against <paramref name="values"/>, which are used up as working space. A sigma of 0 gives 0 for the median itself and infinity for all else.</summary>
    internal static double Score(Span<float> values, double value, double sigmaFloor, double relativeFloor, out double median)
    {
        median = Median(values);
        var center = (float)median;
        for (var i = 0; i < values.Length; i++) values[i] = Math.Abs(values[i] - center);
        var sigma = Math.Max(MadToSigma * Median(values), Math.Max(sigmaFloor, relativeFloor * Math.Abs(median)));
        var distance = Math.Abs(value - median);
        return distance == 0 ? 0 : distance / sigma;
    }

    static double Median(Span<float> values)
    {
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : ((double)values[middle - 1] + values[middle]) / 2;
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
