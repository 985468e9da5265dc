using System.Runtime.CompilerServices;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Everything that is in memory: who sends what, and the newest points of each series. Knows no lock and no file;
/// <see cref="SeriesStore"/> calls it under its own lock.
/// </summary>
internal sealed partial class SeriesIndex
{
    /// <summary>A series counts as active for so long after its last point.</summary>
    public const int ActiveSeconds = 300;

    readonly StoreSettings _settings;
    readonly Dictionary<string, (long Minute, int Begun)> _begun = new(StringComparer.Ordinal);
    readonly List<HostEntry> _changed = [];

    public SeriesIndex(StoreSettings settings, long seed)
    {
        _settings = settings;
        var reader = new LabelReader(settings);
        Resources = new(seed, reader);
        Attributes = new(seed + 10, reader);
        Scopes = new(seed + 20, reader);
        Metrics = new(seed + 30);
    }

    public SeriesTable Series { get; } = new();
    public ResourceTable Resources { get; }
    public AttributeTable Attributes { get; }
    public ScopeTable Scopes { get; }
    public MetricTable Metrics { get; }
    public HeadArena Arena { get; } = new();
    public LatePoints Late { get; } = new();

    /// <summary>Up to which record of the log each bucket's points are in the database.</summary>
    public long[] SealedSequence { get; } = new long[SealSchedule.Buckets];

    public long Points, LatePoints, DuplicatePoints, UntimedPoints;
    public long[] Refused { get; } = new long[Enum.GetValues<RefusalReason>().Length];
    public int ActiveSeries;

    /// <summary>Finds or begins a series that was not the expected one; else the complement of the reason for refusing it.</summary>
    public int Resolve(ReadOnlySpan<byte> key, int suffix, int scope, MetricEntry metric, ResourceEntry resource, IngestBatch batch)
    {
        if (Attributes.Resolve(key, suffix, scope, Scopes[scope], out var variant, out var attributes) is { } refusal) return ~(int)refusal;
        var series = Series.Find(metric.Descriptor.Id, resource.Resource.Id, attributes);
        if (series == 0)
        {
            if (Limit(resource.Host.Host.Tenant, batch) is { } limit)
            {
                Attributes.RemoveIfUnused(attributes);
                return ~(int)limit;
            }
            series = Begin(metric, resource, attributes);
            batch.Created.Add(series);
        }
        Series[series].Variant = variant;
        return series;
    }

    RefusalReason? Limit(string tenant, IngestBatch batch)
    {
        if (batch.ReplayedSequence is not null) return null;
        if (Series.Count >= _settings.MaxSeries) return RefusalReason.SeriesLimit;
        var minute = batch.ReceivedMs / 60_000;
        var begun = _begun.GetValueOrDefault(tenant);
        if (begun.Minute != minute) begun = (minute, 0);
        if (begun.Begun >= _settings.NewSeriesPerMinute) return RefusalReason.NewSeriesRate;
        _begun[tenant] = (minute, begun.Begun + 1);
        return null;
    }

    int Begin(MetricEntry metric, ResourceEntry resource, int attributes)
    {
        var series = Series.Add(metric.Descriptor.Id, resource.Resource.Id, attributes);
        ref var links = ref Series.Links(series);
        links.NextInMetric = metric.FirstSeries;
        if (metric.FirstSeries != 0) Series.Links(metric.FirstSeries).PreviousInMetric = series;
        metric.FirstSeries = series;
        metric.SeriesCount++;
        links.NextInResource = resource.FirstSeries;
        resource.FirstSeries = series;
        Attributes[attributes].References++;
        return series;
    }

    /// <summary>Forgets a series whose points are all in the database, or that never had one.</summary>
    public void Remove(int series)
    {
        ref var s = ref Series[series];
        ref var links = ref Series.Links(series);
        var metric = Metrics[s.Metric];
        var resource = Resources[s.Resource];
        if (links.NextInMetric != 0) Series.Links(links.NextInMetric).PreviousInMetric = links.PreviousInMetric;
        if (links.PreviousInMetric != 0) Series.Links(links.PreviousInMetric).NextInMetric = links.NextInMetric;
        else metric.FirstSeries = links.NextInMetric;
        metric.SeriesCount--;
        if (resource.FirstSeries == series)
        {
            resource.FirstSeries = links.NextInResource;
        }
        else
        {
            var before = resource.FirstSeries;
            while (Series.Links(before).NextInResource != series) before = Series.Links(before).NextInResource;
            Series.Links(before).NextInResource = links.NextInResource;
        }
        if (s.IsActive) Deactivate(ref s);
        var attributes = links.Attributes;
        Attributes[attributes].References--;
        Attributes.RemoveIfUnused(attributes);
        Series.Remove(series);
    }

    /// <summary>Takes back what a request that is not applied has begun.</summary>
    public void Undo(IngestBatch batch)
    {
        foreach (var series in batch.Created) Remove(series);
        foreach (var run in batch.Resources)
            if (run.Subject is { FirstSeries: 0 } resource && Resources.At(resource.Resource.Id) == resource) RemoveResource(resource);
    }

    public void RemoveResource(ResourceEntry resource)
    {
        Resources.Remove(resource);
        if (resource.Host is { Resources.Count: 0, Host.Points: 0 } host) Resources.RemoveHost(host);
    }

    void Activate(ref Series s)
    {
        s.IsActive = true;
        ActiveSeries++;
        Metrics[s.Metric].Descriptor.ActiveSeries++;
        Resources[s.Resource].Resource.Host.ActiveSeries++;
    }

    public void Deactivate(ref Series s)
    {
        s.IsActive = false;
        ActiveSeries--;
        Metrics[s.Metric].Descriptor.ActiveSeries--;
        Resources[s.Resource].Resource.Host.ActiveSeries--;
    }

    public bool HasChangedHosts => _changed.Count > 0;

    public void DrainChangedHosts(List<TelemetryHost> into)
    {
        foreach (var host in _changed)
        {
            host.IsChanged = false;
            into.Add(host.Host);
        }
        _changed.Clear();
    }

    public void Visit(TelemetryHost host, ISeriesVisitor visitor)
    {
        if (Resources.HostAt(host.Id) is not { } entry || entry.Host != host) return;
        foreach (var resource in entry.Resources)
        {
            for (var series = resource.FirstSeries; series != 0;)
            {
                ref var s = ref Series[series];
                if (s.LastMs != Store.Series.Never)
                    visitor.Visit(new(series, Metrics[s.Metric].Descriptor, resource.Resource, Attributes[Series.Links(series).Attributes].Labels, s.LastMs, s.LastValue, s.PreviousMs, s.PreviousValue));
                series = Series.Links(series).NextInResource;
            }
        }
    }

    public void Copy(MetricDescriptor metric, HeadSnapshot into)
    {
        for (var series = Metrics[metric.Id].FirstSeries; series != 0;)
        {
            ref var s = ref Series[series];
            if (s.LastMs != Store.Series.Never)
                into.Items.Add(new(
                    metric, Resources[s.Resource].Resource, Attributes[Series.Links(series).Attributes].Labels,
                    Copy(Series.Links(series).Sealing, into), Copy(s.Head, into), Late.Of(series)));
            series = Series.Links(series).NextInMetric;
        }
    }

    CopiedChunk Copy(in Chunk chunk, HeadSnapshot into) =>
        chunk.Points == 0 ? default : into.Copy(Arena, chunk);

    /// <summary>Takes all points of a bucket's hosts out of the heads.</summary>
    public SealBatch Take(int bucket, long sequence, long nowMs)
    {
        var items = new List<SealItem>();
        var hosts = new List<HostEntry>();
        foreach (var host in Resources.AllHosts)
        {
            if (host.Bucket != bucket) continue;
            var before = items.Count;
            foreach (var resource in host.Resources) Take(resource, items);
            if (items.Count > before) hosts.Add(host);
        }
        return new(bucket, sequence, nowMs, items, hosts);
    }

    void Take(ResourceEntry resource, List<SealItem> items)
    {
        for (var series = resource.FirstSeries; series != 0;)
        {
            ref var s = ref Series[series];
            ref var links = ref Series.Links(series);
            var late = Late.Count == 0 ? null : Late.Take(series);
            if (s.Head.Points > 0 || late is not null)
            {
                links.Sealing = s.Head;
                s.Head = default;
                resource.Host.SealedThroughMs = Math.Max(resource.Host.SealedThroughMs, s.LastMs);
                items.Add(new(series, Metrics[s.Metric], resource, Attributes[links.Attributes], links.Sealing, late));
            }
            series = links.NextInResource;
        }
    }

    /// <summary>The database holds the batch: its memory is free again.</summary>
    public void Sealed(SealBatch batch)
    {
        foreach (var item in batch.Items)
        {
            ref var links = ref Series.Links(item.Series);
            Arena.Free(links.Sealing);
            links.Sealing = default;
        }
        Late.Sealed();
        SealedSequence[batch.Bucket] = batch.Sequence;
    }

    /// <summary>What a former process knew.</summary>
    public void Load(IEnumerable<StoredMetric> metrics, IEnumerable<StoredHost> hosts, IEnumerable<(int Bucket, long Sequence)> buckets)
    {
        foreach (var metric in metrics) Metrics.Load(metric);
        foreach (var stored in hosts)
        {
            if (Resources.FindHost(stored.Tenant, stored.Key, stored.FirstSeenMs) is not { } host) break;
            host.Host.Name = stored.Name;
            host.SealedThroughMs = stored.SealedThroughMs;
            host.Host.LastPointUnixMs = host.Host.LastReceivedUnixMs = Math.Max(0, stored.SealedThroughMs);
        }
        foreach (var (bucket, sequence) in buckets) SealedSequence[bucket] = sequence;
    }

    /// <summary>Looks at up to <paramref name="count"/> series from <paramref name="from"/> on: which are no longer active, which are to leave memory. Answers where to go on; 0 at the end.</summary>
    public int Sweep(int from, int count, long nowMs)
    {
        var seconds = (uint)(nowMs / 1000);
        var end = Math.Min(Series.End, from + count);
        for (var series = from; series < end; series++)
        {
            ref var s = ref Series[series];
            if (!Series.Links(series).IsUsed) continue;
            var idle = seconds > s.ReceivedSeconds ? seconds - s.ReceivedSeconds : 0;
            if (s.IsActive && idle >= ActiveSeconds) Deactivate(ref s);
            if (idle < _settings.IdleAfter.TotalSeconds || s.Head.Points > 0 || Series.Links(series).Sealing.Points > 0 || Late.Has(series)) continue;
            var resource = Resources[s.Resource];
            Remove(series);
            if (resource.FirstSeries == 0) Resources.Remove(resource);
        }
        return end == Series.End ? 0 : end;
    }

    public void List(MetricDescriptor metric, IReadOnlyCollection<string>? tenants, List<SeriesView> into)
    {
        for (var series = Metrics[metric.Id].FirstSeries; series != 0;)
        {
            ref var s = ref Series[series];
            var resource = Resources[s.Resource].Resource;
            if (s.LastMs != Store.Series.Never && tenants?.Contains(resource.Host.Tenant) != false)
                into.Add(new(series, metric, resource, Attributes[Series.Links(series).Attributes].Labels, s.LastMs, s.LastValue, s.PreviousMs, s.PreviousValue));
            series = Series.Links(series).NextInMetric;
        }
    }

    public List<MetricRow> MetricRows(IReadOnlyCollection<string>? tenants)
    {
        var rows = new List<MetricRow>(Metrics.Count);
        foreach (var m in Metrics.Descriptors)
        {
            var entry = Metrics[m.Id];
            var (count, active) = tenants is null ? (entry.SeriesCount, m.ActiveSeries) : CountOf(entry, tenants);
            if (tenants is not null && count == 0) continue;
            DateTimeOffset? last = entry.LastReceivedMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(entry.LastReceivedMs);
            rows.Add(new(m.Name, m.Unit, m.Kind, m.Temporality, m.IsMonotonic, m.Description, count, active, m.Points, last));
        }
        return rows;
    }

    (int Count, int Active) CountOf(MetricEntry entry, IReadOnlyCollection<string> tenants)
    {
        var (count, active) = (0, 0);
        for (var series = entry.FirstSeries; series != 0; series = Series.Links(series).NextInMetric)
        {
            if (!tenants.Contains(Resources[Series[series].Resource].Resource.Host.Tenant)) continue;
            count++;
            if (Series[series].IsActive) active++;
        }
        return (count, active);
    }
}
