using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Rollouts;

/// <summary>
/// Judges a wave: its hosts, before and now, against hosts that were not treated, over the same time (difference in differences, so what
/// happens to everybody is held against nobody). Hosts are the units: rings are drawn by hash, which is as good as by lot. Means are compared
/// after Welch; CriticalCoverage is a ratio of sums, whose hosts enter by their linearised values (the delta method for ratio estimators:
/// Cochran, Sampling Techniques, ch. 6; Deng, Knoblich, Lu, KDD 2018). Levels are spent over looks: <see cref="AlphaSpending"/>.
/// </summary>
public sealed class GateJudge
{
    /// <summary>With fewer hosts in an arm there is no variance worth the name: hard thresholds decide.</summary>
    public const int LeastHosts = 4;

    /// <summary>Of the treated hosts that sent a measure before, so many must send it now, or the rest are what nobody looks at.</summary>
    public const double LeastAnswering = 0.9;

    /// <summary>So many hosts of a control tell how much single hosts vary.</summary>
    public const int LeastJudgingAlone = 10;

    /// <summary>Where the control falls ill too, so improbable must it be that chance alone dealt this share of the ill to the treated.</summary>
    const double CommonTroubleLevel = 0.05;

    readonly GateRules _rules;
    readonly StudentT _pass;
    readonly Dictionary<int, StudentT> _fail = [];
    readonly int _waves, _looks;

    public GateJudge(GateRules rules, int waves, int looks)
    {
        (_rules, _waves, _looks) = (rules, waves, looks);
        _pass = new(1 - rules.PassConfidence);
    }

    /// <param name="look">From 1. Beyond the planned looks each further batch of as many spends half of what the one before did.</param>
    public GateJudgement Judge(int wave, int look, DateTimeOffset at, IReadOnlyList<GateHost> hosts)
    {
        var level = Level(look);
        var results = _rules.Rules.Select(rule => rule.Measure switch
        {
            GateMeasure.AgentHealth => Health(rule, hosts, level.UpperTail),
            GateMeasure.DayOne => GateDayOne.Judge(rule, hosts, level.UpperTail),
            _ => Measure(rule, hosts, level),
        }).ToList();
        var failed = results.Where(r => r.Verdict == GateVerdict.Fail).ToList();
        var open = results.Where(r => r.Verdict == GateVerdict.Inconclusive && r.IsBlocking).ToList();
        var verdict = failed.Count > 0 ? GateVerdict.Fail : open.Count > 0 ? GateVerdict.Inconclusive : GateVerdict.Pass;
        var telling = failed.Count > 0 ? failed : open;
        return new(wave, look, at, verdict, telling.Count == 0 ? "every measure is within its limit" : string.Join("; ", telling.Select(r => $"{r.Measure}: {r.Reason}")), results);
    }

    StudentT Level(int look)
    {
        var batch = (look - 1) / _looks;
        if (_fail.TryGetValue(batch, out var level)) return level;
        return _fail[batch] = new(new AlphaSpending(_rules.Alpha / Math.Pow(2, Math.Min(batch, 40) + 1), _waves * _rules.Rules.Count, _looks).PerLook);
    }

    static GateResult Health(GateRule rule, IReadOnlyList<GateHost> hosts, double level)
    {
        var (treated, control) = (hosts.Count(h => h.IsTreated), hosts.Count(h => !h.IsTreated));
        var (sick, others) = (hosts.Count(h => h is { IsTreated: true, IsUnhealthyNow: true }), hosts.Count(h => h is { IsTreated: false, IsUnhealthyNow: true }));
        if (treated == 0) return new(rule.Measure, GateVerdict.Inconclusive, true, 0, control, null, null, null, null, null, null, null, rule.HardLimit, rule.Limit, "no host to look at");
        var (share, other) = ((double)sick / treated, control > 0 ? (double)others / control : 0);
        var harm = share - other;
        var words = $"{sick} of {treated} unhealthy, {(control > 0 ? $"{others} of {control} of the control" : "no control")}";
        var isBeyondChance = treated >= LeastHosts && control >= LeastHosts && harm > rule.Tolerance && Counts.FisherTail(sick, treated, others, control) <= level;
        var isOverHardLimit = harm > rule.HardLimit && IsTheirsAlone(sick, treated, others, control);
        var verdict = isOverHardLimit || isBeyondChance ? GateVerdict.Fail : harm <= Math.Max(rule.Limit, treated >= LeastHosts ? 1.0 / treated : 0) ? GateVerdict.Pass : GateVerdict.Inconclusive;
        return new(rule.Measure, verdict, true, treated, control, 0, share, 0, other, harm, null, null, isBeyondChance ? rule.Tolerance : rule.HardLimit, rule.Limit, words);
    }

    /// <summary>
    /// Few hosts over a hard limit: whether it is harm of their own. A network that fails, or a console that is too busy to listen, makes hosts
    /// of both arms ill at once, and a ring of three may happen to have two of them.
    /// </summary>
    internal static bool IsTheirsAlone(int bad, int treated, int badControl, int control) => badControl == 0 || Counts.FisherTail(bad, treated, badControl, control) <= CommonTroubleLevel;

    GateResult Measure(GateRule rule, IReadOnlyList<GateHost> hosts, StudentT level)
    {
        var (treated, control) = (new GateArm(rule.Measure), new GateArm(rule.Measure));
        foreach (var host in hosts) (host.IsTreated ? treated : control).Add(host);
        var isBlocking = rule.IsRequired || treated.Before > 0;
        GateResult Result(GateVerdict verdict, double? harm, double? low, double? high, double threshold, string reason) => new(
            rule.Measure, verdict, isBlocking, treated.Count, control.Count, treated.MeanBefore, treated.MeanAfter, control.MeanBefore, control.MeanAfter, harm, low, high, threshold, rule.Limit, reason);

        if (treated.Before == 0) return Result(GateVerdict.Inconclusive, null, null, null, rule.Tolerance, "not measured before");
        if (treated.Count == 0) return Result(GateVerdict.Inconclusive, null, null, null, rule.Tolerance, $"none of {treated.Before} hosts has sent it since the change");
        var (a, b) = (Moments.Of(treated.Harms()), Moments.Of(control.Harms()));
        var isComplete = treated.Count >= Math.Ceiling(LeastAnswering * treated.Before);
        var missing = $"{treated.Count} of {treated.Before} hosts have sent it since the change";
        if (a.Count < LeastHosts || b.Count < LeastHosts)
        {
            var rough = a.Mean - (b.Count > 0 ? b.Mean : 0);
            var why = b.Count == 0 ? "no control, so against its own past" : $"{a.Count} against {b.Count} hosts: too few for a test";
            if (rough > rule.HardLimit)
                return IsOrdinary(rule, rough, a, b, level)
                    ? Result(GateVerdict.Inconclusive, rough, null, null, rule.HardLimit, $"{Words(rule, rough)}, more than {Words(rule, rule.HardLimit)}, but single hosts of the control vary as much")
                    : Result(GateVerdict.Fail, rough, null, null, rule.HardLimit, $"{Words(rule, rough)}, more than {Words(rule, rule.HardLimit)} ({why})");
            return isComplete
                ? Result(GateVerdict.Pass, rough, null, null, rule.HardLimit, $"{Words(rule, rough)}, at most {Words(rule, rule.HardLimit)} ({why})")
                : Result(GateVerdict.Inconclusive, rough, null, null, rule.HardLimit, missing);
        }
        var comparison = Comparison.Of(a, b, rule.LeastDeviation);
        var (harm, low, high) = (comparison.Difference, comparison.Lower(level), comparison.Upper(_pass));
        if (low > rule.Tolerance) return Result(GateVerdict.Fail, harm, low, high, rule.Tolerance, $"{Words(rule, harm)} worse than the control, certainly more than {Words(rule, rule.Tolerance)}");
        if (!isComplete) return Result(GateVerdict.Inconclusive, harm, low, high, rule.Tolerance, missing);
        return high < rule.Limit
            ? Result(GateVerdict.Pass, harm, low, high, rule.Tolerance, $"{Words(rule, harm)}, certainly less than {Words(rule, rule.Limit)}")
            : Result(GateVerdict.Inconclusive, harm, low, high, rule.Tolerance, $"{Words(rule, harm)}, but it may be as much as {Words(rule, high)}; {Words(rule, rule.Limit)} is the limit");
    }

    /// <summary>A few hosts against many: whether the many vary so much by themselves that this is nothing (Student's prediction interval, with the control's variance for both).</summary>
    static bool IsOrdinary(GateRule rule, double harm, in Moments treated, in Moments control, StudentT level)
    {
        if (control.Count < LeastJudgingAlone) return false;
        var deviation = Math.Max(Math.Sqrt(control.Variance), rule.LeastDeviation);
        return harm < level.Quantile(control.Count - 1) * deviation * Math.Sqrt((1.0 / treated.Count) + (1.0 / control.Count));
    }

    static string Words(GateRule rule, double harm) => rule.IsRatio ? $"{(Math.Exp(harm) - 1) * 100:+0.#;−0.#;0} %" : $"{harm * 100:+0.#;−0.#;0} points";
}
