namespace NrdotConsole.Core.Telemetry;

/// <summary>Quantiles of samples and of bucketed counts.</summary>
public static class Quantile
{
    /// <summary>Linear between the two closest ranks (Hyndman and Fan's type 7, the default of NumPy and R). NaN of nothing.</summary>
    public static double OfSorted(ReadOnlySpan<double> samples, double q)
    {
        if (samples.IsEmpty) return double.NaN;
        var rank = q * (samples.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, samples.Length - 1);
        if (samples[below] == samples[above]) return samples[below];
        return samples[below] + (rank - below) * (samples[above] - samples[below]);
    }

    /// <summary>A bucket's observations lie in (Lower, Upper].</summary>
    public readonly record struct Bucket(double Lower, double Upper, double Count);

    /// <summary>
    /// Linear within the bucket that holds the rank, as Prometheus' histogram_quantile. In the bucket without an upper bound the answer is its
    /// lower one; in the lowest one without a lower bound it is the upper one, unless that is positive: then it begins at 0. NaN of nothing.
    /// </summary>
    /// <param name="ascending">Sorted by upper bound.</param>
    public static double OfBuckets(ReadOnlySpan<Bucket> ascending, double q)
    {
        var total = 0d;
        foreach (var bucket in ascending) total += bucket.Count;
        if (!(total > 0)) return double.NaN;
        var rank = q * total;
        var below = 0d;
        var last = double.NaN;
        foreach (var bucket in ascending)
        {
            if (bucket.Count <= 0) continue;
            var lower = double.IsNegativeInfinity(bucket.Lower) && bucket.Upper > 0 ? 0 : bucket.Lower;
            if (double.IsPositiveInfinity(bucket.Upper)) last = lower;
            else if (double.IsNegativeInfinity(lower)) last = bucket.Upper;
            else last = lower + (bucket.Upper - lower) * Math.Clamp((rank - below) / bucket.Count, 0, 1);
            below += bucket.Count;
            if (below >= rank) return last;
        }
        return last;
    }
}
