namespace NrdotConsole.Core.Experiments;

/// <summary>
/// What a metric is to do in the treatment arm. Lower and Higher: than in control. NotLower and NotHigher: than in control, by more than the
/// bound. AtLeast and AtMost: the bound itself, whatever control does.
/// </summary>
public enum MetricGoal { Lower, Higher, NotLower, NotHigher, AtLeast, AtMost }

/// <summary>A signal of <see cref="ExperimentSignals"/> and what is hoped of it. <paramref name="Bound"/>: for cost and series a share of the value (0.05 is 5 %), else in the signal's own unit.</summary>
public sealed record ExperimentMetric(string Signal, MetricGoal Goal, double? Bound = null);

/// <summary>Hosts of rings; or, where a flag is named, hosts that have it on (treatment) or off (control), within those rings if any.</summary>
public sealed record ExperimentArm(IReadOnlyList<int> Rings);

/// <summary>An experiment of experiments.yaml. It runs from when it is first seen, or from <see cref="Before"/> later, for <paramref name="Duration"/>.</summary>
public sealed record Experiment(string Key, string Hypothesis, ExperimentArm Control, ExperimentArm Treatment, IReadOnlyList<ExperimentMetric> Metrics, TimeSpan Duration)
{
    /// <summary>Most looks at a result; the level is spent over them.</summary>
    public const int MostLooks = 14;

    public bool IsEnabled { get; init; } = true;
    public string? Flag { get; init; }

    /// <summary>How long hosts are watched before the run, to take out of the comparison how they differed already. None: zero.</summary>
    public TimeSpan Before { get; init; }

    /// <summary>One a day, at most <see cref="MostLooks"/>, at least one.</summary>
    public int Looks => (int)Math.Clamp(Math.Floor(Duration.TotalDays), 1, MostLooks);
    public TimeSpan LookEvery => Duration / Looks;
}

public sealed record ExperimentSet(IReadOnlyList<Experiment> Experiments)
{
    public static readonly ExperimentSet None = new([]);

    public Experiment? Find(string key) => Experiments.FirstOrDefault(e => e.Key == key);
}

/// <summary>What experiments can measure of a host. A ratio signal is compared by its logarithm, so its effect is a share.</summary>
public static class ExperimentSignals
{
    public const string CriticalCoverage = "coverage.critical", Coverage = "coverage.score", Cost = "cost.hourly", Series = "series.active", Anomalies = "anomalies.active",
        DetectionRate = "anomaly.detection_rate", FalsePositiveRate = "anomaly.false_positive_rate";

    public static readonly IReadOnlyList<string> All = [CriticalCoverage, Coverage, Cost, Series, Anomalies, DetectionRate, FalsePositiveRate];

    /// <summary>A share of what people labelled, counted by host; the others are averages of a host's samples.</summary>
    public static bool IsLabelled(string signal) => signal is DetectionRate or FalsePositiveRate;

    public static bool IsRatio(string signal) => signal is Cost or Series;

    /// <summary>A share 0..1, whose effect is told in points of a hundred.</summary>
    public static bool IsShare(string signal) => signal is CriticalCoverage or Coverage or DetectionRate or FalsePositiveRate;
}
