using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Experiments;

public enum MetricOutcome { NotMeasured, Open, Met, Failed }

/// <summary>Invalid: the arms are not of the sizes that were drawn, so nothing else counts. Undecided: it still runs. Inconclusive: it ended so.</summary>
public enum ExperimentOutcome { Undecided, Inconclusive, For, Against, Invalid }

/// <summary>The hosts' averages of one signal in both arms, with those of the time before where that was watched.</summary>
public sealed record ExperimentSample(string Signal, IReadOnlyList<BeforeAndNow> Control, IReadOnlyList<BeforeAndNow> Treatment);

/// <summary>What people's labels say of the hosts of both arms: of false positives, false alarms of the labelled verdicts; of detection, found ones of the known anomalies.</summary>
public sealed record LabelSample(string Signal, IReadOnlyList<ClusterCount> Control, IReadOnlyList<ClusterCount> Treatment);

/// <summary>
/// One metric at one look. <paramref name="Effect"/> with its interval is treatment less control: a share for cost and series (-0.2 is 20 % less),
/// else in the signal's unit; of AtLeast and AtMost it is the treatment's own mean. <paramref name="Control"/> and <paramref name="Treatment"/>: hosts that told it.
/// </summary>
public sealed record MetricResult(
    ExperimentMetric Metric, int Control, int Treatment, double? ControlMean, double? TreatmentMean, double? Effect, double? Low, double? High, MetricOutcome Outcome, string Words)
{
    /// <summary>What it rests on: counts of labels, or the time before.</summary>
    public string? Basis { get; init; }

    /// <summary>By which share the time before made the interval narrower; null where it is not adjusted.</summary>
    public double? Narrower { get; init; }
}

/// <summary>An experiment at one look. <paramref name="SampleRatioP"/>: how probable arms of such sizes are, were hosts drawn as planned.</summary>
public sealed record ExperimentReport(
    string Key, int Look, int Looks, DateTimeOffset At, int ControlHosts, int TreatmentHosts, double SampleRatioP, ExperimentOutcome Outcome, string Words, IReadOnlyList<MetricResult> Metrics);

/// <summary>
/// Judges an experiment by its hosts' averages: rings and flags draw hosts by hash, as good as by lot, so a difference of means is an effect.
/// Intervals after Welch (<see cref="AveragedMetric"/>) or of counts by host (<see cref="LabelledMetric"/>), at a level that is spent over metrics and looks (<see cref="AlphaSpending"/>): whoever looks at every one of them, and stops when he
/// likes, is misled with at most 5 %.
/// </summary>
public static class ExperimentJudge
{
    public const double Alpha = 0.05;

    /// <summary>Below it the arms' sizes are no chance (Fabijan and others, KDD 2019, "Diagnosing sample ratio mismatch").</summary>
    public const double LeastSampleRatioP = 0.001;

    public const int LeastHosts = 3;

    /// <param name="shares">Of control and treatment, as drawn; they need not add up to 1.</param>
    public static ExperimentReport Judge(Experiment experiment, int look, DateTimeOffset at, (int Control, int Treatment) hosts, (double Control, double Treatment) shares, IReadOnlyList<ExperimentSample> samples,
        IReadOnlyList<LabelSample>? labels = null)
    {
        var ratio = Counts.ChiSquareTail([hosts.Control, hosts.Treatment], [shares.Control, shares.Treatment]);
        var level = new StudentT(new AlphaSpending(Alpha, experiment.Metrics.Count, experiment.Looks).PerLook / 2);
        var results = experiment.Metrics.Select(m => ExperimentSignals.IsLabelled(m.Signal)
            ? LabelledMetric.Judge(m, labels?.FirstOrDefault(s => s.Signal == m.Signal), level)
            : AveragedMetric.Judge(m, samples.FirstOrDefault(s => s.Signal == m.Signal), level, experiment.Before > TimeSpan.Zero)).ToList();
        var outcome = ratio < LeastSampleRatioP ? ExperimentOutcome.Invalid
            : results.Any(r => r.Outcome == MetricOutcome.Failed) ? ExperimentOutcome.Against
            : results.All(r => r.Outcome == MetricOutcome.Met) ? ExperimentOutcome.For
            : look >= experiment.Looks ? ExperimentOutcome.Inconclusive : ExperimentOutcome.Undecided;
        return new(experiment.Key, look, experiment.Looks, at, hosts.Control, hosts.Treatment, ratio, outcome, Words(outcome, results, hosts, look, experiment.Looks), results);
    }

    static string Words(ExperimentOutcome outcome, List<MetricResult> results, (int Control, int Treatment) hosts, int look, int looks)
    {
        string Names(MetricOutcome which) => string.Join(", ", results.Where(r => r.Outcome == which).Select(r => r.Metric.Signal));
        return outcome switch
        {
            ExperimentOutcome.Invalid => $"The arms have {hosts.Control} and {hosts.Treatment} hosts, which is not how they were drawn: hosts are missing from one of them, and no difference can be trusted.",
            ExperimentOutcome.For => "The treatment does what was hoped of it in every metric.",
            ExperimentOutcome.Against => $"The treatment fails: {Names(MetricOutcome.Failed)}.",
            ExperimentOutcome.Inconclusive => $"It has ended, and does not say: {Join(Names(MetricOutcome.Open), Names(MetricOutcome.NotMeasured))}.",
            _ => $"Look {look} of {looks}: not decided yet. Open: {Join(Names(MetricOutcome.Open), Names(MetricOutcome.NotMeasured))}.",
        };
    }

    static string Join(string open, string unmeasured) => unmeasured.Length == 0 ? open : open.Length == 0 ? $"not measured: {unmeasured}" : $"{open}; not measured: {unmeasured}";
}
