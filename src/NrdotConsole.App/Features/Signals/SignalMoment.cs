using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Signals;

/// <summary>All that is computed for one moment, money only once.</summary>
internal sealed class SignalMoment(SignalEngine engine, SignalSettings settings, MetricRoles roles, SeriesStore store, DateTimeOffset now)
{
    public const int ShownEvents = 20;
    public const int OpenListed = 500;

    readonly CostSummaries _costs = new(engine.Ledger, roles, engine.Tenants, now);
    readonly CardinalitySummaries _cardinalities = new(engine.Daily, settings.Limits, roles, now);

    public void Publish(ScopeSignals scope, SignalPanels panels)
    {
        var coverage = CoverageSummaries.Of(scope, now);
        var cost = scope.Scope.Tenant is null ? _costs.OfFleet(scope) : _costs.OfTenant(scope);
        var cardinality = _cardinalities.Of(scope);
        var fresh = scope.ByHealth[(int)HostHealth.Healthy] + scope.ByHealth[(int)HostHealth.Degraded];
        panels.Coverage.Publish(coverage);
        panels.Cost.Publish(cost);
        panels.Cardinality.Publish(cardinality);
        panels.Anomalies.Publish(Anomalies(scope.Scope, scope.Anomalies.Watched, scope.Anomalies.Learning, scope.Anomalies.Open, scope.Anomalies.Recent));
        panels.Fleet.Publish(Fleet(scope));
        panels.Overview.Publish(new(
            scope.Scope, now, scope.Hosts.Count, fresh, coverage.Score, coverage.Critical, cost.UsdPerHour, cost.UsdMonthProjected,
            scope.Active, cardinality.Daily, scope.Anomalies.Active, PointsPerSecond(scope.IsRateKnown, cost.PointsPerSecond, scope.Metrics.Values), scope.Reduction.Reduction, [.. scope.Events.Reverse()]));
    }

    public void Publish(HostSignals host, SignalPanels panels)
    {
        bool IsOfHost(AnomalyVerdict v) => v.HostKey == host.Host.Key && v.Tenant == host.Host.Tenant;
        var coverage = CoverageSummaries.Of(host, now);
        var cost = _costs.OfHost(host);
        var cardinality = _cardinalities.Of(host, store);
        var health = host.Share.Health ?? HostHealth.Unknown;
        var events = engine.Fleet.Events.Where(e => e.Tenant == host.Host.Tenant && e.Host == host.Host.Key);
        panels.Coverage.Publish(coverage);
        panels.Cost.Publish(cost);
        panels.Cardinality.Publish(cardinality);
        panels.Anomalies.Publish(Anomalies(
            host.Scope, host.Watched, host.Learning, engine.Fleet.Anomalies.Open.Where(IsOfHost), engine.Fleet.Anomalies.Recent.Where(IsOfHost)));
        panels.Fleet.Publish(new(host.Scope, now, 1, new Dictionary<HostHealth, int> { [health] = 1 }, host.Row is { } row ? [row] : []));
        panels.Overview.Publish(new(
            host.Scope, now, 1, health is HostHealth.Healthy or HostHealth.Degraded ? 1 : 0, coverage.Score, coverage.Critical, cost.UsdPerHour,
            cost.UsdMonthProjected, host.Share.Active, cardinality.Daily, host.OpenAnomalies, PointsPerSecond(host.Share.HasRate, cost.PointsPerSecond, host.Share.Metrics), host.Reduction.Reduction, [.. events.Reverse()]));
    }

    /// <summary>Measured; until a window is complete, what the cadence of the active series brings.</summary>
    static double PointsPerSecond(bool isMeasured, double measured, IEnumerable<MetricShare> metrics) =>
        isMeasured ? measured : metrics.Sum(m => m.PointsPerHour) / 3600.0;

    AnomalySummary Anomalies(SignalScope scope, int watched, int learning, IEnumerable<AnomalyVerdict> open, IEnumerable<AnomalyVerdict> recent)
    {
        var all = open.OrderByDescending(v => v.Level).ThenByDescending(v => v.StartedAt).ToList();
        return new(
            scope, now, all.Count, learning, watched, all.GroupBy(v => v.Level).ToDictionary(g => g.Key, g => g.Count()),
            [.. all.Take(OpenListed)], [.. recent]);
    }

    FleetSummary Fleet(ScopeSignals scope)
    {
        var rows = new HostRow[scope.Hosts.Count];
        for (var i = 0; i < rows.Length; i++) rows[i] = scope.Hosts[i].Row!;
        return new(scope.Scope, now, rows.Length, Enum.GetValues<HostHealth>().ToDictionary(h => h, h => scope.ByHealth[(int)h]), rows);
    }
}
