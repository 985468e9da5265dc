namespace NrdotConsole.Core.Statistics;

/// <summary>From where to where a share may lie.</summary>
public readonly record struct ShareInterval(double Low, double High);

/// <summary>Intervals for the share that <c>hits</c> are <c>of</c> independent trials.</summary>
public static class Proportion
{
    /// <summary>The 97.5 % quantile of the normal distribution: 95 % lie within.</summary>
    const double Normal95 = 1.959963984540054;

    /// <summary>The 95 % score interval (Wilson 1927): sound for few trials and for shares near 0 and 1, where the textbook one is not.</summary>
    public static ShareInterval Wilson95(long hits, long of)
    {
        if (of <= 0 || hits < 0 || hits > of) throw new ArgumentOutOfRangeException(nameof(of), $"{hits} of {of}");
        const double zz = Normal95 * Normal95;
        var share = (double)hits / of;
        var middle = (share + (zz / (2 * of))) / (1 + (zz / of));
        var half = Normal95 / (1 + (zz / of)) * Math.Sqrt((share * (1 - share) / of) + (zz / (4.0 * of * of)));
        return new(hits == 0 ? 0 : middle - half, hits == of ? 1 : middle + half);
    }

    /// <summary>The exact interval (Clopper and Pearson 1934): beyond each end lies at most <paramref name="tail"/>. Counts need not be whole: effective ones are not.</summary>
    public static ShareInterval Exact(double hits, double of, double tail) => new(
        hits <= 0 ? 0 : BetaQuantile(tail, hits, of - hits + 1),
        hits >= of ? 1 : BetaQuantile(1 - tail, hits + 1, of - hits));

    /// <summary>The x with I_x(a, b) = p, by bisection.</summary>
    static double BetaQuantile(double p, double a, double b)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            if (SpecialFunctions.BetaRegularized(a, b, middle) < p) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }
}
