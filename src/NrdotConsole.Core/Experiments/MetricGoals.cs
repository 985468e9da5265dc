namespace NrdotConsole.Core.Experiments;

/// <summary>What an interval says of a goal, and how it is told.</summary>
internal static class MetricGoals
{
    /// <summary>Whether the goal asks of the treatment alone, whatever control does.</summary>
    public static bool IsAbsolute(MetricGoal goal) => goal is MetricGoal.AtLeast or MetricGoal.AtMost;

    public static MetricOutcome Outcome(ExperimentMetric metric, double low, double high)
    {
        var bound = metric.Bound ?? 0;
        return metric.Goal switch
        {
            MetricGoal.Lower => high < 0 ? MetricOutcome.Met : low > 0 ? MetricOutcome.Failed : MetricOutcome.Open,
            MetricGoal.Higher => low > 0 ? MetricOutcome.Met : high < 0 ? MetricOutcome.Failed : MetricOutcome.Open,
            MetricGoal.NotLower => low > -bound ? MetricOutcome.Met : high < -bound ? MetricOutcome.Failed : MetricOutcome.Open,
            MetricGoal.NotHigher => high < bound ? MetricOutcome.Met : low > bound ? MetricOutcome.Failed : MetricOutcome.Open,
            MetricGoal.AtLeast => low >= bound ? MetricOutcome.Met : high < bound ? MetricOutcome.Failed : MetricOutcome.Open,
            _ => high <= bound ? MetricOutcome.Met : low > bound ? MetricOutcome.Failed : MetricOutcome.Open,
        };
    }

    public static string Sentence(ExperimentMetric metric, double effect, double low, double high, MetricOutcome outcome)
    {
        var size = IsAbsolute(metric.Goal) ? $"{Figure(metric, effect)} ({Figure(metric, low)} to {Figure(metric, high)})" : $"{Signed(metric, effect)} ({Signed(metric, low)} to {Signed(metric, high)})";
        return outcome switch
        {
            MetricOutcome.Met => $"{size}: as hoped",
            MetricOutcome.Failed => $"{size}: the opposite of what was hoped",
            _ => $"{size}: chance alone could do that",
        };
    }

    static string Figure(ExperimentMetric metric, double value) => ExperimentSignals.IsShare(metric.Signal) || ExperimentSignals.IsRatio(metric.Signal)
        ? FormattableString.Invariant($"{value * 100:0.#} %") : FormattableString.Invariant($"{value:0.##}");

    static string Signed(ExperimentMetric metric, double value) => ExperimentSignals.IsShare(metric.Signal) ? FormattableString.Invariant($"{value * 100:+0.#;-0.#;0} points")
        : ExperimentSignals.IsRatio(metric.Signal) ? FormattableString.Invariant($"{value * 100:+0.#;-0.#;0} %") : FormattableString.Invariant($"{value:+0.##;-0.##;0}");
}
