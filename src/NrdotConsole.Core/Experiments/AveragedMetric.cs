using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Experiments;

/// <summary>
/// A metric by its hosts' averages, each host one unit. Arms are compared after Welch; where the time before was watched, what hosts were like
/// then is taken out (<see cref="Cuped"/>).
/// </summary>
internal static class AveragedMetric
{
    public static MetricResult Judge(ExperimentMetric metric, ExperimentSample? sample, StudentT level, bool hasBefore)
    {
        var isRatio = ExperimentSignals.IsRatio(metric.Signal);
        var (control, treatment) = (Arm(sample?.Control, isRatio), Arm(sample?.Treatment, isRatio));
        var isAbsolute = MetricGoals.IsAbsolute(metric.Goal);
        MetricResult With(double? effect, double? low, double? high, MetricOutcome outcome, string words) =>
            new(metric, control.Count, treatment.Count, Mean(sample?.Control), Mean(sample?.Treatment), effect, low, high, outcome, words);
        if (treatment.Count < ExperimentJudge.LeastHosts || (!isAbsolute && control.Count < ExperimentJudge.LeastHosts))
            return With(null, null, null, MetricOutcome.NotMeasured, sample is null ? "nothing tells it yet" : $"{treatment.Count} against {control.Count} hosts tell it; {ExperimentJudge.LeastHosts} of each are needed");

        if (isAbsolute)
        {
            var plain = Moments.Of([.. sample!.Treatment.Select(u => u.Now)]);
            var half = level.Quantile(plain.Count - 1) * Math.Sqrt(plain.Variance / plain.Count);
            return Told(plain.Mean, plain.Mean - half, plain.Mean + half);
        }
        var raw = Comparison.Of(Now(treatment), Now(control), 1e-9);
        var adjusted = hasBefore ? Cuped.Adjust(treatment, control)?.Compare(1e-9) : null;
        var best = adjusted ?? raw;
        var (effect, low, high) = (best.Difference, best.Lower(level), best.Upper(level));
        var result = isRatio ? Told(Math.Exp(effect) - 1, Math.Exp(low) - 1, Math.Exp(high) - 1) : Told(effect, low, high);
        if (!hasBefore) return result;
        if (adjusted is not { } a) return result with { Basis = $"not adjusted by the time before: fewer than {Cuped.LeastUnits} hosts of an arm were measured in it, or all alike" };
        var narrower = 1 - ((a.Upper(level) - a.Lower(level)) / (raw.Upper(level) - raw.Lower(level)));
        return result with { Narrower = narrower, Basis = $"adjusted by the time before: interval {Words(narrower)}" };

        MetricResult Told(double effect, double low, double high)
        {
            var outcome = MetricGoals.Outcome(metric, low, high);
            return With(effect, low, high, outcome, MetricGoals.Sentence(metric, effect, low, high, outcome));
        }
    }

    static string Words(double narrower) => narrower >= 0.005 ? FormattableString.Invariant($"{narrower * 100:0} % narrower") : "no narrower";

    /// <summary>Of ratios, logarithms.</summary>
    static List<BeforeAndNow> Arm(IReadOnlyList<BeforeAndNow>? units, bool isRatio) => units is null ? [] : isRatio
        ? [.. units.Where(u => u.Now > 0).Select(u => new BeforeAndNow(u.Before is > 0 and var before ? Math.Log(before) : null, Math.Log(u.Now)))] : [.. units];

    static Moments Now(List<BeforeAndNow> units) => Moments.Of([.. units.Select(u => u.Now)]);

    static double? Mean(IReadOnlyList<BeforeAndNow>? units) => units is { Count: > 0 } ? units.Average(u => u.Now) : null;
}
