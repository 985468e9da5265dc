namespace NrdotConsole.Protocol.OpAmp;

/// <summary>What the server tells. With an error no other part is set; with a command only the identifier and capabilities.</summary>
public sealed record ServerToAgent(Guid InstanceUid)
{
    public ServerError? Error { get; init; }
    public AgentRemoteConfig? RemoteConfig { get; init; }
    public ConnectionSettingsOffers? ConnectionSettings { get; init; }
    public ServerToAgentFlags Flags { get; init; }
    public ServerCapabilities Capabilities { get; init; }

    /// <summary>The identifier that the agent shall use from now on; null: it keeps its own.</summary>
    public Guid? NewInstanceUid { get; init; }
    public AgentCommand? Command { get; init; }
    public CustomCapabilities? CustomCapabilities { get; init; }
    public CustomMessage? CustomMessage { get; init; }
}

public enum ServerErrorType { Unknown = 0, BadRequest = 1, Unavailable = 2 }

/// <param name="RetryAfter">When to come again, with <see cref="ServerErrorType.Unavailable"/>; null leaves it to the agent.</param>
public sealed record ServerError(ServerErrorType Type, string Message, TimeSpan? RetryAfter = null);

public enum AgentCommand { Restart = 0 }
