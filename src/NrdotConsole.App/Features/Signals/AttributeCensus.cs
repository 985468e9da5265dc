using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// Counts, for each attribute, how many series carry it, how many values it takes, and which ones most. It goes over the
/// hosts a few at a time, in rounds; what is shown is the last whole round. Memory is bounded: sketches and top lists, and
/// <see cref="AttributeLimit"/> names a tenant.
/// </summary>
internal sealed class AttributeCensus(SeriesStore store) : ISeriesVisitor
{
    public const int AttributeLimit = 512;
    public const int TopValues = 10;
    public const int ShownAttributes = 50;
    const int KeptValues = 64;
    static readonly TimeSpan s_roundEvery = TimeSpan.FromSeconds(30);

    readonly Dictionary<string, Dictionary<string, Count>> _byTenant = [];
    readonly Dictionary<Labels, int> _seriesByLabels = [];
    readonly Queue<HostSignals> _left = [];
    DateTimeOffset _startedAt = DateTimeOffset.MinValue;
    long _activeAfter;

    /// <summary>Attribute names left out because their tenant has too many.</summary>
    public long Refused { get; private set; }

    /// <summary>Goes on with the round, or begins the next when it is time; true when a round is complete.</summary>
    public bool Step(DateTimeOffset now, IReadOnlyCollection<HostSignals> hosts)
    {
        if (_left.Count == 0)
        {
            if (now - _startedAt < s_roundEvery || hosts.Count == 0) return false;
            _startedAt = now;
            _byTenant.Clear();
            foreach (var host in hosts) _left.Enqueue(host);
        }
        for (var i = Math.Max(20, hosts.Count / 30); i > 0 && _left.TryDequeue(out var host); i--) Visit(host, now);
        return _left.Count == 0;
    }

    /// <summary>Of a tenant, or of all where null. Valid until the next round begins.</summary>
    public IReadOnlyList<AttributeCardinality> Result(string? tenant)
    {
        if (tenant is not null) return Shown(_byTenant.GetValueOrDefault(tenant) ?? []);
        if (_byTenant.Count == 1) return Shown(_byTenant.Values.First());
        var all = new Dictionary<string, Count>();
        foreach (var (name, count) in _byTenant.Values.SelectMany(c => c))
        {
            if (!all.TryGetValue(name, out var sum)) all[name] = sum = new();
            sum.Merge(count);
        }
        return Shown(all);
    }

    /// <summary>One host's attributes, counted now.</summary>
    public static IReadOnlyList<AttributeCardinality> Of(SeriesStore store, HostSignals host, DateTimeOffset now)
    {
        var census = new AttributeCensus(store);
        census.Visit(host, now);
        return census.Result(host.Host.Tenant);
    }

    void Visit(HostSignals host, DateTimeOffset now)
    {
        _activeAfter = host.Host.LastPointUnixMs - host.Host.LastReceivedUnixMs + now.ToUnixTimeMilliseconds() - HostVisitor.ActiveWindowMs;
        _seriesByLabels.Clear();
        store.VisitHost(host.Host, this);
        if (!_byTenant.TryGetValue(host.Host.Tenant, out var counts)) _byTenant[host.Host.Tenant] = counts = [];
        foreach (var (labels, series) in _seriesByLabels)
        {
            foreach (var (key, value) in labels)
            {
                if (!counts.TryGetValue(key, out var count))
                {
                    if (counts.Count >= AttributeLimit)
                    {
                        Refused++;
                        continue;
                    }
                    counts[key] = count = new();
                }
                count.Add(value, series);
            }
        }
    }

    public void Visit(in SeriesView series)
    {
        if (series.LastUnixMs <= _activeAfter) return;
        Add(series.Resource.Labels);
        Add(series.Attributes);
    }

    void Add(Labels labels) =>
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_seriesByLabels, labels, out _)++;

    static IReadOnlyList<AttributeCardinality> Shown(Dictionary<string, Count> counts) =>
    [
        .. counts.Select(c => c.Value.ToCardinality(c.Key)).OrderByDescending(a => a.DistinctValues).ThenBy(a => a.Attribute, StringComparer.Ordinal).Take(ShownAttributes),
    ];

    sealed class Count
    {
        readonly HyperLogLog _values = new();
        readonly TopCounter<string> _top = new(KeptValues);
        long _series;

        public void Add(string value, int series)
        {
            _values.Add(Hash64.Of(value));
            _top.Add(value, series);
            _series += series;
        }

        public void Merge(Count other)
        {
            _values.Merge(other._values);
            foreach (var top in other._top.Top(KeptValues)) _top.Add(top.Key, top.Count);
            _series += other._series;
        }

        public AttributeCardinality ToCardinality(string attribute) => new(
            attribute, _values.Estimate, _values.RelativeError, _series,
            [.. _top.Top(TopValues).Select(t => new AttributeValue(t.Key, t.Count - t.Overcount))]);
    }
}
