namespace NrdotConsole.Protocol.OpAmp;

/// <summary>What an agent can do, as the bits of AgentToServer.capabilities.</summary>
[Flags]
public enum AgentCapabilities : ulong
{
    None = 0,
    ReportsStatus = 0x1,
    AcceptsRemoteConfig = 0x2,
    ReportsEffectiveConfig = 0x4,
    AcceptsPackages = 0x8,
    ReportsPackageStatuses = 0x10,
    ReportsOwnTraces = 0x20,
    ReportsOwnMetrics = 0x40,
    ReportsOwnLogs = 0x80,
    AcceptsOpAmpConnectionSettings = 0x100,
    AcceptsOtherConnectionSettings = 0x200,
    AcceptsRestartCommand = 0x400,
    ReportsHealth = 0x800,
    ReportsRemoteConfig = 0x1000,
    ReportsHeartbeat = 0x2000,
    ReportsAvailableComponents = 0x4000,
    ReportsConnectionSettingsStatus = 0x8000,
}

[Flags]
public enum ServerCapabilities : ulong
{
    None = 0,
    AcceptsStatus = 0x1,
    OffersRemoteConfig = 0x2,
    AcceptsEffectiveConfig = 0x4,
    OffersPackages = 0x8,
    AcceptsPackagesStatus = 0x10,
    OffersConnectionSettings = 0x20,
    AcceptsConnectionSettingsRequest = 0x40,
}

[Flags]
public enum AgentToServerFlags : ulong
{
    None = 0,

    /// <summary>The agent's identifier is temporary: the server shall give it another.</summary>
    RequestInstanceUid = 0x1,
}

[Flags]
public enum ServerToAgentFlags : ulong
{
    None = 0,

    /// <summary>The server lacks what the agent left out as unchanged: it shall send everything.</summary>
    ReportFullState = 0x1,

    /// <summary>The agent told only the hash of its components: it shall send them in full.</summary>
    ReportAvailableComponents = 0x2,
}
