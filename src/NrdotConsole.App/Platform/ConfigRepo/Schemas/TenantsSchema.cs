using System.Globalization;
using System.Text.RegularExpressions;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Tenants;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary>
/// <c>multi-tenant-config.yaml</c>: tenants as the guide has them. Its section of processors names a routing processor that collectors no
/// longer have, in a syntax that they never had: it is explained, and the routing connector is rendered from the tenants in its place.
/// </summary>
internal static partial class TenantsSchema
{
    const int MaxTenants = 1_000;

    public static TenantSet? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        var list = map.Require("tenants", "list the tenants: name, namespace, profile");
        var tenants = list?.ListOf(t => One(t, links)) ?? [];
        if (tenants.Count > MaxTenants) list?.Error($"There are {tenants.Count} tenants.", $"at most {MaxTenants}");
        foreach (var same in tenants.GroupBy(t => t.Name).Where(g => g.Count() > 1)) list?.Error($"Two tenants are called '{same.Key}'.", "each tenant has a name of its own");
        foreach (var same in tenants.Where(t => t.Namespace is not null).GroupBy(t => t.Namespace).Where(g => g.Count() > 1))
            list?.Error($"{string.Join(" and ", same.Select(t => t.Name))} have the same namespace '{same.Key}'.", "a namespace belongs to one tenant");
        foreach (var (name, processor) in map.Find("processors")?.Map()?.Named() ?? []) Routing(name, processor, tenants);
        map.Close();
        return new(tenants);
    }

    static Tenant? One(Field field, Links links)
    {
        if (field.Map() is not { } map) return null;
        var name = map.Require("name", "what its hosts and its data are called by");
        if (name?.Text() is { } word && !TenantName().IsMatch(word)) name.Error($"'{word}' is no name of a tenant.", "letters, digits, '_', '-' and '.', up to 100");
        var profile = map.Find("profile");
        if (profile?.Name() is { } p) links.Add(LinkKind.Profile, p, profile);
        var limits = map.Find("resource_limits")?.Map();
        var tenant = name?.Name() is { } n
            ? new Tenant(n, map.Find("namespace")?.Name(), profile?.Name(), limits?.Find("max_series")?.Whole(1, 100_000_000), Cores(limits?.Find("cpu")), Bytes(limits?.Find("memory")))
            : null;
        limits?.Close();
        map.Close();
        return tenant;
    }

    static void Routing(string name, Field field, IReadOnlyList<Tenant> tenants)
    {
        if (name.Split('/')[0] != "routing")
        {
            field.Warning($"Processors are not configured here: '{name}' is not rendered.", "profiles, filters and flags are");
            return;
        }
        field.Warning("Collectors no longer have a routing processor.", "the routing connector is rendered from the tenants' namespaces; this section may go");
        if (field.Map() is not { } map) return;
        map.Find("from_context")?.Warning("It routes by a header of the request; the table below routes by a resource attribute.", "resources are routed by k8s.namespace.name");
        foreach (var row in map.Find("table")?.List() ?? [])
        {
            if (row.Map() is not { } entry || entry.Find("statement") is not { } statement || statement.Text() is not { } text) continue;
            if (!text.Contains("route()", StringComparison.Ordinal)) statement.Warning("A routing statement is 'route() where …'; this is a bare condition.", "it is rendered as a condition of the connector");
            if (Namespace().Match(text) is { Success: true } match && tenants.All(t => t.Namespace != match.Groups[1].Value))
                statement.Warning($"No tenant has the namespace '{match.Groups[1].Value}': nothing is rendered for it.", "add the tenant above");
        }
    }

    /// <summary>Cores as Kubernetes writes them: <c>2.0</c>, <c>500m</c>.</summary>
    static decimal? Cores(Field? field)
    {
        if (field?.Text() is not { } text) return null;
        var milli = text.EndsWith('m');
        if (decimal.TryParse(milli ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0 && value < 1_000_000) return milli ? value / 1000 : value;
        field.Error($"'{text}' is not a number of cores.", "write 2.0 or 500m");
        return null;
    }

    /// <summary>Bytes as Kubernetes writes them: <c>4Gi</c>, <c>512Mi</c>, <c>2G</c>.</summary>
    static long? Bytes(Field? field)
    {
        if (field?.Text() is not { } text) return null;
        if (Quantity().Match(text) is { Success: true } match && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
        {
            var bytes = value * match.Groups[2].Value switch { "Ki" => 1L << 10, "Mi" => 1L << 20, "Gi" => 1L << 30, "Ti" => 1L << 40, "k" => 1_000, "M" => 1_000_000, "G" => 1_000_000_000, "T" => 1_000_000_000_000, _ => 1 };
            if (bytes is >= 1 and < long.MaxValue) return (long)bytes;
        }
        field.Error($"'{text}' is not an amount of memory.", "write 4Gi or 512Mi");
        return null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}$")]
    private static partial Regex TenantName();

    [GeneratedRegex(@"^(\d{1,12}(?:\.\d{1,6})?)(Ki|Mi|Gi|Ti|k|M|G|T)?$")]
    private static partial Regex Quantity();

    [GeneratedRegex(@"k8s\.namespace\.name""\]\s*==\s*""([^""]+)""")]
    private static partial Regex Namespace();
}
