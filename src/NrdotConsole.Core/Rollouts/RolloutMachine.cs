using System.Collections.Immutable;

namespace NrdotConsole.Core.Rollouts;

/// <summary>
/// Walks a rollout through its waves: state and facts in, state and actions out, no clock and no I/O. Actions follow from the state, not from
/// the step that led to it: an agent whose assigned configuration is not what its state says is assigned it again, so a step whose actions
/// were lost in a crash is made good by the next one.
/// </summary>
public static class RolloutMachine
{
    public static RolloutStep Step(RolloutPlan plan, RolloutState state, RolloutFacts facts)
    {
        state = Obey(state, facts);
        if (state.IsFinished) return new(state, [], null);
        var agents = state.Agents.ToBuilder();
        Admit(plan, agents, facts);
        foreach (var (uid, agent) in state.Agents)
            if (agents.ContainsKey(uid) && Observe(plan.Pace, agent, facts) is var seen && !ReferenceEquals(seen, agent)) agents[uid] = seen;

        if (state.Phase != RolloutPhase.RollingBack && OverBudget(plan, state, agents) is { } fault) state = GoBack(state, facts.At, fault, GateVerdict.Fail);
        state = state.Phase switch
        {
            RolloutPhase.Assigning => Forward(plan, state, agents, facts),
            RolloutPhase.Soaking => Soak(plan, state, agents, facts),
            _ => state,
        };
        if (state.Phase == RolloutPhase.RollingBack) state = Back(plan, state, agents, facts);
        state = state with { Agents = agents.ToImmutable() };
        return new(state, Actions(plan, state, facts), WakeAt(plan, state));
    }

    static RolloutState Obey(RolloutState state, RolloutFacts facts) => facts.Command switch
    {
        { Kind: RolloutCommandKind.Pause } pause when !state.IsFinished && state.Phase != RolloutPhase.RollingBack => state with { PausedBecause = state.PausedBecause ?? pause.Reason },
        { Kind: RolloutCommandKind.Resume } when state.PausedBecause is not null => state with { PausedBecause = null, SoakCountsFrom = state.Phase == RolloutPhase.Soaking ? facts.At : null },
        { Kind: RolloutCommandKind.RollBack } back when state.Phase is not (RolloutPhase.RollingBack or RolloutPhase.RolledBack) => GoBack(state, facts.At, back.Reason, null) with { WasOrderedBack = true },
        _ => state,
    };

    static void Admit(RolloutPlan plan, ImmutableDictionary<string, AgentProgress>.Builder agents, RolloutFacts facts)
    {
        var named = new HashSet<string>(facts.Targets.Count);
        foreach (var target in facts.Targets)
        {
            if (plan.WaveOf(target.Ring) < 0) continue;
            named.Add(target.Uid);
            if (!agents.TryGetValue(target.Uid, out var agent)) agents[target.Uid] = new(target);
            else if (!agent.IsTouched && agent.Target != target) agents[target.Uid] = new(target);
        }
        foreach (var uid in agents.Where(a => !a.Value.IsTouched && !named.Contains(a.Key)).Select(a => a.Key).ToList()) agents.Remove(uid);
    }

    static AgentProgress Observe(RolloutPace pace, AgentProgress agent, RolloutFacts facts)
    {
        if (!agent.IsTouched || agent.State == AgentState.RolledBack) return agent;
        var fact = facts.Agents.GetValueOrDefault(agent.Target.Uid);
        var answer = fact is not null && fact.ReportedHash == agent.Hash ? fact.Answer : ConfigAnswer.None;
        if (agent.State == AgentState.RollingBack) return ObserveBack(pace, agent, fact, answer, facts);
        if (answer == ConfigAnswer.Failed)
            return agent.State == AgentState.Failed ? agent : agent.End(AgentState.Failed, facts.At, fact!.Error ?? "refused without a reason") with { WasAbsent = false };
        var isConnected = fact?.IsConnected == true;
        var isHere = isConnected || (fact is not null && facts.At - Later(fact.LastSeen, facts.Since) < pace.ApplyTimeout);
        if (answer == ConfigAnswer.Applied && isHere)
            return agent.State == AgentState.ConfigApplied ? agent : agent.End(AgentState.ConfigApplied, facts.At) with { WasAbsent = false };
        if (agent.State == AgentState.ConfigApplied)
            return isHere ? agent : fact is null ? Gone(agent, facts) : agent.End(AgentState.NotReporting, facts.At, $"applied it, then not heard of since {fact.LastSeen:u}");
        if (agent.State == AgentState.NotReporting && fact is null && !agent.WasAbsent) return Gone(agent, facts);
        // Its time runs from when it could have heard of it.
        if (agent.State != AgentState.Offered || (fact is not null && fact.AssignedHash != agent.Hash) || facts.At - Later(agent.OfferedAt!.Value, facts.Since) < pace.ApplyTimeout) return agent;
        if (fact is null) return Gone(agent, facts);
        if (isConnected) return agent.End(AgentState.Timeout, facts.At, $"no answer within {pace.ApplyTimeout.TotalSeconds:0} s");
        // What was sent before the console's start is forgotten: then it counts as sent.
        return !fact.WasSent && agent.OfferedAt >= facts.Since
            ? agent.End(AgentState.NotReporting, facts.At, $"silent since before its turn ({fact.LastSeen:u}): it never came for it") with { WasAbsent = true }
            : agent.End(AgentState.NotReporting, facts.At, $"not heard of since {fact.LastSeen:u}");
    }

    /// <summary>A person removed it: that is no failure of what it was given.</summary>
    static AgentProgress Gone(AgentProgress agent, RolloutFacts facts) => agent.End(AgentState.NotReporting, facts.At, "removed from the fleet") with { WasAbsent = true };

    /// <summary>Nobody is done who has not been assigned its previous configuration, unless it is no longer known at all.</summary>
    static AgentProgress ObserveBack(RolloutPace pace, AgentProgress agent, AgentFact? fact, ConfigAnswer answer, RolloutFacts facts)
    {
        if (fact is null) return agent.End(AgentState.RolledBack, facts.At, "no longer known");
        if (fact.AssignedHash != agent.Target.PreviousHash) return agent;
        if (answer == ConfigAnswer.Applied) return agent.End(AgentState.RolledBack, facts.At);
        if (answer == ConfigAnswer.Failed) return agent.End(AgentState.RolledBack, facts.At, $"assigned, but refused: {fact.Error}");
        if (!fact.IsConnected) return agent.End(AgentState.RolledBack, facts.At, "assigned, but not connected: it finds it when it comes back");
        return facts.At - Later(agent.OfferedAt!.Value, facts.Since) < pace.ApplyTimeout ? agent : agent.End(AgentState.RolledBack, facts.At, $"assigned, but no answer within {pace.ApplyTimeout.TotalSeconds:0} s");
    }

    static string? OverBudget(RolloutPlan plan, RolloutState state, ImmutableDictionary<string, AgentProgress>.Builder agents)
    {
        Span<int> failed = stackalloc int[plan.Waves.Count], counted = stackalloc int[plan.Waves.Count];
        foreach (var agent in agents.Values)
        {
            var wave = plan.WaveOf(agent.Target.Ring);
            if (!agent.WasAbsent) counted[wave]++;
            if (agent.HasFailed) failed[wave]++;
        }
        for (var wave = 0; wave < plan.Waves.Count; wave++)
            if (state.HasBegun(wave) && failed[wave] > plan.Pace.AllowedFailures(counted[wave]))
                return $"{failed[wave]} of {counted[wave]} agents of ring {plan.Waves[wave].Ring} failed; {plan.Pace.AllowedFailures(counted[wave])} may";
        return null;
    }

    static RolloutState GoBack(RolloutState state, DateTimeOffset at, string reason, GateVerdict? verdict) => state with
    {
        Phase = RolloutPhase.RollingBack, Reason = reason, RollbackStartedAt = at, PausedBecause = null, IsLookAsked = false, NextLookAt = null,
        Waves = state.Waves.SetItem(state.Wave, state.Waves[state.Wave] with { EndedAt = state.Waves[state.Wave].EndedAt ?? at, Verdict = verdict ?? state.Waves[state.Wave].Verdict }),
    };

    static RolloutState Forward(RolloutPlan plan, RolloutState state, ImmutableDictionary<string, AgentProgress>.Builder agents, RolloutFacts facts)
    {
        if (state.PausedBecause is null && facts.Hold == RolloutHold.None) Offer(plan, state, agents, facts);
        while (!agents.Values.Any(a => plan.WaveOf(a.Target.Ring) <= state.Wave && a.State is AgentState.Pending or AgentState.Offered))
        {
            if (agents.Values.Any(a => plan.WaveOf(a.Target.Ring) == state.Wave))
                return state with
                {
                    Phase = RolloutPhase.Soaking, Look = 0, IsLookAsked = false, SoakCountsFrom = facts.At, NextLookAt = NextLook(plan.Pace, facts.At, facts.At),
                    Waves = state.Waves.SetItem(state.Wave, state.Waves[state.Wave] with { SoakingSince = facts.At }),
                };
            // Nobody is in this ring: nothing to prove here.
            if (state.PausedBecause is not null || facts.Hold != RolloutHold.None) return state;
            state = Next(plan, state, facts.At, null);
            if (state.IsFinished) return state;
            Offer(plan, state, agents, facts);
        }
        return state;
    }

    static void Offer(RolloutPlan plan, RolloutState state, ImmutableDictionary<string, AgentProgress>.Builder agents, RolloutFacts facts)
    {
        var room = plan.Pace.Concurrency - agents.Values.Count(a => a.IsInFlight);
        var waiting = agents.Values.Where(a => a.State == AgentState.Pending && state.HasBegun(plan.WaveOf(a.Target.Ring)));
        foreach (var agent in waiting.OrderBy(a => a.Target.Uid, StringComparer.Ordinal).ToList())
        {
            var offered = agent.Offer(AgentState.Offered, agent.Target.TargetHash, facts.At);
            if (facts.Agents.GetValueOrDefault(agent.Target.Uid) is not { IsConnected: true })
                agents[agent.Target.Uid] = offered.End(AgentState.NotReporting, facts.At, "not connected when its turn came") with { WasAbsent = true };
            else if (room-- > 0) agents[agent.Target.Uid] = offered;
        }
    }

    static RolloutState Soak(RolloutPlan plan, RolloutState state, ImmutableDictionary<string, AgentProgress>.Builder agents, RolloutFacts facts)
    {
        var mayMove = state.PausedBecause is null && facts.Hold == RolloutHold.None;
        if (mayMove) Offer(plan, state, agents, facts);
        if (state.IsLookAsked && facts.Gate is { } gate && gate.Wave == state.Wave && gate.Look == state.Look)
        {
            state = state with { IsLookAsked = false, NextLookAt = NextLook(plan.Pace, facts.At, state.Waves[state.Wave].SoakingSince!.Value) };
            if (gate.Verdict == GateVerdict.Fail) return GoBack(state, facts.At, gate.Reason, GateVerdict.Fail);
            if (gate.Verdict == GateVerdict.Pass && mayMove && IsSoakOver(plan, state, facts.At) && agents.Values.All(a => a.State != AgentState.Offered && IsAssigned(a, facts)))
            {
                var next = Next(plan, state, facts.At, GateVerdict.Pass);
                return next.IsFinished ? next : Forward(plan, next, agents, facts);
            }
            if (gate.Verdict == GateVerdict.Inconclusive && mayMove && facts.At - state.SoakCountsFrom >= plan.Pace.MaxSoak)
            {
                var reason = $"inconclusive after {(facts.At - state.SoakCountsFrom!.Value).TotalSeconds:0} s: {gate.Reason}";
                if (plan.Pace.WhenInconclusive == WhenInconclusive.RollBack) return GoBack(state, facts.At, reason, GateVerdict.Inconclusive);
                return state with { PausedBecause = reason };
            }
        }
        if (!state.IsLookAsked && state.PausedBecause is null && facts.At >= state.NextLookAt) state = state with { Look = state.Look + 1, IsLookAsked = true };
        return state;
    }

    static bool IsSoakOver(RolloutPlan plan, RolloutState state, DateTimeOffset at) => at - state.Waves[state.Wave].SoakingSince >= plan.Pace.Soak;

    static RolloutState Next(RolloutPlan plan, RolloutState state, DateTimeOffset at, GateVerdict? verdict)
    {
        var waves = state.Waves.SetItem(state.Wave, state.Waves[state.Wave] with { EndedAt = at, Verdict = verdict });
        if (state.Wave + 1 == plan.Waves.Count) return state with { Phase = RolloutPhase.Applied, Waves = waves, AppliedAt = at, NextLookAt = null, IsLookAsked = false };
        return state with
        {
            Phase = RolloutPhase.Assigning, Wave = state.Wave + 1, Look = 0, IsLookAsked = false, NextLookAt = null, SoakCountsFrom = null,
            Waves = waves.SetItem(state.Wave + 1, new(at)),
        };
    }

    /// <summary>Last touched, first restored.</summary>
    static RolloutState Back(RolloutPlan plan, RolloutState state, ImmutableDictionary<string, AgentProgress>.Builder agents, RolloutFacts facts)
    {
        var room = plan.Pace.RollbackConcurrency - agents.Values.Count(a => a.IsInFlight);
        var waiting = agents.Values.Where(a => a.IsTouched && a.State is not (AgentState.RollingBack or AgentState.RolledBack));
        foreach (var agent in waiting.OrderByDescending(a => a.OfferedAt).ThenBy(a => a.Target.Uid, StringComparer.Ordinal).ToList())
        {
            // An agent in flight forward keeps its place in flight on the way back.
            if (agent.State != AgentState.Offered && room-- <= 0) continue;
            agents[agent.Target.Uid] = agent.Offer(AgentState.RollingBack, agent.Target.PreviousHash, facts.At);
        }
        return agents.Values.Any(a => a.IsTouched && a.State != AgentState.RolledBack) ? state : state with { Phase = RolloutPhase.RolledBack, RolledBackAt = facts.At };
    }

    static List<RolloutAction> Actions(RolloutPlan plan, RolloutState state, RolloutFacts facts)
    {
        var actions = new List<RolloutAction>();
        actions.AddRange(state.Agents.Values.Where(a => !IsAssigned(a, facts)).GroupBy(a => a.Hash!, a => a.Target.Uid).Select(g => new RolloutAction.Assign(g.Key, [.. g])));
        if (state is { Phase: RolloutPhase.Soaking, IsLookAsked: true }) actions.Add(new RolloutAction.Judge(state.Wave, state.Look, IsSoakOver(plan, state, facts.At)));
        return actions;
    }

    static bool IsAssigned(AgentProgress agent, RolloutFacts facts) =>
        agent.Hash is not { } hash || facts.Agents.GetValueOrDefault(agent.Target.Uid) is not { } fact || fact.AssignedHash == hash;

    static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    static DateTimeOffset? WakeAt(RolloutPlan plan, RolloutState state)
    {
        var wake = state is { Phase: RolloutPhase.Soaking, PausedBecause: null } ? state.NextLookAt : null;
        foreach (var agent in state.Agents.Values)
            if (agent.IsInFlight && agent.OfferedAt + plan.Pace.ApplyTimeout is { } timeout && !(wake <= timeout)) wake = timeout;
        return wake;
    }

    /// <summary>Each interval, and at the soak's end.</summary>
    static DateTimeOffset NextLook(RolloutPace pace, DateTimeOffset at, DateTimeOffset soakingSince)
    {
        var (next, end) = (at + pace.LookEvery, soakingSince + pace.Soak);
        return end > at && end < next ? end : next;
    }
}
