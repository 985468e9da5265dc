using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Rollouts;

/// <summary>
/// Day-1 checks as a gate: their limits are absolute, so a host counts as harmed where it fails one that it passed before, and the share of such
/// hosts is held against the control's (Fisher's exact test; few hosts: the hard limit). What a host never told is not asked of it; what it
/// told before and does not tell now keeps the gate open.
/// </summary>
static class GateDayOne
{
    enum Outcome { NotMeasured, Kept, Lost, Open }

    public static GateResult Judge(GateRule rule, IReadOnlyList<GateHost> hosts, double level)
    {
        var (treated, control) = (hosts.Where(h => h.IsTreated).Select(Of).Where(o => o != Outcome.NotMeasured).ToList(), hosts.Where(h => !h.IsTreated).Select(Of).Where(o => o is Outcome.Kept or Outcome.Lost).ToList());
        var (known, lost, others) = (treated.Count(o => o != Outcome.Open), treated.Count(o => o == Outcome.Lost), control.Count(o => o == Outcome.Lost));
        GateResult Result(GateVerdict verdict, double? share, double? other, double threshold, string reason) => new(
            rule.Measure, verdict, treated.Count > 0, known, control.Count, share is null ? null : 0, share, other is null ? null : 0, other, share - (other ?? 0), null, null, threshold, rule.Limit, reason);

        if (treated.Count == 0) return Result(GateVerdict.Inconclusive, null, null, rule.HardLimit, "no host told what the checks ask for");
        if (known == 0) return Result(GateVerdict.Inconclusive, null, null, rule.HardLimit, $"none of {treated.Count} hosts has told all of it since the change");
        var (share, other) = ((double)lost / known, control.Count > 0 ? (double)others / control.Count : (double?)null);
        var harm = share - (other ?? 0);
        var which = lost == 0 ? "" : $" ({string.Join(", ", hosts.Where(h => h.IsTreated).SelectMany(LostChecks).CountBy(k => k).OrderByDescending(k => k.Value).Select(k => $"{k.Key}: {k.Value}"))})";
        var words = $"{lost} of {known} hosts fail a check that they passed before{which}, {(control.Count > 0 ? $"{others} of {control.Count} of the control" : "no control")}";
        var isBeyondChance = known >= GateJudge.LeastHosts && control.Count >= GateJudge.LeastHosts && harm > rule.Tolerance && Counts.FisherTail(lost, known, others, control.Count) <= level;
        var isOverHardLimit = harm > rule.HardLimit && (known < GateJudge.LeastHosts || control.Count < GateJudge.LeastHosts) && GateJudge.IsTheirsAlone(lost, known, others, control.Count);
        if (isBeyondChance || isOverHardLimit)
            return Result(GateVerdict.Fail, share, other, isBeyondChance ? rule.Tolerance : rule.HardLimit, words);
        if (known < Math.Ceiling(GateJudge.LeastAnswering * treated.Count)) return Result(GateVerdict.Inconclusive, share, other, rule.HardLimit, $"{known} of {treated.Count} hosts have told all of it since");
        return Result(harm <= Math.Max(rule.Limit, known >= GateJudge.LeastHosts ? 1.0 / known : 0) ? GateVerdict.Pass : GateVerdict.Inconclusive, share, other, rule.HardLimit, words);
    }

    static Outcome Of(GateHost host)
    {
        if (host.Before.DayOne is not { } before || before.Unknown.Count == Checks) return Outcome.NotMeasured;
        if (host.After?.DayOne is not { } after) return Outcome.Open;
        if (LostChecks(host).Any()) return Outcome.Lost;
        return after.Unknown.Any(k => !before.Unknown.Contains(k)) ? Outcome.Open : Outcome.Kept;
    }

    static IEnumerable<string> LostChecks(GateHost host) =>
        host is { Before.DayOne: { } before, After.DayOne: { } after } ? after.Failing.Where(k => !before.Failing.Contains(k) && !before.Unknown.Contains(k)) : [];

    /// <summary>Checks of <see cref="Validation.DayOneRule.OfHost"/>.</summary>
    const int Checks = 5;
}
