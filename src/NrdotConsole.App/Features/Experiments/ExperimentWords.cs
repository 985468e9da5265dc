using NrdotConsole.App.Shell;
using NrdotConsole.Core.Experiments;

namespace NrdotConsole.App.Features.Experiments;

/// <summary>Experiments in words and tones.</summary>
internal static class ExperimentWords
{
    public static string Hosts(int count) => count == 1 ? "1 host" : $"{Format.Count(count)} hosts";

    public static (string Text, string Tone) State(ExperimentView v) => v switch
    {
        { IsInTimeBefore: true } => ("time before", "info"),
        { RunId: null } => (v.Experiment.IsEnabled ? "begins soon" : "not enabled", "hollow"),
        { Last: null, EndedAt: null } => ("gathering", "info"),
        { Last: null } => ("ended early", "hollow"),
        { Last.Outcome: ExperimentOutcome.For } => ("for the treatment", "good"),
        { Last.Outcome: ExperimentOutcome.Against } => ("against the treatment", "bad"),
        { Last.Outcome: ExperimentOutcome.Invalid } => ("invalid", "severe"),
        { Last.Outcome: ExperimentOutcome.Inconclusive } => ("inconclusive", "warn"),
        _ => ("undecided", "info"),
    };

    public static string Tone(MetricOutcome outcome) => outcome switch
    {
        MetricOutcome.Met => "good",
        MetricOutcome.Failed => "bad",
        MetricOutcome.Open => "info",
        _ => "hollow",
    };

    public static string Of(MetricOutcome outcome) => outcome switch { MetricOutcome.NotMeasured => "not measured", MetricOutcome.Met => "met", MetricOutcome.Failed => "failed", _ => "open" };

    public static string Goal(ExperimentMetric metric) => metric.Goal switch
    {
        MetricGoal.Lower => "lower than control",
        MetricGoal.Higher => "higher than control",
        MetricGoal.NotLower => $"not lower by more than {Bound(metric)}",
        MetricGoal.NotHigher => $"not higher by more than {Bound(metric)}",
        MetricGoal.AtLeast => $"at least {Bound(metric)}",
        _ => $"at most {Bound(metric)}",
    };

    public static string Value(string signal, double? value) => signal switch
    {
        ExperimentSignals.Cost => value is { } usd ? Format.UsdPerHour((decimal)usd) : "–",
        _ when value is null => "–",
        _ when ExperimentSignals.IsShare(signal) => Format.Percent(value),
        _ => Format.Compact(value),
    };

    public static string Arm(Experiment e, bool treated) =>
        (e.Flag is { } flag ? $"flag {flag} {(treated ? "on" : "off")}" : "") is var words && (treated ? e.Treatment : e.Control).Rings is { Count: > 0 } rings
            ? $"{(words.Length > 0 ? words + ", " : "")}ring{(rings.Count > 1 ? "s" : "")} {string.Join(", ", rings)}" : words;

    static string Bound(ExperimentMetric metric) =>
        ExperimentSignals.IsShare(metric.Signal) || ExperimentSignals.IsRatio(metric.Signal) ? Format.Percent(metric.Bound ?? 0) : Format.Compact(metric.Bound ?? 0);
}
