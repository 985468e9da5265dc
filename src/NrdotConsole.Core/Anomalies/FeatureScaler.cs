namespace NrdotConsole.Core.Anomalies;

public enum Scaling
{
    /// <summary>(x - mean) / standard deviation: the guide's StandardScaler.</summary>
    Standard,

    /// <summary>log1p, then (x - median) / interquartile range: for skewed, non-negative features.</summary>
    LogRobust,
}

/// <summary>
/// Scales rows before the forest. Linear scaling alone does not alter an isolation forest (a split is uniform in the
/// feature's range); the logarithm does, because the heavy tails of bytes and operations otherwise eat the splits.
/// A feature without spread is divided by 1. A value that is not known becomes the centre, 0.
/// </summary>
public sealed class FeatureScaler
{
    readonly double[] _center;
    readonly double[] _scale;

    FeatureScaler(Scaling kind, double[] center, double[] scale) => (Kind, _center, _scale) = (kind, center, scale);

    public Scaling Kind { get; }
    public int Features => _center.Length;
    public IReadOnlyList<double> Center => _center;
    public IReadOnlyList<double> Scale => _scale;

    /// <summary>Learns from rows laid one after the other (<paramref name="features"/> values each); values that are not known are left out.</summary>
    public static FeatureScaler Fit(Scaling kind, ReadOnlySpan<double> rows, int features)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        if (rows.Length % features != 0) throw new ArgumentException($"{rows.Length} values are no whole rows of {features}.", nameof(rows));
        var center = new double[features];
        var scale = new double[features];
        var column = new double[rows.Length / features];
        for (var f = 0; f < features; f++)
        {
            var known = 0;
            for (var r = f; r < rows.Length; r += features)
                if (ProcessFeatures.IsKnown(rows[r])) column[known++] = Curve(kind, rows[r]);
            (center[f], scale[f]) = kind == Scaling.Standard ? MeanAndDeviation(column.AsSpan(0, known)) : MedianAndRange(column.AsSpan(0, known));
            if (!(scale[f] > 0)) scale[f] = 1;
        }
        return new(kind, center, scale);
    }

    /// <summary>Restores a scaler from <see cref="Center"/> and <see cref="Scale"/>.</summary>
    public static FeatureScaler From(Scaling kind, ReadOnlySpan<double> center, ReadOnlySpan<double> scale)
    {
        if (center.Length != scale.Length) throw new ArgumentException("Centre and scale differ in length.", nameof(scale));
        foreach (var s in scale)
            if (!(s > 0)) throw new ArgumentOutOfRangeException(nameof(scale), s, "above 0");
        return new(kind, center.ToArray(), scale.ToArray());
    }

    public void Transform(ReadOnlySpan<double> row, Span<float> scaled)
    {
        for (var f = 0; f < _center.Length; f++)
            scaled[f] = ProcessFeatures.IsKnown(row[f]) ? (float)((Curve(Kind, row[f]) - _center[f]) / _scale[f]) : 0;
    }

    static double Curve(Scaling kind, double x) => kind == Scaling.Standard ? x : Math.Log(1 + Math.Max(x, 0));

    static (double, double) MeanAndDeviation(Span<double> column)
    {
        double mean = 0, squares = 0;
        for (var i = 0; i < column.Length; i++)
        {
            var delta = column[i] - mean;
            mean += delta / (i + 1);
            squares += delta * (column[i] - mean);
        }
        return (mean, Math.Sqrt(squares / Math.Max(column.Length, 1)));
    }

    static (double, double) MedianAndRange(Span<double> column)
    {
        column.Sort();
        return (Quantile.OfSorted(column, 0.5), Quantile.OfSorted(column, 0.75) - Quantile.OfSorted(column, 0.25));
    }
}
