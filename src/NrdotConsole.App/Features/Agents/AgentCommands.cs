using NrdotConsole.App.Platform.Lever;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>Why a command was not carried out, and what would mend it.</summary>
internal sealed record AgentRefusal(string Title, string Detail, bool NotFound = false)
{
    public static AgentRefusal Unknown(string uid) => new("No such agent.", $"There is no agent '{uid}'; /api/v1/agents lists them.", NotFound: true);
}

/// <summary>What people order of single agents. Each deed is in the audit log.</summary>
internal sealed class AgentCommands(
    AgentDirectory directory, ConfigAssignments assignments, DesiredConfigs configs, AgentStore store, RestartOrders restarts, EnrolmentTokenStore tokens, SafetyLever lever)
{
    /// <summary>Assigns what main desires: whatever the agent was assigned or came to run instead ends.</summary>
    /// <returns>Null, or why not.</returns>
    public async Task<AgentRefusal?> RevertAsync(Actor actor, string uid, string? reason, CancellationToken ct = default)
    {
        if (directory.Find(uid) is not { } agent) return AgentRefusal.Unknown(uid);
        if (!agent.IsSteered) return new("This agent takes no configuration.", "It does not have the capability AcceptsRemoteConfig. Run it under the console's supervisor.");
        if (lever.IsPulled) return new("The safety lever is pulled.", "Nothing is sent to the fleet until it is released.");
        if (configs.Of(agent) is not { } config) return new("It is not known yet what this agent should run.", "Its host has no ring yet: that takes some seconds after it is first seen.");
        await assignments.TryAgainAsync(uid, config, new(actor, "agent.revert", $"agent:{uid}", new { agent.AssignedHash, agent.EffectiveHash }, new { AssignedHash = config.Hash }, reason), ct);
        return null;
    }

    public async Task<AgentRefusal?> RestartAsync(Actor actor, string uid, string? reason, CancellationToken ct = default)
    {
        if (directory.Entry(uid) is not { } entry) return AgentRefusal.Unknown(uid);
        if (!entry.Current.Can(AgentCapabilities.AcceptsRestartCommand)) return new("This agent takes no restart command.", "It does not have the capability AcceptsRestartCommand.");
        if (!entry.Current.Connected) return new("This agent is not connected.", "A restart is ordered of agents that are there.");
        await restarts.GiveAsync(entry, new(actor, "agent.restart", $"agent:{uid}", Reason: reason), ct);
        return null;
    }

    public async Task<AgentRefusal?> RemoveAsync(Actor actor, string uid, string? reason, CancellationToken ct = default) =>
        await store.RemoveAsync(actor, uid, reason, ct) ? null : AgentRefusal.Unknown(uid);

    /// <summary>Refuses the token from now on, and ends the connections of agents that have nothing else to come by.</summary>
    public async Task<AgentRefusal?> RevokeAsync(Actor actor, long tokenId, CancellationToken ct = default)
    {
        if (!await tokens.RevokeAsync(actor, tokenId, ct)) return new("No such token in force.", $"There is no enrolment token {tokenId}, or it is revoked already.", NotFound: true);
        foreach (var entry in directory.Entries.Where(e => e.Current is { HasOwnSecret: false } a && a.TokenId == tokenId)) entry.Session?.OnEvict?.Invoke();
        return null;
    }
}
