using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>A series; <paramref name="Last"/> is its newest point.</summary>
internal sealed record SeriesRow(Labels Labels, string Tenant, QueryPoint Last);

internal sealed record LabelValueRow(string Value, int Series);

/// <summary>
/// What can be asked for: metrics, their series of the last days (<see cref="StoredSeries"/>), label keys and values.
/// Tenants null means all; otherwise nothing of another tenant shows, not even a metric's name.
/// </summary>
internal sealed class SeriesCatalogue(SeriesStore store)
{
    readonly StoredSeries _series = new(store);

    public Page<MetricRow> Metrics(IReadOnlyCollection<string>? tenants = null, string? contains = null, int skip = 0, int take = 200)
    {
        var rows = store.MetricRows(tenants).Concat(Stored(tenants))
            .DistinctBy(m => (m.Name, m.Unit, m.Kind, m.Temporality, m.IsMonotonic))
            .Where(m => contains is null || m.Name.Contains(contains, StringComparison.OrdinalIgnoreCase))
            .OrderBy(m => m.Name, StringComparer.Ordinal).ThenByDescending(m => m.Series).ToList();
        return new([.. rows.Skip(skip).Take(take)], rows.Count, skip, take);
    }

    /// <summary>What some tenants sent lately, though no series of it is in memory. Without tenants all metrics are listed anyway.</summary>
    IEnumerable<MetricRow> Stored(IReadOnlyCollection<string>? tenants)
    {
        if (tenants is null || store.Database is not { } database) return [];
        var sent = database.MetricsOf(tenants, (store.Now - StoredSeries.Within).ToUnixTimeMilliseconds());
        return sent.Select(m => new MetricRow(m.Name, m.Unit, (MetricKind)m.Kind, (Temporality)m.Temporality, m.Monotonic, m.Description, 0, 0, 0, null));
    }

    /// <summary>Series in the order of their labels. Null and a reason when a filter makes no sense.</summary>
    public Page<SeriesRow>? Series(string metric, IReadOnlyList<LabelFilter> filters, IReadOnlyCollection<string>? tenants, int skip, int take, out string? fault)
    {
        if (LabelSelector.TryCreate(filters, out fault) is not { } selector) return null;
        var rows = new List<SeriesRow>();
        foreach (var item in _series.List(metric, tenants))
        {
            var labels = SeriesLabels.Merge(item.Resource, item.Attributes, item.Tenant);
            if (!selector.Matches(labels)) continue;
            rows.Add(new(labels, item.Tenant, StaleMark.Is(item.LastValue) ? new(item.LastMs, double.NaN, false) : new(item.LastMs, item.LastValue)));
        }
        var ordered = rows.OrderBy(r => r.Tenant, StringComparer.Ordinal).ThenBy(r => r.Labels.ToString(), StringComparer.Ordinal).Skip(skip).Take(take);
        return new([.. ordered], rows.Count, skip, take);
    }

    /// <summary>The keys that the metric's series bear, each with the number of series that bear it.</summary>
    public IReadOnlyList<LabelValueRow> LabelKeys(string metric, IReadOnlyCollection<string>? tenants = null)
    {
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in _series.List(metric, tenants))
            foreach (var key in SeriesLabels.Merge(item.Resource, item.Attributes, item.Tenant).Keys)
                keys[key] = keys.GetValueOrDefault(key) + 1;
        return [.. keys.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => new LabelValueRow(k.Key, k.Value))];
    }

    /// <summary>The values of a key, those of most series first.</summary>
    public Page<LabelValueRow> LabelValues(string metric, string key, string? contains = null, IReadOnlyCollection<string>? tenants = null, int take = 100)
    {
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in _series.List(metric, tenants))
        {
            var value = item.Attributes.TryGetValue(key, out var own) ? own : item.Resource.Get(key);
            if (key == SeriesLabels.Tenant) value = item.Tenant;
            if (value.Length == 0 || (contains is not null && !value.Contains(contains, StringComparison.OrdinalIgnoreCase))) continue;
            values[value] = values.GetValueOrDefault(value) + 1;
        }
        var rows = values.OrderByDescending(v => v.Value).ThenBy(v => v.Key, StringComparer.Ordinal).Take(take);
        return new([.. rows.Select(v => new LabelValueRow(v.Key, v.Value))], values.Count, 0, take);
    }
}
