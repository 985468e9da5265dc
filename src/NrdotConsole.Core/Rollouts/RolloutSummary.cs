using NrdotConsole.Core.Rings;

namespace NrdotConsole.Core.Rollouts;

/// <summary>One ring of a rollout as it stands. <paramref name="Gate"/> is the last look at its gate, null before the first.</summary>
public sealed record WaveSummary(
    int Ring, string Name, RingRole Role, IReadOnlyDictionary<AgentState, int> Agents, DateTimeOffset? BegunAt, DateTimeOffset? SoakingSince, DateTimeOffset? EndedAt,
    GateVerdict? Verdict, GateJudgement? Gate)
{
    public int Total => Agents.Values.Sum();
}

/// <summary>
/// A rollout as everybody sees it. <paramref name="Waiting"/> says why nothing moves though nobody paused it: the lever, a freeze window, a start.
/// <paramref name="Forward"/> is how long it took to apply everywhere, <paramref name="Back"/> how long to take back; null until then.
/// <paramref name="Eta"/> is when the way that it is on ends, were nothing to hold it.
/// </summary>
public sealed record RolloutSummary(
    long Id, string Title, DateTimeOffset At, RolloutPhase Phase, string? PausedBecause, string? Waiting, string? Reason, IReadOnlyList<WaveSummary> Waves,
    DateTimeOffset StartedAt, DateTimeOffset? AppliedAt, DateTimeOffset? RollbackStartedAt, DateTimeOffset? RolledBackAt, TimeSpan? Forward, TimeSpan? Back, DateTimeOffset? Eta,
    RolloutPace Pace)
{
    public int Agents => Waves.Sum(w => w.Total);
    public int Count(AgentState state) => Waves.Sum(w => w.Agents.GetValueOrDefault(state));

    public static RolloutSummary Of(
        long id, string title, DateTimeOffset at, RolloutPlan plan, RolloutState state, string? waiting, Func<int, GateJudgement?> gateOf)
    {
        var byWave = state.Agents.Values.GroupBy(a => plan.WaveOf(a.Target.Ring)).ToDictionary(g => g.Key, g => g.GroupBy(a => a.State).ToDictionary(s => s.Key, s => s.Count()));
        var waves = plan.Waves.Select((wave, i) => new WaveSummary(
            wave.Ring, wave.Name, wave.Role, byWave.GetValueOrDefault(i) ?? [], state.Waves[i].BegunAt, state.Waves[i].SoakingSince, state.Waves[i].EndedAt, state.Waves[i].Verdict, gateOf(i))).ToList();
        return new(
            id, title, at, state.Phase, state.PausedBecause, waiting, state.Reason, waves, state.StartedAt, state.AppliedAt, state.RollbackStartedAt, state.RolledBackAt,
            state.AppliedAt - state.StartedAt, state.RolledBackAt - state.RollbackStartedAt, EtaOf(plan, state, waves, at), plan.Pace);
    }

    /// <summary>What is left at the pace seen so far (5 s an agent before the first has answered), and the soaks to come.</summary>
    static DateTimeOffset? EtaOf(RolloutPlan plan, RolloutState state, List<WaveSummary> waves, DateTimeOffset at)
    {
        if (state.IsFinished || state.PausedBecause is not null) return null;
        var answers = state.Agents.Values.SelectMany(a => a.Attempts).Where(a => a.Outcome is AgentState.ConfigApplied or AgentState.RolledBack).Select(a => a.EndedAt - a.OfferedAt).ToList();
        var each = answers.Count > 0 ? TimeSpan.FromTicks((long)answers.Average(a => a!.Value.Ticks)) : TimeSpan.FromSeconds(5);
        if (state.Phase == RolloutPhase.RollingBack)
            return at + (each * Math.Ceiling(state.Agents.Values.Count(a => a.IsTouched && a.State != AgentState.RolledBack) / (double)plan.Pace.RollbackConcurrency));
        var left = TimeSpan.Zero;
        for (var i = state.Wave; i < waves.Count; i++)
        {
            if (waves[i].Total == 0) continue;
            var open = waves[i].Agents.GetValueOrDefault(AgentState.Pending) + waves[i].Agents.GetValueOrDefault(AgentState.Offered);
            left += each * Math.Ceiling(open / (double)plan.Pace.Concurrency);
            left += waves[i].SoakingSince is { } since ? (since + plan.Pace.Soak - at is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero) : plan.Pace.Soak;
        }
        return at + left;
    }
}
