using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

internal sealed class CardinalitySummaries(DailyIdentities daily, CardinalityLimits limits, MetricRoles roles, DateTimeOffset now)
{
    public const int ShownMetrics = 50;
    public const int ShownHosts = 20;

    public CardinalitySummary Of(ScopeSignals scope)
    {
        var total = daily.Total(scope.Scope.Tenant);
        var active = ActiveByName(scope.Metrics.Values);
        var metrics = daily.ByMetric(scope.Scope.Tenant).Take(ShownMetrics)
            .Select(m => new MetricCardinality(m.Metric, active.GetValueOrDefault(m.Metric), m.Count.Count, m.Count.RelativeError, limits.PerMetric));
        var hosts = new Foremost<HostSignals>(ShownHosts);
        foreach (var host in scope.Hosts) hosts.Offer(host, host.Share.Active);
        return new(
            scope.Scope, now, scope.Active, total.Count, total.RelativeError, limits.PerAccount,
            scope.Growth.PerHour(now, scope.Active), scope.NewSeries.LastMinute(now.ToUnixTimeMilliseconds()),
            [.. metrics], scope.Attributes, [.. hosts.InOrder().Where(h => h.Share.Active > 0).Select(Host)]);
    }

    /// <summary>A host's identities of the day are those still in memory: exact, but less than all it sent where some have ended.</summary>
    public CardinalitySummary Of(HostSignals host, SeriesStore store)
    {
        var today = new TodayCount(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds());
        store.VisitHost(host.Host, today);
        var active = ActiveByName(host.Share.Metrics);
        var metrics = today.ByMetric.OrderByDescending(m => m.Value).Take(ShownMetrics)
            .Select(m => new MetricCardinality(m.Key, active.GetValueOrDefault(m.Key), m.Value, 0, limits.PerMetric));
        return new(
            host.Scope, now, host.Share.Active, today.ByMetric.Values.Sum(), 0, limits.PerAccount, null, today.BegunSince(now.ToUnixTimeMilliseconds() - 60_000),
            [.. metrics], AttributeCensus.Of(store, host, now), [Host(host)]);
    }

    Dictionary<string, int> ActiveByName(IEnumerable<MetricShare> metrics)
    {
        var active = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var share in metrics)
        {
            var name = roles.ById(share.Metric).Descriptor.Name;
            active[name] = active.GetValueOrDefault(name) + share.Active;
        }
        return active;
    }

    static HostCardinality Host(HostSignals host) => new(host.Host.Tenant, host.Host.Key, host.Host.Name, host.Share.Active);

    sealed class TodayCount(long midnightUnixMs) : ISeriesVisitor
    {
        readonly List<long> _begun = [];

        public Dictionary<string, long> ByMetric { get; } = new(StringComparer.Ordinal);

        public void Visit(in SeriesView series)
        {
            if (series.PreviousUnixMs <= 0) _begun.Add(series.LastUnixMs);
            if (series.LastUnixMs >= midnightUnixMs) System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(ByMetric, series.Metric.Name, out _)++;
        }

        public long BegunSince(long unixMs) => _begun.Count(b => b > unixMs);
    }
}
