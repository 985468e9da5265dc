namespace NrdotConsole.Protocol.OpAmp;

/// <summary>
/// What an agent tells. A part that is null was left out: unchanged since the agent told it last.
/// <see cref="InstanceUid"/> is <see cref="Guid.Empty"/> where the message has none.
/// </summary>
public sealed record AgentToServer(Guid InstanceUid)
{
    public ulong SequenceNum { get; init; }
    public AgentDescription? Description { get; init; }

    /// <summary>Never to be left out; yet agents do in heartbeats, and 0 then means unchanged.</summary>
    public AgentCapabilities Capabilities { get; init; }
    public ComponentHealth? Health { get; init; }
    public AgentConfigMap? EffectiveConfig { get; init; }
    public RemoteConfigStatus? RemoteConfigStatus { get; init; }
    public PackageStatuses? PackageStatuses { get; init; }

    /// <summary>The agent's last message on this connection.</summary>
    public bool Disconnect { get; init; }
    public AgentToServerFlags Flags { get; init; }
    public ConnectionSettingsRequest? ConnectionSettingsRequest { get; init; }
    public CustomCapabilities? CustomCapabilities { get; init; }
    public CustomMessage? CustomMessage { get; init; }
    public AvailableComponents? AvailableComponents { get; init; }
    public ConnectionSettingsStatus? ConnectionSettingsStatus { get; init; }
}

/// <summary>The agent wants settings made for it. <see cref="CertificateSigningRequest"/> is PEM, or empty.</summary>
public sealed record ConnectionSettingsRequest(ReadOnlyMemory<byte> CertificateSigningRequest);
