namespace NrdotConsole.Core.Desired;

/// <summary>
/// A host as rings, flags and profiles see it. <paramref name="Key"/> is host.id, else host.name: the key of its telemetry and
/// of its agent alike; it is unique within a tenant.
/// </summary>
public readonly record struct HostIdentity(string Tenant, string Key, string Name, string Os = "");
