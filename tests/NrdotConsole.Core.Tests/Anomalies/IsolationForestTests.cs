using FsCheck.Xunit;
using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

public sealed class IsolationForestTests
{
    const int Width = ProcessFeatures.Count;
    static readonly LabelledWorld World = LabelledWorld.Make(8_000, seed: 7);

    static float[] Scaled(LabelledWorld world, Scaling scaling)
    {
        var scaler = FeatureScaler.Fit(scaling, world.Rows, Width);
        var scaled = new float[world.Rows.Length];
        for (var i = 0; i < world.Count; i++) scaler.Transform(world.Row(i), scaled.AsSpan(i * Width, Width));
        return scaled;
    }

    static double[] Scores(IsolationForest forest, ReadOnlySpan<float> rows)
    {
        var scores = new double[rows.Length / forest.State.Features];
        forest.Score(rows, scores);
        return scores;
    }

    [Fact]
    public void It_separates_as_well_as_the_algorithm_written_naively()
    {
        var rows = Scaled(World, Scaling.LogRobust);
        var plain = Enumerable.Range(0, World.Count).Select(i => Array.ConvertAll(rows.AsSpan(i * Width, Width).ToArray(), x => (double)x)).ToArray();
        double ours = 0, naive = 0;
        const int seeds = 5;
        for (var seed = 1; seed <= seeds; seed++)
        {
            var reference = new NaiveForest(plain, 100, 256, seed);
            ours += World.Auc(Scores(IsolationForest.Train(rows, Width, new(Seed: (ulong)seed)), rows)) / seeds;
            naive += World.Auc([.. plain.Select(reference.Score)]) / seeds;
        }
        Assert.InRange(ours, naive - 0.01, naive + 0.01);
    }

    [Fact]
    public void A_model_per_role_with_log_and_robust_scaling_separates_where_one_for_all_does_not()
    {
        var global = World.Auc(Scores(IsolationForest.Train(Scaled(World, Scaling.Standard), Width, new()), Scaled(World, Scaling.Standard)));
        var models = Enumerable.Range(0, LabelledWorld.Roles.Length).Select(role => RoleModel.Train(
            LabelledWorld.Roles[role],
            [.. Enumerable.Range(0, World.Count).Where(i => World.RoleOf[i] == role).SelectMany(i => World.Row(i).ToArray())],
            Scaling.LogRobust, new(), DateTimeOffset.UnixEpoch)).ToArray();
        var perRole = World.Auc([.. Enumerable.Range(0, World.Count).Select(i =>
        {
            var row = World.Row(i);
            return models[World.RoleOf[i]].Read(new(row[0], row[1], row[2], row[3], row[4])).Score;
        })]);
        Assert.InRange(perRole, 0.98, 1);
        Assert.True(global < perRole - 0.03, $"global {global}, per role {perRole}");
    }

    [Fact]
    public void The_same_seed_gives_the_same_forest_and_another_gives_another()
    {
        var rows = Scaled(World, Scaling.Standard);
        var first = IsolationForest.Train(rows, Width, new(Seed: 9));
        var again = IsolationForest.Train(rows, Width, new(Seed: 9));
        var other = IsolationForest.Train(rows, Width, new(Seed: 10));
        Assert.Equal(first.State.Nodes, again.State.Nodes);
        Assert.Equal(first.State.Leaves, again.State.Leaves);
        Assert.Equal(first.Threshold, again.Threshold);
        Assert.NotEqual(first.State.Nodes, other.State.Nodes);
    }

    [Theory]
    [InlineData(100, 256, 5)]
    [InlineData(1, 2, 1)]
    [InlineData(13, 100, 8)]
    [InlineData(9, 1024, 3)]
    public void Scoring_by_lanes_and_one_by_one_is_bit_for_bit_the_same(int trees, int sample, int features)
    {
        var random = new Random(3);
        var rows = new float[1_001 * features];
        for (var i = 0; i < rows.Length; i++) rows[i] = (float)(1e3 * LabelledWorld.Gauss(random));
        var forest = IsolationForest.Train(rows, features, new(trees, sample));
        (rows[0], rows[1]) = (float.NaN, float.PositiveInfinity);
        var fast = Scores(forest, rows);
        var slow = new int[1_001];
        ForestKernel.SumOneByOne(forest.State.Nodes, forest.State.Leaves, IsolationForest.Depth(forest.State.Sample), features, rows, slow);
        for (var i = 0; i < slow.Length; i++) Assert.Equal(forest.ScoreOf(slow[i]), fast[i]);
        Assert.Equal(fast[17], forest.Score(rows.AsSpan(17 * features, features)));
    }

    [Fact]
    public void The_score_follows_the_papers_formula()
    {
        // One tree over two distinct rows: one split, so both lie at depth 1 = c(2), and score 2^-1.
        var forest = IsolationForest.Train([1f, 9f], 1, new(1, 256));
        Assert.Equal(0.5, forest.Score([0f]));
        Assert.Equal(0.5, forest.Score([10f]));
        // Rows that cannot be told apart end at depth 0 with c(n): the same 0.5.
        Assert.Equal(0.5, IsolationForest.Train([4f, 4f, 4f, 4f], 1, new(10)).Score([4f]), 1e-4);
        Assert.Equal(10.2448, IsolationForest.AveragePath(256), 1e-4);
    }

    [Fact]
    public void Contamination_flags_that_share_of_the_training_rows_by_construction()
    {
        var rows = Scaled(World, Scaling.LogRobust);
        var forest = IsolationForest.Train(rows, Width, new(Contamination: 0.1));
        Assert.InRange(Scores(forest, rows).Count(s => s > forest.Threshold) / (double)World.Count, 0.095, 0.1);
    }

    [Property(MaxTest = 50)]
    public bool A_score_lies_above_0_and_at_most_at_1(float[] values, ulong seed)
    {
        float[] rows = [.. values.Where(float.IsFinite), 0f, 1f];
        var forest = IsolationForest.Train(rows, 1, new(10, 16, Seed: seed));
        return Scores(forest, rows).All(s => s is > 0 and <= 1);
    }

    [Property(MaxTest = 50)]
    public bool The_order_of_the_rows_scored_does_not_matter(int seed)
    {
        var random = new Random(seed);
        var rows = new float[300 * 2];
        for (var i = 0; i < rows.Length; i++) rows[i] = random.NextSingle();
        var forest = IsolationForest.Train(rows, 2, new(16, 64));
        var order = Enumerable.Range(0, 300).ToArray();
        random.Shuffle(order);
        var shuffled = Scores(forest, [.. order.SelectMany(i => rows[(2 * i)..(2 * i + 2)])]);
        var straight = Scores(forest, rows);
        return order.Select((from, to) => shuffled[to] == straight[from]).All(same => same);
    }

    [Fact]
    public void Scoring_allocates_nothing()
    {
        var rows = Scaled(World, Scaling.Standard);
        var forest = IsolationForest.Train(rows, Width, new());
        var scores = new double[World.Count];
        forest.Score(rows, scores);
        var before = GC.GetAllocatedBytesForCurrentThread();
        forest.Score(rows, scores);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_kept_forest_scores_as_before()
    {
        var rows = Scaled(World, Scaling.Standard);
        var forest = IsolationForest.Train(rows, Width, new());
        Assert.True(IsolationForest.TryRestore(forest.State, out var restored, out _));
        Assert.Equal(Scores(forest, rows), Scores(restored!, rows));
    }

    [Fact]
    public void A_damaged_forest_is_refused_with_the_fault()
    {
        var good = IsolationForest.Train(Scaled(World, Scaling.Standard), Width, new()).State;
        void Refused(ForestState state, string fault)
        {
            Assert.False(IsolationForest.TryRestore(state, out _, out var said));
            Assert.Contains(fault, said, StringComparison.Ordinal);
        }
        Refused(good with { Features = 0 }, "features");
        Refused(good with { Features = 2 }, "feature");
        Refused(good with { Trees = 0 }, "trees");
        Refused(good with { Trees = 200 }, "nodes");
        Refused(good with { Sample = 1 << 20 }, "sample");
        Refused(good with { Threshold = double.NaN }, "threshold");
        Refused(good with { Contamination = 0 }, "contamination");
        Refused(good with { Leaves = [.. good.Leaves.Select(_ => int.MaxValue)] }, "path length");
        Refused(good with { Nodes = good.Nodes[1..] }, "nodes");
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        float[] rows = [1, 2, 3, 4];
        Assert.Throws<ArgumentOutOfRangeException>(() => IsolationForest.Train(rows, 9, new()));
        Assert.Throws<ArgumentOutOfRangeException>(() => IsolationForest.Train(rows, 1, new(Trees: 5_000)));
        Assert.Throws<ArgumentOutOfRangeException>(() => IsolationForest.Train(rows, 1, new(Contamination: 0.9)));
        Assert.Throws<ArgumentException>(() => IsolationForest.Train(rows, 3, new()));
    }
}
