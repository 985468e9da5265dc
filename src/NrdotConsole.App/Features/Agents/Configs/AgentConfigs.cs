namespace NrdotConsole.App.Features.Agents;

/// <summary>The three configurations of an agent, side by side.</summary>
internal sealed class AgentConfigs(DesiredConfigs desired, ConfigBodies bodies, DriftWatch drift, TimeProvider time)
{
    public AgentConfigsView Of(Agent agent)
    {
        var now = time.GetUtcNow();
        var wanted = agent.IsSteered ? desired.Of(agent) : null;
        return new(
            wanted is null ? null : new(wanted.Hash, wanted.Yaml),
            agent.AssignedHash is { } assigned ? new(assigned, bodies.Find(assigned), agent.AssignedAt, agent.ChangeId) : null,
            agent.EffectiveHash is { } effective ? new(effective, bodies.Find(effective), agent.EffectiveAt) : null,
            AgentConfigStates.Of(agent, now), wanted is not null && agent.AssignedHash is not null && wanted.Hash != agent.AssignedHash,
            drift.Compare(agent.AssignedHash, agent.EffectiveHash), agent.DriftSince, agent.DriftSince is { } since ? (now - since).TotalSeconds : null);
    }
}
