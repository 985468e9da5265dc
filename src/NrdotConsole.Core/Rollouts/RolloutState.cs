using System.Collections.Immutable;

namespace NrdotConsole.Core.Rollouts;

/// <summary>
/// Where one agent stands. Offered and RollingBack are in flight: assigned, not yet answered. Timeout: connected, but without an answer in
/// time; NotReporting: not connected. RolledBack: assigned its previous configuration, and answered or given up on.
/// </summary>
public enum AgentState { Pending, Offered, ConfigApplied, Failed, Timeout, NotReporting, RollingBack, RolledBack }

public enum RolloutPhase { Assigning, Soaking, RollingBack, Applied, RolledBack }

/// <summary>One time an agent was given a configuration, and what came of it. <paramref name="EndedAt"/> is null while it is in flight.</summary>
public sealed record RolloutAttempt(string Hash, DateTimeOffset OfferedAt, AgentState? Outcome = null, DateTimeOffset? EndedAt = null, string? Error = null);

/// <summary>
/// One agent in a rollout. <paramref name="WasAbsent"/>: its silence is not the configuration's doing, and is held against nobody. It was not
/// connected when its turn came, or had fallen silent before so that it was never sent anything, or was removed from the fleet. It is
/// assigned all the same, and finds its configuration when it comes back.
/// </summary>
public sealed record AgentProgress(RolloutTarget Target, AgentState State, bool WasAbsent, ImmutableArray<RolloutAttempt> Attempts)
{
    public AgentProgress(RolloutTarget target) : this(target, AgentState.Pending, false, []) { }

    public bool IsInFlight => State is AgentState.Offered or AgentState.RollingBack;
    public bool IsTouched => State != AgentState.Pending;
    public bool HasFailed => State is AgentState.Failed or AgentState.Timeout || (State == AgentState.NotReporting && !WasAbsent);
    public DateTimeOffset? OfferedAt => Attempts.Length > 0 ? Attempts[^1].OfferedAt : null;
    public DateTimeOffset? AnsweredAt => Attempts.Length > 0 ? Attempts[^1].EndedAt : null;
    public string? Error => Attempts.Length > 0 ? Attempts[^1].Error : null;

    /// <summary>What it must be assigned now; null while it has not been touched.</summary>
    public string? Hash => State switch
    {
        AgentState.Pending => null,
        AgentState.RollingBack or AgentState.RolledBack => Target.PreviousHash,
        _ => Target.TargetHash,
    };

    public AgentProgress Offer(AgentState state, string hash, DateTimeOffset at) => this with { State = state, Attempts = Attempts.Add(new(hash, at)) };

    public AgentProgress End(AgentState state, DateTimeOffset at, string? error = null) =>
        this with { State = state, Attempts = Attempts.SetItem(Attempts.Length - 1, Attempts[^1] with { Outcome = state, EndedAt = at, Error = error }) };
}

/// <summary>The times of one wave; null is not yet.</summary>
public sealed record WaveProgress(DateTimeOffset? BegunAt = null, DateTimeOffset? SoakingSince = null, DateTimeOffset? EndedAt = null, GateVerdict? Verdict = null);

/// <summary>
/// All that a rollout must remember, immutable. <paramref name="Look"/> is the look at the present wave's gate that is asked for or was last
/// answered, <paramref name="IsLookAsked"/> says which; <paramref name="PausedBecause"/> is null while it runs; <paramref name="Reason"/> is
/// why it goes or went back.
/// </summary>
public sealed record RolloutState(
    RolloutPhase Phase, DateTimeOffset StartedAt, int Wave, ImmutableArray<WaveProgress> Waves, ImmutableDictionary<string, AgentProgress> Agents)
{
    public int Look { get; init; }
    public bool IsLookAsked { get; init; }
    public DateTimeOffset? NextLookAt { get; init; }

    /// <summary>From when the longest soak counts: the soak's begin, or the last resumption.</summary>
    public DateTimeOffset? SoakCountsFrom { get; init; }
    public string? PausedBecause { get; init; }
    public string? Reason { get; init; }

    /// <summary>Somebody ordered it back; else it goes back by itself.</summary>
    public bool WasOrderedBack { get; init; }
    public DateTimeOffset? AppliedAt { get; init; }
    public DateTimeOffset? RollbackStartedAt { get; init; }
    public DateTimeOffset? RolledBackAt { get; init; }

    public bool IsFinished => Phase is RolloutPhase.Applied or RolloutPhase.RolledBack;

    /// <summary>Its wave has begun: the agents of it are to run the change's configuration.</summary>
    public bool HasBegun(int wave) => wave >= 0 && wave < Waves.Length && Waves[wave].BegunAt is not null;

    public static RolloutState Start(RolloutPlan plan, IEnumerable<RolloutTarget> targets, DateTimeOffset at) => new(
        RolloutPhase.Assigning, at, 0,
        [.. plan.Waves.Select((_, i) => i == 0 ? new WaveProgress(at) : new WaveProgress())],
        targets.Where(t => plan.WaveOf(t.Ring) >= 0).ToImmutableDictionary(t => t.Uid, t => new AgentProgress(t)));
}
