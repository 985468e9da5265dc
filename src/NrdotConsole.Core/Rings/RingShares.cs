namespace NrdotConsole.Core.Rings;

/// <summary>How many hosts each ring of a plan holds.</summary>
public static class RingShares
{
    /// <summary>
    /// Shares of <paramref name="hosts"/> as whole numbers that add up to it, each within one of its exact share: the largest-remainder
    /// (Hamilton) method. Of equal remainders the ring that stands first in the plan gets the host.
    /// </summary>
    public static int[] Apportion(IReadOnlyList<Ring> rings, int hosts)
    {
        var counts = new int[rings.Count];
        var remainders = new decimal[rings.Count];
        var left = hosts;
        for (var i = 0; i < counts.Length; i++)
        {
            var exact = rings[i].Share * hosts;
            counts[i] = (int)decimal.Floor(exact);
            remainders[i] = exact - counts[i];
            left -= counts[i];
        }
        foreach (var i in Enumerable.Range(0, counts.Length).OrderByDescending(i => remainders[i]).ThenBy(i => i).Take(Math.Max(left, 0))) counts[i]++;
        return counts;
    }
}
