namespace NrdotConsole.Core.Anomalies;

static class Quantile
{
    /// <summary>The quantile of sorted values, linear between neighbours (Hyndman and Fan's type 7); 0 of none.</summary>
    public static double OfSorted(ReadOnlySpan<double> sorted, double q)
    {
        if (sorted.IsEmpty) return 0;
        var at = q * (sorted.Length - 1);
        var below = (int)at;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
