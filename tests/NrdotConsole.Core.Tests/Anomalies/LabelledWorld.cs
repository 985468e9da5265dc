using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

/// <summary>Seeded rows of five roles of very different size, with anomalies of six kinds, each labelled.</summary>
sealed class LabelledWorld
{
    public static readonly string[] Roles = ["database", "web_server", "application", "monitoring", "batch"];

    // Per role, medians of the five features and the spread of their logarithms.
    static readonly double[][] Medians = [[35, 8e9, 1_800, 2e6, 30], [15, 4e8, 120, 1.2e7, 8], [25, 1.5e9, 60, 8e5, 4], [3, 1.5e8, 20, 2e5, 2], [80, 6e8, 900, 5e4, 6]];
    static readonly double[] Spread = [0.25, 0.15, 0.35, 0.4, 0.2];

    public required double[] Rows { get; init; }
    public required int[] RoleOf { get; init; }
    public required bool[] IsAnomaly { get; init; }
    public int Count => RoleOf.Length;
    public ReadOnlySpan<double> Row(int i) => Rows.AsSpan(i * ProcessFeatures.Count, ProcessFeatures.Count);

    public static LabelledWorld Make(int count, int seed, double anomalies = 0.05)
    {
        var random = new Random(seed);
        var world = new LabelledWorld { Rows = new double[count * ProcessFeatures.Count], RoleOf = new int[count], IsAnomaly = new bool[count] };
        for (var i = 0; i < count; i++)
        {
            var role = world.RoleOf[i] = random.Next(Roles.Length);
            var row = world.Rows.AsSpan(i * ProcessFeatures.Count, ProcessFeatures.Count);
            for (var f = 0; f < row.Length; f++) row[f] = Medians[role][f] * Math.Exp(Spread[f] * Gauss(random));
            row[4] = Math.Max(1, Math.Round(row[4]));
            if (world.IsAnomaly[i] = random.NextDouble() < anomalies) Disturb(row, random);
        }
        return world;
    }

    static void Disturb(Span<double> row, Random random)
    {
        double Times(double from, double to) => from + (to - from) * random.NextDouble();
        switch (random.Next(6))
        {
            case 0: row[0] *= Times(4, 8); break;                            // cpu spike
            case 1: row[1] *= Times(2.5, 5); break;                          // memory leak
            case 2: row[2] *= Times(8, 20); row[0] *= Times(1.2, 2); break;  // io storm
            case 3: row[3] *= Times(10, 30); break;                          // exfiltration
            case 4: row[4] *= Times(5, 15); row[0] *= Times(2, 4); break;    // fork bomb
            default: row[0] *= Times(3, 6); row[2] *= 0.02; row[3] *= 0.02; break; // spin: busy, doing nothing
        }
    }

    public static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Area under the ROC curve by ranks (Mann-Whitney), ties counted half.</summary>
    public double Auc(ReadOnlySpan<double> scores)
    {
        var (sorted, order) = (scores.ToArray(), Enumerable.Range(0, scores.Length).ToArray());
        Array.Sort(sorted, order);
        double rankSum = 0;
        for (int i = 0, end; i < sorted.Length; i = end)
        {
            for (end = i; end < sorted.Length && sorted[end] == sorted[i]; end++) { }
            for (var j = i; j < end; j++)
                if (IsAnomaly[order[j]]) rankSum += (i + 1 + end) / 2.0;
        }
        double positives = IsAnomaly.Count(a => a), negatives = Count - positives;
        return (rankSum - positives * (positives + 1) / 2) / (positives * negatives);
    }
}
