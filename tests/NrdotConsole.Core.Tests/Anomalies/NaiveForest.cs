namespace NrdotConsole.Core.Tests.Anomalies;

/// <summary>The paper's algorithm written as it reads, with objects and recursion: what the fast one is held against.</summary>
sealed class NaiveForest
{
    abstract record Node;
    sealed record Leaf(int Size) : Node;
    sealed record Fork(int Feature, double Value, Node Left, Node Right) : Node;

    readonly List<Node> _trees = [];
    readonly int _sample;

    public NaiveForest(double[][] rows, int trees, int sample, int seed)
    {
        var random = new Random(seed);
        _sample = Math.Min(sample, rows.Length);
        var limit = (int)Math.Ceiling(Math.Log2(_sample));
        for (var t = 0; t < trees; t++) _trees.Add(Grow(Draw(rows, random), 0, limit, random));
    }

    double[][] Draw(double[][] rows, Random random)
    {
        var copy = rows.ToArray();
        random.Shuffle(copy);
        return copy[.._sample];
    }

    static Node Grow(double[][] rows, int level, int limit, Random random)
    {
        var varying = rows.Length <= 1 ? [] : Enumerable.Range(0, rows[0].Length).Where(f => rows.Any(r => r[f] != rows[0][f])).ToArray();
        if (level >= limit || varying.Length == 0) return new Leaf(rows.Length);
        var feature = varying[random.Next(varying.Length)];
        double low = rows.Min(r => r[feature]), high = rows.Max(r => r[feature]);
        var value = low + random.NextDouble() * (high - low);
        return new Fork(feature, value,
            Grow([.. rows.Where(r => r[feature] < value)], level + 1, limit, random),
            Grow([.. rows.Where(r => r[feature] >= value)], level + 1, limit, random));
    }

    public double Score(double[] row) => Math.Pow(2, -_trees.Average(t => Path(t, row, 0)) / C(_sample));

    static double Path(Node node, double[] row, int level) => node switch
    {
        Fork fork => Path(row[fork.Feature] < fork.Value ? fork.Left : fork.Right, row, level + 1),
        Leaf leaf => level + C(leaf.Size),
        _ => throw new InvalidOperationException(),
    };

    static double C(int n) => n <= 1 ? 0 : n == 2 ? 1 : 2 * (Math.Log(n - 1) + 0.5772156649) - 2.0 * (n - 1) / n;
}
