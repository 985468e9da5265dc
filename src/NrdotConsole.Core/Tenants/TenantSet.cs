namespace NrdotConsole.Core.Tenants;

/// <summary>A tenant of the guide's multi-tenant-config.yaml: its Kubernetes namespace, limits of its collectors, and the profile of its hosts.</summary>
public sealed record Tenant(string Name, string? Namespace, string? Profile, int? MaxSeries, decimal? CpuCores, long? MemoryBytes);

public sealed record TenantSet(IReadOnlyList<Tenant> Tenants)
{
    public static readonly TenantSet None = new([]);

    public Tenant? Find(string name) => Tenants.FirstOrDefault(t => t.Name == name);
}
