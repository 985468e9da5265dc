namespace NrdotConsole.Protocol.OpAmp;

/// <summary>The health of an agent or of a part of it, by name, as deep as the agent tells. Times are Unix nanoseconds, 0 where it doesn't say.</summary>
public sealed record ComponentHealth(bool Healthy)
{
    public static readonly IReadOnlyDictionary<string, ComponentHealth> NoParts = new Dictionary<string, ComponentHealth>();

    public ulong StartTimeUnixNano { get; init; }
    public string LastError { get; init; } = "";
    public string Status { get; init; } = "";
    public ulong StatusTimeUnixNano { get; init; }
    public IReadOnlyDictionary<string, ComponentHealth> Parts { get; init; } = NoParts;
    public IReadOnlyList<KeyValue> Attributes { get; init; } = [];
}

public enum RemoteConfigStatuses { Unset = 0, Applied = 1, Applying = 2, Failed = 3 }

/// <summary>What became of the remote configuration with this hash; no bytes: the agent has had none.</summary>
public sealed record RemoteConfigStatus(ReadOnlyMemory<byte> LastHash, RemoteConfigStatuses Status, string Error = "");

public enum ConnectionSettingsStatuses { Unset = 0, Applied = 1, Applying = 2, Failed = 3 }

public sealed record ConnectionSettingsStatus(ReadOnlyMemory<byte> LastHash, ConnectionSettingsStatuses Status, string Error = "");

/// <summary>What an agent could run. Agents send the hash alone until the server asks for the components.</summary>
public sealed record AvailableComponents(ReadOnlyMemory<byte> Hash, IReadOnlyDictionary<string, ComponentDetails> Components);

public sealed record ComponentDetails(IReadOnlyList<KeyValue> Metadata, IReadOnlyDictionary<string, ComponentDetails> Parts)
{
    public static readonly IReadOnlyDictionary<string, ComponentDetails> NoParts = new Dictionary<string, ComponentDetails>();
    public static readonly ComponentDetails Empty = new([], NoParts);
}

public sealed record PackageStatuses(IReadOnlyDictionary<string, PackageStatus> Packages, ReadOnlyMemory<byte> AllPackagesHash, string Error = "");

/// <param name="Status">PackageStatusEnum: 0 installed, 1 pending, 2 installing, 3 failed, 4 downloading.</param>
public sealed record PackageStatus(string Name, string HasVersion, string OfferedVersion, int Status, string Error);

public sealed record CustomCapabilities(IReadOnlyList<string> Capabilities);

public sealed record CustomMessage(string Capability, string Type, ReadOnlyMemory<byte> Data);
