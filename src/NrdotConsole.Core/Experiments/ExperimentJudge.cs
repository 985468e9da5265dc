using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Experiments;

public enum MetricOutcome { NotMeasured, Open, Met, Failed }

/// <summary>Invalid: the arms are not of the sizes that were drawn, so nothing else counts. Undecided: it still runs. Inconclusive: it ended so.</summary>
public enum ExperimentOutcome { Undecided, Inconclusive, For, Against, Invalid }

/// <summary>The hosts' averages of one signal in both arms.</summary>
public sealed record ExperimentSample(string Signal, IReadOnlyList<double> Control, IReadOnlyList<double> Treatment);

/// <summary>
/// One metric at one look. <paramref name="Effect"/> with its interval is treatment less control: a share for cost and series (-0.2 is 20 % less),
/// else in the signal's unit; of AtLeast and AtMost it is the treatment's own mean.
/// </summary>
public sealed record MetricResult(
    ExperimentMetric Metric, int Control, int Treatment, double? ControlMean, double? TreatmentMean, double? Effect, double? Low, double? High, MetricOutcome Outcome, string Words);

/// <summary>An experiment at one look. <paramref name="SampleRatioP"/>: how probable arms of such sizes are, were hosts drawn as planned.</summary>
public sealed record ExperimentReport(
    string Key, int Look, int Looks, DateTimeOffset At, int ControlHosts, int TreatmentHosts, double SampleRatioP, ExperimentOutcome Outcome, string Words, IReadOnlyList<MetricResult> Metrics);

/// <summary>
/// Judges an experiment by its hosts' averages: rings and flags draw hosts by hash, as good as by lot, so a difference of means is an effect.
/// Intervals after Welch, at a level that is spent over metrics and looks (<see cref="AlphaSpending"/>): whoever looks at every one of them, and stops when he
/// likes, is misled with at most 5 %.
/// </summary>
public static class ExperimentJudge
{
    public const double Alpha = 0.05;

    /// <summary>Below it the arms' sizes are no chance (Fabijan and others, KDD 2019, "Diagnosing sample ratio mismatch").</summary>
    public const double LeastSampleRatioP = 0.001;

    public const int LeastHosts = 3;

    /// <param name="shares">Of control and treatment, as drawn; they need not add up to 1.</param>
    public static ExperimentReport Judge(Experiment experiment, int look, DateTimeOffset at, (int Control, int Treatment) hosts, (double Control, double Treatment) shares, IReadOnlyList<ExperimentSample> samples)
    {
        var ratio = Counts.ChiSquareTail([hosts.Control, hosts.Treatment], [shares.Control, shares.Treatment]);
        var level = new StudentT(new AlphaSpending(Alpha, experiment.Metrics.Count, experiment.Looks).PerLook / 2);
        var results = experiment.Metrics.Select(m => Result(m, samples.FirstOrDefault(s => s.Signal == m.Signal), level)).ToList();
        var outcome = ratio < LeastSampleRatioP ? ExperimentOutcome.Invalid
            : results.Any(r => r.Outcome == MetricOutcome.Failed) ? ExperimentOutcome.Against
            : results.All(r => r.Outcome == MetricOutcome.Met) ? ExperimentOutcome.For
            : look >= experiment.Looks ? ExperimentOutcome.Inconclusive : ExperimentOutcome.Undecided;
        return new(experiment.Key, look, experiment.Looks, at, hosts.Control, hosts.Treatment, ratio, outcome, Words(outcome, results, hosts, look, experiment.Looks), results);
    }

    static MetricResult Result(ExperimentMetric metric, ExperimentSample? sample, StudentT level)
    {
        var isRatio = ExperimentSignals.IsRatio(metric.Signal);
        var (control, treatment) = (Arm(sample?.Control, isRatio), Arm(sample?.Treatment, isRatio));
        var isAbsolute = metric.Goal is MetricGoal.AtLeast or MetricGoal.AtMost;
        MetricResult With(double? effect, double? low, double? high, MetricOutcome outcome, string words) =>
            new(metric, control.Count, treatment.Count, Mean(sample?.Control), Mean(sample?.Treatment), effect, low, high, outcome, words);
        if (treatment.Count < LeastHosts || (!isAbsolute && control.Count < LeastHosts))
            return With(null, null, null, MetricOutcome.NotMeasured, sample is null ? "nothing tells it yet" : $"{treatment.Count} against {control.Count} hosts tell it; {LeastHosts} of each are needed");

        double effect, low, high;
        if (isAbsolute)
        {
            var plain = Moments.Of(sample!.Treatment.ToArray());
            var half = level.Quantile(plain.Count - 1) * Math.Sqrt(plain.Variance / plain.Count);
            (effect, low, high) = (plain.Mean, plain.Mean - half, plain.Mean + half);
        }
        else
        {
            var comparison = Comparison.Of(treatment, control, 1e-9);
            (effect, low, high) = (comparison.Difference, comparison.Lower(level), comparison.Upper(level));
            if (isRatio) (effect, low, high) = (Math.Exp(effect) - 1, Math.Exp(low) - 1, Math.Exp(high) - 1);
        }
        var outcome = Outcome(metric, low, high);
        return With(effect, low, high, outcome, Sentence(metric, effect, low, high, outcome));
    }

    static MetricOutcome Outcome(ExperimentMetric metric, double low, double high)
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

    static string Sentence(ExperimentMetric metric, double effect, double low, double high, MetricOutcome outcome)
    {
        var absolute = metric.Goal is MetricGoal.AtLeast or MetricGoal.AtMost;
        var size = absolute ? $"{Figure(metric, effect)} ({Figure(metric, low)} to {Figure(metric, high)})" : $"{Signed(metric, effect)} ({Signed(metric, low)} to {Signed(metric, high)})";
        return outcome switch
        {
            MetricOutcome.Met => $"{size}: as hoped",
            MetricOutcome.Failed => $"{size}: the opposite of what was hoped",
            _ => $"{size}: chance alone could do that",
        };
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

    static string Figure(ExperimentMetric metric, double value) => ExperimentSignals.IsShare(metric.Signal) || ExperimentSignals.IsRatio(metric.Signal)
        ? FormattableString.Invariant($"{value * 100:0.#} %") : FormattableString.Invariant($"{value:0.##}");

    static string Signed(ExperimentMetric metric, double value) => ExperimentSignals.IsShare(metric.Signal) ? FormattableString.Invariant($"{value * 100:+0.#;-0.#;0} points")
        : ExperimentSignals.IsRatio(metric.Signal) ? FormattableString.Invariant($"{value * 100:+0.#;-0.#;0} %") : FormattableString.Invariant($"{value:+0.##;-0.##;0}");

    static Moments Arm(IReadOnlyList<double>? values, bool isRatio) => values is null ? default : Moments.Of(isRatio ? [.. values.Where(v => v > 0).Select(v => Math.Log(v))] : [.. values]);

    static double? Mean(IReadOnlyList<double>? values) => values is { Count: > 0 } ? values.Average() : null;
}
