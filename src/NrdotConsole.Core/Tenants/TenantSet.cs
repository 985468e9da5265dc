namespace NrdotConsole.Core.Tenants;

/// <summary>A tenant of the guide's multi-tenant-config.yaml: its Kubernetes namespace, limits of its collectors, and the profile of its hosts.</summary>
public sealed record Tenant(string Name, string? Namespace, string? Profile, int? MaxSeries, decimal? CpuCores, long? MemoryBytes);

public sealed record TenantSet(IReadOnlyList<Tenant> Tenants)
{
    public static readonly TenantSet None = new([]);

    /// <summary>By name, else by namespace: hosts that are labelled by where they run belong to the tenant all the same.</summary>
    public Tenant? Find(string name) => Tenants.FirstOrDefault(t => t.Name == name) ?? Tenants.FirstOrDefault(t => t.Namespace == name);
}
