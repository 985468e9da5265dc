using System.Net;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Rollouts;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Platform.Prometheus;

/// <summary>
/// <c>/metrics</c>: the business metrics by tenant and the console's own. Open to the machine itself (a scraper beside the
/// console); from anywhere else, or through a proxy, it needs a token with <c>telemetry.read</c>.
/// </summary>
internal static class MetricsEndpoint
{
    public static void MapPrometheusMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (HttpContext http, SignalBoard board, IEnumerable<MetricSource> sources) =>
                IsLocal(http) || (http.User.Has(Permissions.TelemetryRead) && http.User.AllowedTenants() is null)
                    ? Results.Text(Render(board, sources), PrometheusText.ContentType)
                    : Results.Problem(statusCode: StatusCodes.Status401Unauthorized, title: "Not open to other machines.",
                        detail: "Scrape with 'Authorization: Bearer' and an API token of all tenants with the scope telemetry.read."))
            .AllowAnonymous().ExcludeFromDescription();

    static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !http.Request.Headers.ContainsKey("X-Forwarded-For") && !http.Request.Headers.ContainsKey("Forwarded");

    internal static string Render(SignalBoard board, IEnumerable<MetricSource> sources)
    {
        var text = new PrometheusText();
        var tenants = board.Tenants.Select(t => (Tenant: t, Scope: new SignalScope(t))).ToList();

        void ByTenant(string name, string help, Func<SignalScope, double?> value)
        {
            text.Gauge(name, help);
            foreach (var (tenant, scope) in tenants) text.Sample(value(scope), ("tenant", tenant));
        }

        ByTenant("nrdot_coverage_score", "Importance-weighted share of known processes that report freshly, 0 to 1; absent while unknown.", s => board.Coverage(s).Current?.Score);
        ByTenant("nrdot_coverage_critical", "Share of known critical processes that report freshly, 0 to 1; absent while unknown.", s => board.Coverage(s).Current?.Critical);
        ByTenant("nrdot_cost_hourly_usd", "Dollars an hour at the present rate; a rate, not to be summed over time.", s => (double?)board.Cost(s).Current?.UsdPerHour);
        ByTenant("nrdot_active_series", "Series with a point within 5 minutes.", s => board.Cardinality(s).Current?.Active);
        ByTenant("nrdot_daily_cardinality", "Distinct series identities since midnight UTC.", s => board.Cardinality(s).Current?.Daily);
        ByTenant("nrdot_anomalies_active", "Open anomaly verdicts.", s => board.Anomalies(s).Current?.Active);
        ByTenant("nrdot_ingest_points_per_second", "Points accepted a second.", s => board.Overview(s).Current?.PointsPerSecond);
        ByTenant("nrdot_optimization_efficiency", "Share of series that filtering left out, 0 to 1; absent while unknown.", s => board.Overview(s).Current?.Reduction);

        text.Gauge("nrdot_hosts", "Hosts by health.");
        foreach (var (tenant, scope) in tenants)
            foreach (var health in Enum.GetValues<HostHealth>())
                text.Sample(board.Fleet(scope).Current?.ByHealth.GetValueOrDefault(health), ("tenant", tenant), ("health", health.ToString().ToLowerInvariant()));

        var fleet = board.Coverage(SignalScope.Fleet).Current;
        text.Gauge("nrdot_fleet_coverage_score", "Coverage score of the whole fleet, pooled.").Sample(fleet?.Score);
        text.Gauge("nrdot_fleet_coverage_critical", "Critical coverage of the whole fleet, pooled.").Sample(fleet?.Critical);
        if (board.Rollout.Current is { } rollout)
        {
            text.Gauge("nrdot_rollout_duration_seconds", "How long the last rollout took to apply everywhere, and to be taken back; absent where it was not.")
                .Sample(rollout.Forward?.TotalSeconds, ("direction", "forward")).Sample(rollout.Back?.TotalSeconds, ("direction", "back"));
            text.Gauge("nrdot_rollout_agents", "Agents of the last rollout by state.");
            foreach (var state in Enum.GetValues<AgentState>()) text.Sample(rollout.Count(state), ("state", state.ToString().ToLowerInvariant()));
        }
        Own(text, board.Ingest.Current);
        foreach (var source in sources) source.Write(text);
        return text.ToString();
    }

    static void Own(PrometheusText text, IngestSummary? ingest)
    {
        text.Counter("process_cpu_seconds_total", "CPU time of the console's process.").Sample(Environment.CpuUsage.TotalTime.TotalSeconds);
        text.Gauge("process_resident_memory_bytes", "Resident memory of the console's process.").Sample(Environment.WorkingSet);
        text.Gauge("dotnet_gc_heap_bytes", "Managed heap after the last collection.").Sample(GC.GetGCMemoryInfo().HeapSizeBytes);
        if (ingest is null) return;
        text.Counter("nrdot_console_ingest_points_total", "Points accepted since the start.").Sample(ingest.Points);
        text.Counter("nrdot_console_ingest_bytes_total", "Uncompressed OTLP bytes received since the start.").Sample(ingest.Bytes);
        text.Counter("nrdot_console_ingest_requests_total", "OTLP requests by outcome.");
        foreach (var (status, count) in ingest.RequestsByStatus) text.Sample(count, ("status", status));
        text.Counter("nrdot_console_refused_points_total", "Points refused, by reason.");
        foreach (var refusal in ingest.Refusals) text.Sample(refusal.Points, ("reason", refusal.Reason.ToString()));
        text.Counter("nrdot_console_late_points_total", "Points older than the newest of their series; stored in their place.").Sample(ingest.LatePoints);
        text.Counter("nrdot_console_duplicate_points_total", "Points of a time their series already had; the first stands.").Sample(ingest.DuplicatePoints);
        text.Gauge("nrdot_console_series", "Series in memory.").Sample(ingest.Series);
        text.Gauge("nrdot_console_series_limit", "Most series in memory.").Sample(ingest.SeriesLimit);
        text.Gauge("nrdot_console_store_writable", "1 while points can be logged and stored.").Sample(ingest.Store.Writable ? 1 : 0);
        text.Gauge("nrdot_console_wal_bytes", "Size of the write-ahead log.").Sample(ingest.Store.WalBytes);
        text.Gauge("nrdot_console_database_bytes", "Size of telemetry.db.").Sample(ingest.Store.DatabaseBytes);
        text.Gauge("nrdot_console_disk_free_bytes", "Free bytes of the data directory's disk.").Sample(ingest.Store.DiskFreeBytes);
    }
}
