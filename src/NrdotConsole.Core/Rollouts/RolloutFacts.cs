namespace NrdotConsole.Core.Rollouts;

/// <summary>What the agent answered of the configuration whose hash it reports.</summary>
public enum ConfigAnswer { None, Applying, Applied, Failed }

/// <summary>
/// One agent now. <paramref name="AssignedHash"/> is what the console holds for it, <paramref name="ReportedHash"/> the last that it answered to.
/// <paramref name="WasSent"/>: since the console's start what is assigned was put on a connection of its; an agent that polls may never have come for it.
/// </summary>
public sealed record AgentFact(
    bool IsConnected, DateTimeOffset LastSeen, string? AssignedHash, string? ReportedHash, ConfigAnswer Answer, string? Error = null, bool WasSent = true);

/// <summary>What may not move. Forward: no agent is given the new configuration. The way back is never held.</summary>
public enum RolloutHold { None, Forward }

public enum RolloutCommandKind { Pause, Resume, RollBack }

public sealed record RolloutCommand(RolloutCommandKind Kind, string Reason);

/// <summary>A judged look at a wave's gate.</summary>
public sealed record GateAnswer(int Wave, int Look, GateVerdict Verdict, string Reason);

/// <summary>
/// The world at one time. <paramref name="Targets"/> are the agents that the change concerns now: one that joined since is taken in, one that
/// is no longer named and has not been touched is let go. Repeating facts changes nothing.
/// </summary>
public sealed record RolloutFacts(DateTimeOffset At, IReadOnlyList<RolloutTarget> Targets, IReadOnlyDictionary<string, AgentFact> Agents)
{
    /// <summary>From when on agents could be heard: the console's own start. An earlier silence is the console's, not theirs.</summary>
    public DateTimeOffset Since { get; init; }
    public RolloutHold Hold { get; init; }
    public GateAnswer? Gate { get; init; }
    public RolloutCommand? Command { get; init; }
}

/// <summary>Something to do, after the state that asks for it has been written down. Doing it twice is doing it once.</summary>
public abstract record RolloutAction
{
    /// <summary>Assign agents, by uid, one configuration: the change's, or their previous one.</summary>
    public sealed record Assign(string Hash, IReadOnlyList<string> Uids) : RolloutAction;

    /// <summary>Judge the wave's gate, and answer with the next facts.</summary>
    public sealed record Judge(int Wave, int Look, bool IsSoakOver) : RolloutAction;
}

/// <param name="WakeAt">When time alone changes something; null where only new facts can.</param>
public sealed record RolloutStep(RolloutState State, IReadOnlyList<RolloutAction> Actions, DateTimeOffset? WakeAt);
