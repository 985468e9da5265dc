namespace NrdotConsole.Core.Anomalies;

/// <summary>How a forest is grown. Defaults are the paper's and scikit-learn's; <see cref="Contamination"/> is the guide's.</summary>
public sealed record ForestOptions(int Trees = 100, int SampleSize = 256, double Contamination = 0.1, ulong Seed = 42)
{
    public const int MaximumTrees = 1_000;
    public const int MaximumSampleSize = 1_024;
}

/// <summary>A grown forest as plain arrays, to be kept and restored. Layout: <see cref="IsolationForest"/>.</summary>
public sealed record ForestState(int Features, int Trees, int Sample, double Contamination, double Threshold, int[] Nodes, int[] Leaves);

/// <summary>
/// Isolation forest (Liu, Ting, Zhou 2008, "Isolation Forest", ICDM): random splits isolate what is few and different
/// early, so the score 2^(-E[h(x)] / c(n)) rises towards 1 the shorter the mean path h; about 0.5 and below is usual.
/// c(n) = 2 (ln(n-1) + 0.5772...) - 2 (n-1)/n is the mean path of an unsuccessful search, also added at a leaf that
/// still holds n rows.
/// <code>
/// Every tree is a perfect binary tree of depth d = ceil(log2 sample); trees stand in groups of 8, side by side:
///   nodes [group][1 .. 2^d - 1][8 trees]  a split: the bits of a float, its lowest 3 bits replaced by the feature
///   leaves[group][0 .. 2^d - 1][8 trees]  path length x 65536, repeated below a leaf that ends early
/// A row goes right where row[feature] >= split (the bits as they stand). Path lengths are integers,
/// so the sum, and with it the score, is the same in whatever order and width it is computed.
/// </code>
/// A contamination of 0.1 flags 10 % of the training rows by construction, whether or not anything was wrong with them.
/// </summary>
public sealed class IsolationForest
{
    /// <summary>The feature's number has 3 bits of the split.</summary>
    public const int MaximumFeatures = ForestKernel.RowWidth;

    readonly ForestState _state;
    readonly int _depth;
    readonly double _exponent;

    internal IsolationForest(ForestState state)
    {
        _state = state;
        _depth = Depth(state.Sample);
        _exponent = -1 / (ForestKernel.PathUnit * state.Trees * AveragePath(state.Sample));
    }

    public ForestState State => _state;

    /// <summary>The score above which a row counts as anomalous: the (1 - contamination) quantile of the training scores.</summary>
    public double Threshold => _state.Threshold;

    /// <summary>Grows a forest from rows laid one after the other (finite values, at least 2 rows). The same rows, options and seed give the same forest, on every machine.</summary>
    public static IsolationForest Train(ReadOnlySpan<float> rows, int features, ForestOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(features, MaximumFeatures);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Trees);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Trees, ForestOptions.MaximumTrees);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SampleSize, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SampleSize, ForestOptions.MaximumSampleSize);
        if (!(options.Contamination is > 0 and <= 0.5)) throw new ArgumentOutOfRangeException(nameof(options), options.Contamination, "contamination above 0, at most 0.5");
        var count = rows.Length / features;
        if (count < 2 || count * features != rows.Length) throw new ArgumentException($"{rows.Length} values are no 2 or more whole rows of {features}.", nameof(rows));

        var sample = Math.Min(options.SampleSize, count);
        var (nodes, leaves) = new ForestBuilder(features, Depth(sample), options.Seed).Grow(rows, count, sample, options.Trees);
        var state = new ForestState(features, options.Trees, sample, options.Contamination, 1, nodes, leaves);
        var scores = new double[count];
        var forest = new IsolationForest(state);
        forest.Score(rows, scores);
        scores.AsSpan().Sort();
        return new(state with { Threshold = Quantile.OfSorted(scores, 1 - options.Contamination) });
    }

    /// <summary>Restores a kept forest; false with the fault where the arrays do not fit together.</summary>
    public static bool TryRestore(ForestState state, out IsolationForest? forest, out string fault)
    {
        forest = null;
        fault = Fault(state);
        if (fault.Length > 0) return false;
        forest = new(state);
        return true;
    }

    /// <summary>Scores rows laid one after the other, each in (0, 1]. Allocates nothing.</summary>
    public void Score(ReadOnlySpan<float> rows, Span<double> scores)
    {
        if (rows.Length != scores.Length * _state.Features) throw new ArgumentException($"{rows.Length} values are not {scores.Length} rows of {_state.Features}.", nameof(rows));
        Span<int> sums = stackalloc int[ForestKernel.BlockRows];
        for (var at = 0; at < scores.Length; at += ForestKernel.BlockRows)
        {
            var block = sums[..Math.Min(ForestKernel.BlockRows, scores.Length - at)];
            ForestKernel.SumPaths(_state.Nodes, _state.Leaves, _depth, _state.Features, rows.Slice(at * _state.Features, block.Length * _state.Features), block);
            for (var i = 0; i < block.Length; i++) scores[at + i] = ScoreOf(block[i]);
        }
    }

    public double Score(ReadOnlySpan<float> row)
    {
        double score = 0;
        Score(row, new Span<double>(ref score));
        return score;
    }

    internal double ScoreOf(int pathSum) => Math.Pow(2, pathSum * _exponent);

    /// <summary>c(n) of the paper.</summary>
    internal static double AveragePath(int rows) => rows switch
    {
        <= 1 => 0,
        2 => 1,
        _ => 2 * (Math.Log(rows - 1) + 0.57721566490153286) - 2.0 * (rows - 1) / rows,
    };

    internal static int Depth(int sample) => Math.Max(1, (int)Math.Ceiling(Math.Log2(sample)));

    static string Fault(ForestState s)
    {
        if (s.Features is < 1 or > MaximumFeatures) return $"features is {s.Features}, allowed are 1 to {MaximumFeatures}";
        if (s.Trees is < 1 or > ForestOptions.MaximumTrees) return $"trees is {s.Trees}, allowed are 1 to {ForestOptions.MaximumTrees}";
        if (s.Sample is < 2 or > ForestOptions.MaximumSampleSize) return $"sample is {s.Sample}, allowed are 2 to {ForestOptions.MaximumSampleSize}";
        if (!(s.Threshold is > 0 and <= 1)) return $"threshold is {s.Threshold}, allowed is above 0 up to 1";
        if (!(s.Contamination is > 0 and <= 0.5)) return $"contamination is {s.Contamination}, allowed is above 0 up to 0.5";
        var length = ForestKernel.Length(s.Trees, Depth(s.Sample));
        if (s.Nodes.Length != length || s.Leaves.Length != length) return $"nodes and leaves hold {s.Nodes.Length} and {s.Leaves.Length} values, not {length}";
        foreach (var node in s.Nodes)
            if ((node & (MaximumFeatures - 1)) >= s.Features) return $"a split names feature {node & (MaximumFeatures - 1)} of {s.Features}";
        var longest = ForestKernel.Fixed(Depth(s.Sample) + AveragePath(s.Sample));
        foreach (var leaf in s.Leaves)
            if (leaf < 0 || leaf > longest) return $"a path length is {leaf}, allowed are 0 to {longest}";
        return "";
    }
}
