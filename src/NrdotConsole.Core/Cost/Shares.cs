namespace NrdotConsole.Core.Cost;

/// <summary>Divides a whole so that the parts sum to it exactly.</summary>
public static class Shares
{
    /// <summary>
    /// Parts of <paramref name="whole"/> in proportion to <paramref name="weights"/> by the method of the largest remainder
    /// (ties go to the first). All zero where no weight is above zero.
    /// </summary>
    public static long[] Split(long whole, IReadOnlyList<long> weights)
    {
        var parts = new long[weights.Count];
        Int128 total = 0;
        foreach (var weight in weights) total += Math.Max(0, weight);
        if (total == 0 || whole <= 0) return parts;

        var remainders = new (Int128 Remainder, int Index)[weights.Count];
        var left = whole;
        for (var i = 0; i < parts.Length; i++)
        {
            var (quotient, remainder) = Int128.DivRem((Int128)whole * Math.Max(0, weights[i]), total);
            parts[i] = (long)quotient;
            left -= parts[i];
            remainders[i] = (remainder, i);
        }
        Array.Sort(remainders, (a, b) => a.Remainder != b.Remainder ? b.Remainder.CompareTo(a.Remainder) : a.Index.CompareTo(b.Index));
        for (var i = 0; i < left; i++) parts[remainders[i].Index]++;
        return parts;
    }
}
