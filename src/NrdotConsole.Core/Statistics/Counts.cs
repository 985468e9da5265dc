namespace NrdotConsole.Core.Statistics;

/// <summary>Tests on counts.</summary>
public static class Counts
{
    /// <summary>
    /// Fisher's exact test, one-sided: how probable it is that of all that are bad at least <paramref name="badTreated"/> stand in the
    /// treated arm, were treatment without effect (the hypergeometric tail; Fisher 1935).
    /// </summary>
    public static double FisherTail(int badTreated, int treated, int badControl, int control)
    {
        var (bad, all) = (badTreated + badControl, treated + control);
        var tail = 0.0;
        for (var k = badTreated; k <= Math.Min(bad, treated); k++)
            tail += Math.Exp(LogChoose(treated, k) + LogChoose(control, bad - k) - LogChoose(all, bad));
        return Math.Min(1, tail);
    }

    /// <summary>
    /// Pearson's chi-square goodness of fit: how probable counts at least this far from their expected shares are. Shares need not
    /// add up to 1; one that is 0 with a count above 0 answers 0. 1 where there is nothing to compare.
    /// </summary>
    public static double ChiSquareTail(IReadOnlyList<long> counts, IReadOnlyList<double> shares)
    {
        if (counts.Count != shares.Count) throw new ArgumentException($"{counts.Count} counts and {shares.Count} shares", nameof(shares));
        var (total, whole) = (counts.Sum(), shares.Sum());
        if (total == 0 || counts.Count < 2) return 1;
        var statistic = 0.0;
        for (var i = 0; i < counts.Count; i++)
        {
            var expected = total * shares[i] / whole;
            if (expected > 0) statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
            else if (counts[i] > 0) return 0;
        }
        return SpecialFunctions.GammaUpperRegularized((counts.Count - 1) / 2.0, statistic / 2);
    }

    static double LogChoose(int n, int k) => k < 0 || k > n
        ? double.NegativeInfinity
        : SpecialFunctions.LogGamma(n + 1) - SpecialFunctions.LogGamma(k + 1) - SpecialFunctions.LogGamma(n - k + 1);
}
