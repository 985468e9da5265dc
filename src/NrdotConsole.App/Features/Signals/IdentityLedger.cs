using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// Notices each series once a day, and once in its life. By the store's series number, it remembers a signature of what
/// stood there (4 bytes a series): the store gives a number away again, and a new day makes every series count anew.
/// </summary>
internal sealed class IdentityLedger(DailyIdentities daily)
{
    int[] _signatures = new int[4096];

    public DailyIdentities Daily { get; } = daily;

    /// <summary>True where the series has just begun. Called at every visit; costs one comparison where nothing is new.</summary>
    public bool Notice(in SeriesView series, KnownMetric metric, ResourceSignals resource, HostSignals host, DateTimeOffset now, int day)
    {
        var signature = HashCode.Combine(metric.Descriptor.Id, resource.Resource.Labels.GetHashCode(), series.Attributes.GetHashCode(), day);
        if (series.Id >= _signatures.Length) Array.Resize(ref _signatures, Math.Max(series.Id + 1, _signatures.Length * 2));
        if (_signatures[series.Id] == signature) return false;
        _signatures[series.Id] = signature;
        var identity = Identity(series, metric, resource.Hash);
        Daily.Observe(now, resource.Resource.Host.Tenant, metric.Descriptor.Name, identity);
        return (host.IsResuming || series.PreviousUnixMs <= 0) && (host.KnownSeries is not { } known || Array.BinarySearch(known, identity) < 0);
    }

    /// <summary>The identities of all series that a host has in memory, in order.</summary>
    public static ulong[] All(SeriesStore store, HostSignals host, MetricRoles roles)
    {
        var listing = new Listing(host, roles);
        store.VisitHost(host.Host, listing);
        listing.Identities.Sort();
        return [.. listing.Identities];
    }

    static ulong Identity(in SeriesView series, KnownMetric metric, ulong resource) => Hash64.Combine(resource, Hash64.Combine(metric.Hash, HashOf(series.Attributes)));

    sealed class Listing(HostSignals host, MetricRoles roles) : ISeriesVisitor
    {
        public readonly List<ulong> Identities = [];

        public void Visit(in SeriesView series)
        {
            var resource = host.Resources.TryGetValue(series.Resource.Id, out var known) && known.Resource == series.Resource ? known.Hash : HashOf(series.Resource.Labels);
            Identities.Add(Identity(series, roles.Of(series.Metric), resource));
        }
    }

    /// <summary>Stable over restarts: labels are sorted.</summary>
    public static ulong HashOf(Labels labels)
    {
        var hash = 0UL;
        foreach (var (key, value) in labels) hash = Hash64.Combine(hash, Hash64.Combine(Hash64.Of(key), Hash64.Of(value)));
        return hash;
    }
}
