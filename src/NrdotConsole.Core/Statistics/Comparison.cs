namespace NrdotConsole.Core.Statistics;

/// <summary>Mean and variance of one arm. <paramref name="Variance"/> is the unbiased one, 0 of fewer than two values.</summary>
public readonly record struct Moments(int Count, double Mean, double Variance)
{
    public static Moments Of(ReadOnlySpan<double> values)
    {
        if (values.Length == 0) return default;
        var mean = 0.0;
        foreach (var value in values) mean += value;
        mean /= values.Length;
        var squares = 0.0;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return new(values.Length, mean, values.Length > 1 ? squares / (values.Length - 1) : 0);
    }
}

/// <summary>
/// The difference between two arms' means with its standard error, by Welch (1947): variances may differ, degrees of freedom after
/// Welch and Satterthwaite.
/// </summary>
public readonly record struct Comparison(double Difference, double StandardError, double Degrees)
{
    /// <param name="leastDeviation">A standard deviation that an arm's values have at least: without it, values that happen to agree (all 1, say) would pass for certainty.</param>
    public static Comparison Of(in Moments treated, in Moments control, double leastDeviation)
    {
        var floor = leastDeviation * leastDeviation;
        var a = Math.Max(treated.Variance, floor) / treated.Count;
        var b = Math.Max(control.Variance, floor) / control.Count;
        var error = a + b;
        var degrees = error * error / ((a * a / (treated.Count - 1)) + (b * b / (control.Count - 1)));
        return new(treated.Mean - control.Mean, Math.Sqrt(error), double.IsFinite(degrees) ? degrees : 1);
    }

    public double Lower(StudentT level) => Difference - (level.Quantile(Degrees) * StandardError);

    public double Upper(StudentT level) => Difference + (level.Quantile(Degrees) * StandardError);
}
