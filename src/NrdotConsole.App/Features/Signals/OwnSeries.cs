using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// The history of the signals: once a minute they go into the store as series of the console's own, through the same log
/// as any sender's, under a tenant that counts in nobody's cost, coverage or cardinality. The label <c>tenant</c> says
/// whose figure it is; it is absent for the fleet. A figure that is unknown is not written.
/// </summary>
internal sealed class OwnSeries(SeriesStore store)
{
    static readonly OtlpAttribute[] s_resource = [new("service.name", "nrdot-console"), new("nrdot.tenant", ReservedTenant.Name)];

    readonly OtlpWriter _writer = new();

    public IngestOutcome Write(IEnumerable<OverviewSummary> overviews, DateTimeOffset at)
    {
        _writer.Clear();
        _writer.Resource(s_resource);
        _writer.Scope("nrdot-console");
        var all = overviews.ToList();
        Metric(all, at, "nrdot.coverage.score", "1", "Importance-weighted share of known processes that report freshly", o => o.CoverageScore);
        Metric(all, at, "nrdot.coverage.critical", "1", "Share of known critical processes that report freshly", o => o.CoverageCritical);
        Metric(all, at, "nrdot.cost.hourly", "{USD}/h", "Cost an hour at the price list", o => (double?)o.UsdPerHour);
        Metric(all, at, "nrdot.series.active", "{series}", "Series with a point in the last five minutes", o => o.ActiveSeries);
        Metric(all, at, "nrdot.cardinality.daily", "{series}", "Distinct identities since UTC midnight", o => o.DailyCardinality);
        Metric(all, at, "nrdot.anomalies.active", "{anomaly}", "Open anomaly verdicts", o => o.OpenAnomalies);
        Metric(all, at, "nrdot.hosts", "{host}", "Hosts of the last day", o => o.Hosts);
        Metric(all, at, "nrdot.hosts.fresh", "{host}", "Hosts that report freshly", o => o.HostsFresh);
        Metric(all, at, "nrdot.ingest.points", "{point}/s", "Points accepted a second", o => o.PointsPerSecond);
        Metric(all, at, "nrdot.optimization.efficiency", "1", "Share of the process series that is not sent", o => o.Reduction);
        return store.Ingest(_writer.Complete().Span, ReservedTenant.Name);
    }

    void Metric(List<OverviewSummary> overviews, DateTimeOffset at, string name, string unit, string description, Func<OverviewSummary, double?> figure)
    {
        if (!overviews.Any(o => figure(o) is not null)) return;
        _writer.Metric(name, MetricKind.Gauge, unit, description);
        foreach (var overview in overviews)
        {
            if (figure(overview) is not { } value) continue;
            var unixNano = (ulong)at.ToUnixTimeMilliseconds() * 1_000_000;
            if (overview.Scope.Tenant is { } tenant) _writer.Number(new(0, unixNano, false), value, [new("tenant", tenant)]);
            else _writer.Number(new(0, unixNano, false), value);
        }
    }
}
