using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>How far an agent is with the configuration that is assigned to it.</summary>
internal enum AgentConfigState
{
    /// <summary>It takes no configuration from here.</summary>
    NotSteered,

    /// <summary>Nothing is assigned.</summary>
    Unassigned,

    /// <summary>It has not said yet that it has the configuration.</summary>
    Pending,

    /// <summary>It says that it is applying it.</summary>
    Applying,

    ConfigApplied,

    /// <summary>It could not apply it, and says why.</summary>
    Failed,

    /// <summary>It is there, but has not said within the time limit that it applied it.</summary>
    Timeout,

    /// <summary>Nothing was heard of it lately.</summary>
    NotReporting,
}

internal static class AgentConfigStates
{
    /// <summary>Applying includes a restart of the collector and its first health.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Three heartbeats of 30 s.</summary>
    public static readonly TimeSpan DefaultSilence = TimeSpan.FromSeconds(90);

    public static AgentConfigState Of(Agent agent, DateTimeOffset now) => Of(agent, now, DefaultTimeout, DefaultSilence);

    /// <summary>
    /// An answer about the assigned configuration counts whatever came after it. Without one, silence tells before slowness:
    /// an agent that is not there cannot be late.
    /// </summary>
    public static AgentConfigState Of(Agent agent, DateTimeOffset now, TimeSpan timeout, TimeSpan silence)
    {
        if (!agent.IsSteered) return AgentConfigState.NotSteered;
        if (agent.AssignedHash is not { } assigned) return AgentConfigState.Unassigned;
        var answered = agent.ReportedHash == assigned;
        if (answered && agent.Status == RemoteConfigStatuses.Applied) return AgentConfigState.ConfigApplied;
        if (answered && agent.Status == RemoteConfigStatuses.Failed) return AgentConfigState.Failed;
        if (!agent.Connected && now - agent.LastSeen > silence) return AgentConfigState.NotReporting;
        if (now - agent.AssignedAt > timeout) return AgentConfigState.Timeout;
        return answered ? AgentConfigState.Applying : AgentConfigState.Pending;
    }
}
