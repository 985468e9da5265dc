using System.Collections.Frozen;

namespace NrdotConsole.Core.Telemetry;

/// <summary>A name in circulation and the current OpenTelemetry (or console) name it stands for.</summary>
public sealed record MetricAlias(string Alias, string Current, string Origin);

/// <summary>
/// The one table of metric names: guides, older collectors and Prometheus readers spell the same metric in many ways
/// (<c>.</c> for <c>_</c>, a trailing <c>_total</c>, a unit). Stored series keep the name they came with; signals read
/// them by the current one.
/// </summary>
public static class MetricAliases
{
    /// <summary>Names that are not mere spellings of the current one.</summary>
    public static IReadOnlyList<MetricAlias> All { get; } =
    [
        new("process.memory.physical_usage", "process.memory.usage", "older process scraper"),
        new("process.memory.virtual_usage", "process.memory.virtual", "older process scraper"),
        new("process.io.operations", "process.disk.operations", "NRDOT guide"),
        new("host.cpu.utilization", "system.cpu.utilization", "NRDOT guide"),
        new("host.memory.utilization", "system.memory.utilization", "NRDOT guide"),
        new("host.disk.io", "system.disk.io", "NRDOT guide"),
        new("otelcol.receiver.accepted_points", "otelcol_receiver_accepted_metric_points", "NRDOT guide"),
        new("otelcol.receiver.refused_points", "otelcol_receiver_refused_metric_points", "NRDOT guide"),
        new("otelcol.processor.dropped_points", "otelcol_processor_dropped_metric_points", "NRDOT guide"),
        new("otelcol_processor_accepted_metric_points", "otelcol_processor_memory_limiter_accepted_metric_points", "collector before 0.155"),
        new("otelcol_processor_refused_metric_points", "otelcol_processor_memory_limiter_refused_metric_points", "collector before 0.155"),
        new("otelcol_processor_filter_datapoints_filtered", "otelcol_processor_filter_datapoints.filtered", "Prometheus spelling"),
        new("otelcol_process_memory_rss_bytes", "otelcol_process_memory_rss", "Prometheus spelling with unit"),
        new("otelcol_process_uptime_seconds_total", "otelcol_process_uptime", "Prometheus spelling with unit"),
        new("otelcol_process_cpu_seconds_total", "otelcol_process_cpu_seconds", "Prometheus spelling"),
        new("nrdot_process_coverage_critical", "nrdot.coverage.critical", "nrdot-plus"),
        new("nrdot_estimated_cost_per_hour", "nrdot.cost.hourly", "nrdot-plus"),
        new("nrdot_cost_estimated_hr", "nrdot.cost.hourly", "nrdot-plus"),
        new("nrdot_process_series_total", "nrdot.process.series.total", "nrdot-plus"),
        new("nrdot_process_series_kept", "nrdot.process.series.kept", "nrdot-plus"),
    ];

    static readonly string[] s_current =
    [
        "process.cpu.time", "process.cpu.utilization", "process.memory.usage", "process.memory.virtual",
        "process.memory.utilization", "process.disk.io", "process.disk.operations", "process.threads",
        "process.open_file_descriptors", "process.context_switches", "process.paging.faults",
        "process.signals_pending", "process.handles", "process.uptime",
        "system.cpu.time", "system.cpu.utilization", "system.memory.usage", "system.memory.utilization", "system.disk.io",
        "system.disk.operations", "system.network.io", "system.network.packets", "system.network.errors",
        "system.network.dropped", "system.filesystem.usage", "system.filesystem.utilization",
        "system.cpu.load_average.1m", "system.cpu.load_average.5m", "system.cpu.load_average.15m",
        "otelcol_receiver_accepted_metric_points", "otelcol_receiver_refused_metric_points", "otelcol_receiver_failed_metric_points",
        "otelcol_scraper_scraped_metric_points", "otelcol_scraper_errored_metric_points",
        "otelcol_processor_incoming_items", "otelcol_processor_outgoing_items", "otelcol_processor_dropped_metric_points",
        "otelcol_processor_memory_limiter_accepted_metric_points", "otelcol_processor_memory_limiter_refused_metric_points",
        "otelcol_processor_filter_datapoints.filtered",
        "otelcol_exporter_sent_metric_points", "otelcol_exporter_send_failed_metric_points",
        "otelcol_exporter_enqueue_failed_metric_points", "otelcol_exporter_queue_size", "otelcol_exporter_queue_capacity",
        "otelcol_process_uptime", "otelcol_process_cpu_seconds", "otelcol_process_memory_rss",
        "otelcol_process_runtime_heap_alloc_bytes", "otelcol_process_runtime_total_alloc_bytes",
        "otelcol_process_runtime_total_sys_memory_bytes",
        "nrdot.coverage.score", "nrdot.coverage.critical", "nrdot.cost.hourly", "nrdot.process.series.total",
        "nrdot.process.series.kept", "nrdot.optimization.efficiency",
    ];

    static readonly FrozenDictionary<string, string> s_bySpelling = BySpelling();

    /// <summary>The current name of <paramref name="name"/>; the name itself where the table knows none.</summary>
    public static string Resolve(string name) => s_bySpelling.GetValueOrDefault(Spelling(name), name);

    static FrozenDictionary<string, string> BySpelling()
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in s_current) map.Add(Spelling(name), name);
        foreach (var alias in All) map.TryAdd(Spelling(alias.Alias), alias.Current);
        return map.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>What all spellings of one name share: lower case, dots, neither <c>_total</c> nor a unit at the end.</summary>
    static string Spelling(string name)
    {
        var spelling = name.ToLowerInvariant().Replace('_', '.');
        if (spelling.EndsWith(".total", StringComparison.Ordinal)) spelling = spelling[..^6];
        foreach (var unit in (ReadOnlySpan<string>)[".seconds", ".bytes", ".ratio"])
        {
            if (spelling.EndsWith(unit, StringComparison.Ordinal)) return spelling[..^unit.Length];
        }
        return spelling;
    }
}
