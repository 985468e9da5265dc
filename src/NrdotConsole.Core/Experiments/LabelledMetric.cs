using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Experiments;

/// <summary>
/// A metric that people's labels tell: the ratio of sums over an arm's hosts, with an interval that knows that a host's anomalies belong together
/// (<see cref="ClusteredShare"/>). The difference of two such shares has its interval from theirs (MOVER; Newcombe 1998, "Interval estimation for
/// the difference between independent proportions", method 10; Zou and Donner 2008).
/// </summary>
internal static class LabelledMetric
{
    public static MetricResult Judge(ExperimentMetric metric, LabelSample? sample, StudentT level)
    {
        var (control, treatment) = (ClusteredShare.From(sample?.Control ?? []), ClusteredShare.From(sample?.Treatment ?? []));
        var isAbsolute = MetricGoals.IsAbsolute(metric.Goal);
        MetricResult With(double? effect, double? low, double? high, MetricOutcome outcome, string words) =>
            new(metric, control?.Clusters ?? 0, treatment?.Clusters ?? 0, control?.Share, treatment?.Share, effect, low, high, outcome, words) { Basis = Basis(metric.Signal, control, treatment, isAbsolute) };
        if (treatment is not { Clusters: >= ExperimentJudge.LeastHosts } t || (!isAbsolute && control is not { Clusters: >= ExperimentJudge.LeastHosts }))
            return With(null, null, null, MetricOutcome.NotMeasured, Missing(metric.Signal, control, treatment, isAbsolute));

        var (low, high) = t.Interval(level);
        var effect = t.Share;
        if (!isAbsolute) (effect, low, high) = Difference(t, control!, level);
        var outcome = MetricGoals.Outcome(metric, low, high);
        return With(effect, low, high, outcome, MetricGoals.Sentence(metric, effect, low, high, outcome));
    }

    static (double Effect, double Low, double High) Difference(ClusteredShare treatment, ClusteredShare control, StudentT level)
    {
        var (t, c) = (treatment.Interval(level), control.Interval(level));
        var effect = treatment.Share - control.Share;
        static double Both(double a, double b) => Math.Sqrt((a * a) + (b * b));
        return (effect, effect - Both(treatment.Share - t.Low, c.High - control.Share), effect + Both(t.High - treatment.Share, control.Share - c.Low));
    }

    static string Missing(string signal, ClusteredShare? control, ClusteredShare? treatment, bool isAbsolute)
    {
        if ((treatment, control) is (null, null)) return "nobody has labelled an anomaly of these hosts yet";
        var what = signal == ExperimentSignals.FalsePositiveRate ? "labelled verdicts" : "anomalies known to be real";
        var (t, c) = (treatment?.Clusters ?? 0, control?.Clusters ?? 0);
        if (!isAbsolute) return $"{t} against {c} hosts have {what}; {ExperimentJudge.LeastHosts} of each are needed";
        return t == 0 ? $"no host of the treatment has {what} yet; {ExperimentJudge.LeastHosts} are needed" : $"{(t == 1 ? "1 host of the treatment has" : $"{t} hosts of the treatment have")} {what}; {ExperimentJudge.LeastHosts} are needed";
    }

    static string? Basis(string signal, ClusteredShare? control, ClusteredShare? treatment, bool isAbsolute) =>
        treatment is null && (isAbsolute || control is null) ? null
        : isAbsolute ? Counts(signal, treatment, "in treatment") : $"{Counts(signal, treatment, "in treatment")}; {Counts(signal, control, "in control")}";

    static string Counts(string signal, ClusteredShare? arm, string where)
    {
        if (arm is null) return $"none labelled {where}";
        var hosts = arm.Clusters == 1 ? "1 host" : $"{arm.Clusters} hosts";
        return signal == ExperimentSignals.FalsePositiveRate
            ? $"{arm.Hits} of {arm.Of} labelled verdicts of {hosts} {where} are false alarms"
            : $"{arm.Hits} of {arm.Of} known anomalies of {hosts} {where} were found";
    }
}
