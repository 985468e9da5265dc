using NrdotConsole.Core.Validation;

namespace NrdotConsole.Core.Rollouts;

/// <summary>Missing data is never a pass: it is inconclusive.</summary>
public enum GateVerdict { Inconclusive, Pass, Fail }

/// <summary>
/// What a gate looks at, of each host. AgentHealth: agents failed, collectors that crash again and again, hosts that fell silent. Acceptance:
/// accepted / (accepted + refused) points. QueueShare: the fullest export queue, 0..1. Drops: points lost / points sent.
/// CriticalCoverage: critical processes in the newest scrape / those known to run, pooled over hosts. Series: in the newest scrape.
/// NewSeries: minted since the baseline / series then. Cost: dollars an hour. DayOne: hosts that fail a day-1 check which they passed before.
/// </summary>
public enum GateMeasure { AgentHealth, Acceptance, QueueShare, Drops, CriticalCoverage, Series, NewSeries, Cost, DayOne }

/// <summary>
/// When a measure fails: harm is the difference in differences against the control, turned so that more is worse, less what the dry run
/// expects. For Series and Cost it is the logarithm of a ratio, for the others a plain difference. With enough hosts, harm fails once it is
/// certain to exceed <paramref name="Tolerance"/>, and passes once it is certain to stay below <paramref name="Limit"/>; with few, its point
/// estimate is held against <paramref name="HardLimit"/> alone. <paramref name="LeastDeviation"/> is the least standard deviation that hosts
/// are believed to have. A required measure must be known; another must be if the treated hosts sent it before.
/// </summary>
public sealed record GateRule(GateMeasure Measure, double Tolerance, double Limit, double HardLimit, double LeastDeviation, bool IsRequired = false)
{
    public bool IsRatio => Measure is GateMeasure.Series or GateMeasure.Cost;
}

/// <param name="Alpha">The most a rollout without any effect may be taken back by its gates' tests, over all its waves, measures and looks.</param>
/// <param name="PassConfidence">How certain a pass is, for each measure at its look.</param>
public sealed record GateRules(IReadOnlyList<GateRule> Rules, double Alpha = 0.05, double PassConfidence = 0.95)
{
    public static readonly GateRules Default = new(
    [
        new(GateMeasure.AgentHealth, 0.02, 0.10, 0.30, 0, IsRequired: true),
        new(GateMeasure.CriticalCoverage, 0.01, 0.05, 0.10, 0.01),
        new(GateMeasure.Acceptance, 0.01, 0.03, 0.05, 0.003),
        new(GateMeasure.Drops, 0.005, 0.02, 0.05, 0.002),
        new(GateMeasure.QueueShare, 0.15, 0.30, 0.50, 0.02),
        new(GateMeasure.Series, Math.Log(1.10), Math.Log(1.25), Math.Log(1.5), 0.02, IsRequired: true),
        new(GateMeasure.NewSeries, 0.25, 0.50, 0.80, 0.05),
        new(GateMeasure.Cost, Math.Log(1.15), Math.Log(1.4), Math.Log(1.7), 0.05),
        new(GateMeasure.DayOne, 0.05, 0.10, 0.30, 0),
    ]);

    public GateRule? Of(GateMeasure measure) => Rules.FirstOrDefault(r => r.Measure == measure);
}

/// <summary>
/// One host's measurements at one time; null where unknown. <paramref name="MintedSeries"/> counts identities first seen, since any fixed
/// moment. <paramref name="IsUnhealthy"/>: its agent says so, it restarts again and again, or it fell silent.
/// </summary>
public sealed record HostMeasures(
    double? Acceptance, double? QueueShare, double? DropShare, int? CriticalReporting, int? CriticalKnown, int? Series, long? MintedSeries, double? UsdPerHour, bool IsUnhealthy = false)
{
    /// <summary>Null where day-1 checks are not asked for.</summary>
    public HostDayOne? DayOne { get; init; }
}

/// <summary>
/// One host before the wave began and now. <paramref name="After"/> is null until it has sent data that the treatment can have altered: then the
/// host says nothing, but whether it is unhealthy. The ratios are what the dry run expects of it, 1 for no change.
/// </summary>
public sealed record GateHost(string Tenant, string HostKey, bool IsTreated, HostMeasures Before, HostMeasures? After, bool IsUnhealthyNow = false)
{
    public double ExpectedSeriesRatio { get; init; } = 1;
    public double ExpectedCostRatio { get; init; } = 1;
}

/// <summary>
/// One measure at one look, with all that was measured. Means of Series and Cost are plain, of CriticalCoverage pooled. <paramref name="Harm"/> and
/// its bounds are as in <see cref="GateRule"/>; null where unknown. <paramref name="Low"/> is the bound that must exceed the tolerance to
/// fail, <paramref name="High"/> the one that must stay below the limit to pass; both null where hard thresholds were used.
/// </summary>
public sealed record GateResult(
    GateMeasure Measure, GateVerdict Verdict, bool IsBlocking, int Treated, int Control, double? TreatedBefore, double? TreatedAfter, double? ControlBefore, double? ControlAfter,
    double? Harm, double? Low, double? High, double Threshold, double Limit, string Reason);

/// <summary>A wave's gate at one look.</summary>
public sealed record GateJudgement(int Wave, int Look, DateTimeOffset At, GateVerdict Verdict, string Reason, IReadOnlyList<GateResult> Results);
