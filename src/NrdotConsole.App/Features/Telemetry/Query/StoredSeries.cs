using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>A series as lists show it.</summary>
internal readonly record struct ListedSeries(string Tenant, Labels Resource, Labels Attributes, long LastMs, double LastValue);

/// <summary>The series that have left memory: read from the newest blocks, which name them.</summary>
internal sealed class StoredSeries(SeriesStore store)
{
    /// <summary>Older series are not listed, nor more of them, nor are more blocks read for one list.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromDays(2);
    public const int MaxSeries = 100_000, MaxBlocks = 1000;

    readonly StoredLabels _labels = new();

    /// <summary>Series of the metric in memory, then those that only the database holds.</summary>
    public List<ListedSeries> List(string metric, IReadOnlyCollection<string>? tenants)
    {
        var listed = store.Series(metric, tenants).ConvertAll(s => new ListedSeries(s.Resource.Host.Tenant, s.Resource.Labels, s.Attributes, s.LastUnixMs, s.LastValue));
        if (store.Database is not { } database) return listed;
        var known = listed.Select(s => (s.Tenant, s.Resource, s.Attributes)).ToHashSet();
        using var reader = database.OpenReader();
        var heads = store.Snapshot("", reader);
        using var file = new BlockFile(reader);
        var seen = new HashSet<(int, int)>();
        foreach (var metricId in store.StoredMetrics(metric))
        {
            seen.Clear();
            var blocks = TelemetryDatabase.FindBlocks(reader, metricId, BlockLevel.Raw, (store.Now - Within).ToUnixTimeMilliseconds(), long.MaxValue, heads.LastBlock);
            foreach (var block in blocks.OrderByDescending(b => b.ToMs).Take(MaxBlocks))
                for (var r = file.Open(block.Id); r?.Next() == true && listed.Count < MaxSeries;)
                {
                    if (!seen.Add((r.Resource, r.Attributes))) continue;
                    var (tenant, resource) = _labels.Resource(r.Resource, reader);
                    var attributes = _labels.Attributes(r.Attributes, reader);
                    if (tenants?.Contains(tenant) != false && known.Add((tenant, resource, attributes))) listed.Add(new(tenant, resource, attributes, r.Times[^1], r.Values()[^1]));
                }
        }
        return listed;
    }
}
