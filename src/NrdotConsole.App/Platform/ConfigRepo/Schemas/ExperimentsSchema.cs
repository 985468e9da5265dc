using System.Globalization;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Experiments;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>experiments.yaml</c>: what is compared with what, by rings or by a flag, and what is hoped of each metric.</summary>
internal static class ExperimentsSchema
{
    const int MaxExperiments = 50, MaxMetrics = 20, LargestRing = 999;

    static readonly (string Word, MetricGoal Goal)[] s_goals =
    [
        ("lower", MetricGoal.Lower), ("higher", MetricGoal.Higher), ("not_lower", MetricGoal.NotLower), ("not_higher", MetricGoal.NotHigher), ("at_least", MetricGoal.AtLeast), ("at_most", MetricGoal.AtMost),
    ];

    public static ExperimentSet? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        var list = map.Require("experiments", "list the experiments: key, hypothesis, control, treatment, metrics, duration");
        var experiments = list?.ListOf(e => One(e, links)) ?? [];
        map.Close();
        if (list is not null && experiments.Count > MaxExperiments) list.Error($"There are {experiments.Count} experiments.", $"at most {MaxExperiments}");
        foreach (var key in experiments.GroupBy(e => e.Key).Where(g => g.Count() > 1)) list!.Error($"Two experiments have the key '{key.Key}'.", "each experiment has a key of its own");
        return root.Faults.HasErrors ? null : new(experiments);
    }

    static Experiment? One(Field field, Links links)
    {
        if (field.Map() is not { } map) return null;
        var (key, hypothesis) = (map.Require("key", "a short name")?.Name(), map.Require("hypothesis", "what you expect, in a sentence")?.Text());
        var isEnabled = map.Find("enabled")?.Switch() ?? true;
        var flag = map.Find("flag");
        var name = flag?.Name();
        if (name is not null) links.Add(LinkKind.Flag, name, flag!);
        var control = Arm(name is null ? map.Require("control", "rings: [0, 1], or a flag for both arms") : map.Find("control"), links);
        var treatment = Arm(name is null ? map.Require("treatment", "rings: [2, 3], or a flag for both arms") : map.Find("treatment"), links);
        var duration = map.Require("duration", "such as 14d")?.Duration(TimeSpan.FromHours(1), TimeSpan.FromDays(180));
        var before = map.Find("before")?.Duration(TimeSpan.FromHours(1), TimeSpan.FromDays(60));
        var list = map.Require("metrics", "signal and goal, such as coverage.critical, not_lower");
        var metrics = list?.ListOf(Metric) ?? [];
        map.Close();
        if (list is not null && metrics.Count is 0 or > MaxMetrics) list!.Error($"There are {metrics.Count} metrics.", $"1 to {MaxMetrics}");
        if (name is null && control.Rings.Intersect(treatment.Rings).FirstOrDefault(-1) is >= 0 and var both) field.Error($"Ring {both} is in both arms.", "a ring is control or treatment");
        return key is null || hypothesis is null || duration is null ? null : new(key, hypothesis, control, treatment, metrics, duration.Value) { IsEnabled = isEnabled, Flag = name, Before = before ?? TimeSpan.Zero };
    }

    static ExperimentArm Arm(Field? field, Links links)
    {
        if (field?.Map() is not { } map) return new([]);
        var rings = new List<int>();
        foreach (var item in map.Require("rings", "the numbers of rings")?.List() ?? [])
        {
            if (item.Whole(0, LargestRing) is not { } id) continue;
            links.Add(LinkKind.Ring, id.ToString(CultureInfo.InvariantCulture), item);
            rings.Add(id);
        }
        map.Close();
        return new(rings);
    }

    static ExperimentMetric? Metric(Field field)
    {
        if (field.Map() is not { } map) return null;
        var signal = map.Require("signal", $"one of {string.Join(", ", ExperimentSignals.All)}")?.Choice([.. ExperimentSignals.All]);
        var word = map.Require("goal", string.Join(", ", s_goals.Select(g => g.Word)))?.Choice([.. s_goals.Select(g => g.Word)]);
        var bound = map.Find("bound")?.Number(0, 1_000_000_000);
        map.Close();
        if (signal is null || word is null) return null;
        var goal = s_goals.First(g => g.Word == word).Goal;
        if (bound is null && goal is MetricGoal.AtLeast or MetricGoal.AtMost) field.Error($"The goal {word} needs a bound.", "bound: 0.85");
        return new(signal, goal, (double?)bound);
    }
}
