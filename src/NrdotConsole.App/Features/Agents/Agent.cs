using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

internal enum AgentTransport { WebSocket, Http }

/// <summary>
/// One agent as it stands now: immutable, replaced at each change. Details that only its own page shows are in <see cref="AgentDetails"/>.
/// </summary>
/// <param name="InstanceUid">A UUID in lower case.</param>
/// <param name="HostKey">host.id, else host.name, as in telemetry; empty where the agent says neither.</param>
internal sealed record Agent(string InstanceUid, string Tenant, string HostKey, string HostName)
{
    public string Os { get; init; } = "";

    /// <summary>service.name: what program it is.</summary>
    public string Type { get; init; } = "";

    /// <summary>service.version.</summary>
    public string Version { get; init; } = "";
    public AgentCapabilities Capabilities { get; init; }
    public AgentTransport Transport { get; init; }
    public string Address { get; init; } = "";

    /// <summary>A WebSocket stands, or it polled within three intervals.</summary>
    public bool Connected { get; init; }
    public DateTimeOffset FirstSeen { get; init; }
    public DateTimeOffset LastSeen { get; init; }

    /// <summary>Hash of the configuration that it shall run; null: none is assigned.</summary>
    public string? AssignedHash { get; init; }
    public DateTimeOffset? AssignedAt { get; init; }
    public long? ChangeId { get; init; }

    /// <summary>Hash of the last remote configuration that it says it received, and what became of it.</summary>
    public string? ReportedHash { get; init; }
    public RemoteConfigStatuses Status { get; init; }
    public string? Error { get; init; }
    public DateTimeOffset? StatusAt { get; init; }

    /// <summary>Null: it does not report health.</summary>
    public bool? Healthy { get; init; }
    public string? HealthStatus { get; init; }
    public string? HealthError { get; init; }

    /// <summary>SHA-256 of the configuration that it says it runs, as text.</summary>
    public string? EffectiveHash { get; init; }
    public DateTimeOffset? EffectiveAt { get; init; }

    /// <summary>Since when what it runs differs in meaning from what is assigned; null: it does not, or that is unknown.</summary>
    public DateTimeOffset? DriftSince { get; init; }
    public string? ComponentsHash { get; init; }

    /// <summary>It has used a secret of its own: the enrolment token opens this agent no more.</summary>
    public bool HasOwnSecret { get; init; }
    public long? TokenId { get; init; }

    public bool Can(AgentCapabilities capability) => (Capabilities & capability) == capability;

    /// <summary>It takes configurations from here. Others are seen but not steered.</summary>
    public bool IsSteered => Can(AgentCapabilities.AcceptsRemoteConfig);
}
