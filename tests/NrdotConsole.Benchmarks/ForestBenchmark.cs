using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Tests.Anomalies;

namespace NrdotConsole.Benchmarks;

/// <summary>The isolation forest against the paper's algorithm as it reads, on the same labelled rows.</summary>
internal static class ForestBenchmark
{
    const int Width = ProcessFeatures.Count;

    public static Task RunAsync(Report report, Scale scale)
    {
        report.Section("Isolation forest, 100 trees of 256 rows");
        var world = LabelledWorld.Make(scale.Of(100_000, 5_000), seed: 1);
        var rows = Scaled(world);
        var forest = IsolationForest.Train(rows, Width, new());
        double[][] plain = [.. Enumerable.Range(0, world.Count).Select(i => Array.ConvertAll(rows[(i * Width)..((i + 1) * Width)], v => (double)v))];
        var reference = new NaiveForest(plain, 100, 256, 1);
        var scores = new double[world.Count];
        var referenceScores = new double[world.Count];
        forest.Score(rows, scores);

        Cpu ours = default, naive = default;
        var repeats = scale.Of(5, 1);
        for (var i = 0; i < repeats; i++)
        {
            ours.Start();
            for (var again = 0; again < 5; again++) forest.Score(rows, scores);
            ours.Stop();
            naive.Start();
            var part = world.Count / repeats;
            for (var r = i * part; r < (i + 1) * part; r++) referenceScores[r] = reference.Score(plain[r]);
            naive.Stop();
        }
        report.Ratio("rows scored a CPU-second", world.Count * 5.0 * repeats / ours.Seconds, "rows/CPU-s", "the paper's recursion", world.Count / naive.Seconds, "500 k rows/CPU-s");
        report.Ratio("ROC-AUC, one model for all, standard scale", world.Auc(scores), "", "the paper's recursion's", world.Auc(referenceScores), "within 0.01 of it");
        report.Figure("ROC-AUC, a model per role, log and robust scale", world.Auc(PerRole(world)), "", "0.99");
        return Task.CompletedTask;
    }

    static float[] Scaled(LabelledWorld world)
    {
        var scaler = FeatureScaler.Fit(Scaling.Standard, world.Rows, Width);
        var scaled = new float[world.Rows.Length];
        for (var i = 0; i < world.Count; i++) scaler.Transform(world.Row(i), scaled.AsSpan(i * Width, Width));
        return scaled;
    }

    static double[] PerRole(LabelledWorld world)
    {
        var models = Enumerable.Range(0, LabelledWorld.Roles.Length).Select(role => RoleModel.Train(
            LabelledWorld.Roles[role], [.. Enumerable.Range(0, world.Count).Where(i => world.RoleOf[i] == role).SelectMany(i => world.Row(i).ToArray())],
            Scaling.LogRobust, new(), DateTimeOffset.UnixEpoch)).ToArray();
        return [.. Enumerable.Range(0, world.Count).Select(i =>
        {
            var row = world.Row(i);
            return models[world.RoleOf[i]].Read(new(row[0], row[1], row[2], row[3], row[4])).Score;
        })];
    }
}
