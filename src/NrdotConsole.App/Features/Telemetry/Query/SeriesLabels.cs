using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>
/// The labels under which a series is asked for: the resource's and the point's. A point's attribute hides a resource's of the same key,
/// which stays as <c>resource.KEY</c>. The tenant is <c>nrdot.tenant</c>, left out for the tenant "default" where no sender named it.
/// </summary>
internal static class SeriesLabels
{
    public const string Tenant = "nrdot.tenant";

    /// <summary>
    /// Whether someone limited to <paramref name="tenants"/> (null: to none) may read a series: those of their tenants, and what the
    /// console has noted about their tenants (the label <c>tenant</c> of its own signals says whose figure it is).
    /// </summary>
    public static bool MayRead(IReadOnlyCollection<string>? tenants, string tenant, string metric, Labels attributes) =>
        tenants is null || tenants.Contains(tenant)
        || (tenant == ReservedTenant.Name && metric.StartsWith("nrdot.", StringComparison.Ordinal) && tenants.Contains(attributes.Get("tenant")));

    /// <summary>The condition, as the API writes it, that selects a tenant's series.</summary>
    public static string TenantFilter(string tenant) => tenant == "default" ? $"{Tenant}=~(default)?" : $"{Tenant}={tenant}";

    public static Labels Merge(Labels resource, Labels attributes, string tenant)
    {
        var merged = new List<KeyValuePair<string, string>>(resource.Count + attributes.Count + 1);
        foreach (var pair in resource)
            merged.Add(attributes.ContainsKey(pair.Key) ? new("resource." + pair.Key, pair.Value) : pair);
        merged.AddRange(attributes);
        if (tenant != "default" && resource.Get(Tenant) != tenant) merged.Add(new(Tenant, tenant));
        return Labels.From(merged);
    }
}
