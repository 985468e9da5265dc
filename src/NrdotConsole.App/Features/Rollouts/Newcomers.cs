using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>
/// Gives an agent that takes configurations, and was never assigned one, what main says for its host. An excluded host keeps what it runs; an
/// agent of a wave that has begun is the rollout's; a poisoned configuration is given to nobody.
/// </summary>
internal sealed class Newcomers(RolloutFleet fleet, DesiredStates states, RolloutEngine engine, PoisonList poison, RolloutSettings settings)
{
    TargetPlanner? _planner;

    public async Task GreetAsync(CancellationToken ct = default)
    {
        if (!settings.AssignNewAgents) return;
        var waiting = fleet.Agents.Where(a => a is { IsSteered: true, Connected: true, AssignedHash: null } && a.HostKey.Length > 0 && !fleet.AwaitsComponents(a) && !IsOfRollout(a.InstanceUid)).ToList();
        if (waiting.Count == 0) return;
        var main = states.Current;
        await fleet.SeeAsync(main.Rings, waiting, ct);
        if (!ReferenceEquals(_planner?.After, main)) _planner = fleet.Planner(main, main);
        var planned = waiting.Where(a => !_planner!.IsExcluded(RolloutFleet.HostOf(a)))
            .Select(a => (Agent: a, Ring: fleet.RingOf(a))).Where(a => a.Ring is not null)
            .Select(a => (a.Agent, Config: _planner!.Before(RolloutFleet.HostOf(a.Agent), a.Ring!.Value, fleet.ComponentsOf(a.Agent))));
        foreach (var group in planned.GroupBy(p => p.Config.Hash).Where(g => poison.WhyNot(g.Key) is null))
            await fleet.AssignAsync([.. group.Select(g => g.Agent.InstanceUid)], group.First().Config, null, ct);
    }

    bool IsOfRollout(string uid) =>
        engine.Current is { State: { IsFinished: false } state } rollout && state.Agents.TryGetValue(uid, out var agent) && state.HasBegun(rollout.Plan.WaveOf(agent.Target.Ring));
}
