using NrdotConsole.Core.Fleet;

namespace NrdotConsole.App.Features.Fleet;

/// <summary>Which hosts the fleet table shows and in what order; the URL holds it.</summary>
public sealed record FleetFilter(string? Text, HostHealth? Health, string? Ring, string? Profile, string Sort, bool Descending)
{
    public const string DefaultSort = "health";

    static readonly Dictionary<string, Comparison<HostRow>> s_orders = new(StringComparer.Ordinal)
    {
        ["health"] = (a, b) => Severity(b.Health).CompareTo(Severity(a.Health)),
        ["name"] = (a, b) => string.CompareOrdinal(a.Name, b.Name),
        ["tenant"] = (a, b) => string.CompareOrdinal(a.Tenant, b.Tenant),
        ["ring"] = (a, b) => string.CompareOrdinal(a.Ring, b.Ring),
        ["profile"] = (a, b) => string.CompareOrdinal(a.Profile, b.Profile),
        ["age"] = (a, b) => b.LastSeen.CompareTo(a.LastSeen),
        ["series"] = (a, b) => a.ActiveSeries.CompareTo(b.ActiveSeries),
        ["points"] = (a, b) => Nullable.Compare(a.PointsPerMinute, b.PointsPerMinute),
        ["cost"] = (a, b) => Nullable.Compare(a.UsdPerHour, b.UsdPerHour),
        ["coverage"] = (a, b) => Nullable.Compare(a.Coverage, b.Coverage),
        ["anomalies"] = (a, b) => a.OpenAnomalies.CompareTo(b.OpenAnomalies),
    };

    /// <summary>Unknown sort keys and health names mean the default: an old link still opens.</summary>
    public static FleetFilter From(string? text, string? health, string? ring, string? profile, string? sort, bool descending) => new(
        Blank(text), Enum.TryParse<HostHealth>(health, true, out var known) && Enum.IsDefined(known) ? known : null, Blank(ring), Blank(profile),
        sort is not null && s_orders.ContainsKey(sort) ? sort : DefaultSort, descending);

    public List<HostRow> Apply(IReadOnlyList<HostRow> rows)
    {
        var chosen = new List<HostRow>(rows.Count);
        foreach (var row in rows)
        {
            if (Fits(row) && (Health is null || row.Health == Health)) chosen.Add(row);
        }
        var order = s_orders[Sort];
        var sign = Descending ? -1 : 1;
        chosen.Sort((a, b) =>
        {
            var unknown = IsUnknown(a).CompareTo(IsUnknown(b));
            if (unknown != 0) return unknown;
            return order(a, b) is var first && first != 0 ? sign * first : Tie(a, b);
        });
        return chosen;
    }

    /// <summary>How many of each health there are under the other filters: what each facet would show.</summary>
    public Dictionary<HostHealth, int> Facets(IReadOnlyList<HostRow> rows) => rows.Where(Fits).CountBy(r => r.Health).ToDictionary(c => c.Key, c => c.Value);

    bool Fits(HostRow row) =>
        (Ring is null || row.Ring == Ring) && (Profile is null || row.Profile == Profile)
        && (Text is null || Has(row.Name) || Has(row.HostKey) || Has(row.Tenant) || Has(row.Os) || Has(row.HealthReason));

    /// <summary>What is not known is neither much nor little: it stands last, whichever way round.</summary>
    bool IsUnknown(HostRow row) => Sort switch { "coverage" => row.Coverage is null, "cost" => row.UsdPerHour is null, "points" => row.PointsPerMinute is null, _ => false };

    bool Has(string field) => field.Contains(Text!, StringComparison.OrdinalIgnoreCase);

    static int Tie(HostRow a, HostRow b) => string.CompareOrdinal(a.Name, b.Name) is var byName && byName != 0 ? byName : string.CompareOrdinal(a.HostKey, b.HostKey);

    static int Severity(HostHealth health) => health switch { HostHealth.Stale => 3, HostHealth.Degraded => 2, HostHealth.Unknown => 1, _ => 0 };

    static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
