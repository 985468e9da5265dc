namespace NrdotConsole.FleetSim.Tests;

/// <summary>The metrics of stock NRDOT 2.3: its expected host metrics, the process scraper's, and the collector's own.</summary>
static class RealNames
{
    public static readonly string[] All =
    [
        "system.cpu.load_average.1m", "system.cpu.load_average.5m", "system.cpu.load_average.15m", "system.cpu.utilization",
        "system.disk.io", "system.disk.io_time", "system.disk.operation_time", "system.disk.operations",
        "system.filesystem.usage", "system.filesystem.utilization", "system.filesystem.inodes.usage",
        "system.memory.usage", "system.memory.utilization",
        "system.network.dropped", "system.network.errors", "system.network.io", "system.network.packets", "system.paging.operations",
        "process.cpu.utilization", "process.disk.io", "process.memory.usage", "process.memory.virtual", "process.threads",
        "otelcol_receiver_accepted_metric_points", "otelcol_receiver_refused_metric_points",
        "otelcol_scraper_scraped_metric_points", "otelcol_scraper_errored_metric_points",
        "otelcol_processor_incoming_items", "otelcol_processor_outgoing_items",
        "otelcol_processor_memory_limiter_refused_metric_points", "otelcol_processor_filter_datapoints.filtered",
        "otelcol_processor_batch_batch_send_size",
        "otelcol_exporter_sent_metric_points", "otelcol_exporter_send_failed_metric_points", "otelcol_exporter_enqueue_failed_metric_points",
        "otelcol_exporter_queue_size", "otelcol_exporter_queue_capacity",
        "otelcol_process_uptime", "otelcol_process_cpu_seconds", "otelcol_process_memory_rss",
        "otelcol_process_runtime_heap_alloc_bytes", "otelcol_process_runtime_total_alloc_bytes", "otelcol_process_runtime_total_sys_memory_bytes",
    ];
}
