using NrdotConsole.App.Shell;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>Rollouts in words and tones.</summary>
internal static class RolloutWords
{
    public static readonly IReadOnlyList<AgentState> States = Enum.GetValues<AgentState>();

    public static string Of(RolloutSummary s) => s switch
    {
        { PausedBecause: not null, Phase: RolloutPhase.Assigning or RolloutPhase.Soaking } => "paused",
        { Phase: RolloutPhase.Assigning } => "rolling out",
        { Phase: RolloutPhase.Soaking } => "soaking",
        { Phase: RolloutPhase.RollingBack } => "rolling back",
        { Phase: RolloutPhase.RolledBack } => "rolled back",
        _ => "applied",
    };

    /// <summary>What has ended stays as it is: it grows no staler.</summary>
    public static int StaleMs(RolloutSummary s) => s.Phase is RolloutPhase.Applied or RolloutPhase.RolledBack ? int.MaxValue : 20_000;

    public static string Tone(RolloutSummary s) => s switch
    {
        { Phase: RolloutPhase.Applied } => "good",
        { Phase: RolloutPhase.RollingBack or RolloutPhase.RolledBack } => "bad",
        { PausedBecause: not null } or { Waiting: not null } => "warn",
        _ => "info",
    };

    /// <summary>The states as the field names them.</summary>
    public static string Of(AgentState state) => state switch
    {
        AgentState.Pending => "PENDING",
        AgentState.Offered => "OFFERED",
        AgentState.ConfigApplied => "CONFIG_APPLIED",
        AgentState.Failed => "FAILED",
        AgentState.Timeout => "TIMEOUT",
        AgentState.NotReporting => "NOT_REPORTING",
        AgentState.RollingBack => "ROLLING_BACK",
        _ => "ROLLED_BACK",
    };

    public static string Tone(AgentState state) => state switch
    {
        AgentState.ConfigApplied => "good",
        AgentState.Offered or AgentState.RollingBack => "info",
        AgentState.Failed => "bad",
        AgentState.Timeout or AgentState.NotReporting => "warn",
        AgentState.RolledBack => "accent",
        _ => "hollow",
    };

    public static string Tone(GateVerdict? verdict) => verdict switch
    {
        GateVerdict.Pass => "good",
        GateVerdict.Fail => "bad",
        GateVerdict.Inconclusive => "warn",
        _ => "hollow",
    };

    public static string Of(GateMeasure measure) => measure switch
    {
        GateMeasure.AgentHealth => "Agent health",
        GateMeasure.DayOne => "Day-1 checks",
        GateMeasure.QueueShare => "Export queue",
        GateMeasure.CriticalCoverage => "Critical coverage",
        GateMeasure.NewSeries => "New series",
        GateMeasure.Drops => "Points lost",
        GateMeasure.Acceptance => "Accepted points",
        _ => measure.ToString(),
    };

    /// <summary>Why a gate's look came out as it did: the measures that told, those of the same reason together.</summary>
    public static string Why(GateJudgement look)
    {
        var telling = look.Verdict == GateVerdict.Pass ? [] : look.Results.Where(r => r.Verdict == look.Verdict && r.IsBlocking).ToList();
        return telling.Count == 0 ? look.Reason
            : string.Join("; ", telling.GroupBy(r => r.Reason).Select(g => $"{string.Join(", ", g.Select((r, i) => i == 0 ? Of(r.Measure) : Of(r.Measure).ToLowerInvariant()))}: {g.Key}"));
    }

    public static bool IsRatio(GateMeasure measure) => measure is GateMeasure.Series or GateMeasure.Cost;

    public static string Value(GateMeasure measure, double? value) => measure switch
    {
        GateMeasure.Series => Format.Compact(value),
        GateMeasure.Cost => value is { } usd ? Format.UsdPerHour((decimal)usd) : Format.Unknown,
        _ => Format.Percent(value).Replace('-', '−'),
    };

    /// <summary>Harm as people read it: in percent of the value, or in points of a share.</summary>
    public static string Harm(GateMeasure measure, double? harm) => harm is not { } h ? Format.Unknown
        : IsRatio(measure) ? FormattableString.Invariant($"{(Math.Exp(h) - 1) * 100:+0.#;−0.#;0} %") : FormattableString.Invariant($"{h * 100:+0.#;−0.#;0} points");
}
