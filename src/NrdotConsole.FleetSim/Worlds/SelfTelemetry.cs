using NrdotConsole.Core.Telemetry;
using NrdotConsole.FleetSim.Events;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>
/// What a collector says about itself under the names of its v0.15x releases: cumulative sums since its start or
/// reload, a queue measured in batches. Ring and profile stand here and nowhere else: on a process they would mint
/// every series anew whenever they change.
/// </summary>
sealed class SelfTelemetry(OtlpWriter writer)
{
    public const int QueueCapacity = 1_000;

    /// <summary>What a collector of this size needs.</summary>
    public const double CollectorBytes = 92e6;
    static readonly double[] BatchBounds = [10, 25, 50, 75, 100, 250, 500, 750, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000, 20000, 30000, 50000, 100000];
    static readonly string[] ScraperNames = ["cpu", "disk", "filesystem", "load", "memory", "network", "paging", "process"];
    static readonly OtlpAttribute Receiver = new("receiver", "host_metrics"), Transport = new("transport", ""), Exporter = new("exporter", "otlphttp"), Metrics = new("data_type", "metrics");
    readonly ulong[] _buckets = new ulong[BatchBounds.Length + 1];
    PointHeader _point;

    /// <summary>Lets the collector's counters take one scrape's points.</summary>
    public static void Count(SimHost host, int system, int processes, int kept, long atMs)
    {
        var self = host.Collector;
        var scraped = system + processes;
        self.SystemPoints += system;
        self.ProcessPoints += processes;
        self.Filtered += scraped - kept;
        if (host.Applied?.MemoryLimitBytes < CollectorBytes)
        {
            // It needs more than it is allowed: the memory limiter lets little through.
            self.Refused += scraped - (scraped / 4);
            self.Accepted += scraped / 4;
            self.Sent += kept / 4;
            return;
        }
        if (host.Find(SimEventKind.QueueBackup, atMs) is not { } backup)
        {
            self.Accepted += scraped;
            self.Sent += kept;
            self.Batches++;
            self.BatchedPoints += kept;
            self.QueueSize = 0;
            return;
        }
        // The queue fills over the first third; from then on the memory limiter refuses and enqueueing fails.
        var progress = Math.Min(1, (atMs - backup.FromMs) * 3.0 / Math.Max(1, backup.UntilMs - backup.FromMs));
        self.QueueSize = (long)(progress * QueueCapacity * 0.98);
        self.SendFailed += kept;
        if (progress < 1)
        {
            self.Accepted += scraped;
            return;
        }
        self.Refused += scraped / 3;
        self.Accepted += scraped - (scraped / 3);
        self.EnqueueFailed += kept / 4;
    }

    public void Write(SimHost host, double cpuSeconds, double rss, long atMs)
    {
        var self = host.Collector;
        _point = new(Nanos(self.StartedMs), Nanos(atMs), false);
        writer.Resource(
        [
            new("service.name", "nrdot-collector"),
            new("service.version", Names.CollectorVersion),
            new("service.instance.id", self.InstanceId),
            new("host.id", host.Id),
            new("host.name", host.Name),
            new("nrdot.tenant", host.Tenant),
            new("nrdot.ring", host.Applied?.Ring ?? host.Ring.ToString()),
            new("nrdot.profile", host.Applied?.Profile ?? host.Profile.Name),
        ]);
        writer.Scope("go.opentelemetry.io/collector/receiver/receiverhelper");
        Counter("otelcol_receiver_accepted_metric_points", "{datapoints}", "Number of metric points successfully pushed into the pipeline.", self.Accepted, Receiver, Transport);
        Counter("otelcol_receiver_refused_metric_points", "{datapoints}", "Number of metric points that could not be pushed into the pipeline.", self.Refused, Receiver, Transport);

        writer.Scope("go.opentelemetry.io/collector/scraper/scraperhelper");
        Scrapers("otelcol_scraper_scraped_metric_points", "Number of metric points successfully scraped.", s => s == 7 ? self.ProcessPoints : self.SystemPoints / 7);
        Scrapers("otelcol_scraper_errored_metric_points", "Number of metric points that were unable to be scraped.", _ => 0);

        writer.Scope("go.opentelemetry.io/collector/processor/processorhelper");
        OtlpAttribute filter = new("processor", "filter/profile"), signal = new("otel.signal", "metrics");
        Counter("otelcol_processor_incoming_items", "{items}", "Number of items passed to the processor.", self.Accepted, filter, signal);
        Counter("otelcol_processor_outgoing_items", "{items}", "Number of items emitted from the processor.", self.Accepted - self.Filtered, filter, signal);
        Counter("otelcol_processor_memory_limiter_refused_metric_points", "{datapoints}", "Number of metric points that were rejected by the next component in the pipeline.", self.Refused, new OtlpAttribute("processor", "memory_limiter"));

        writer.Scope("github.com/open-telemetry/opentelemetry-collector-contrib/processor/filterprocessor");
        Counter("otelcol_processor_filter_datapoints.filtered", "{datapoints}", "Number of metric data points dropped by the filter processor", self.Filtered, new OtlpAttribute("filter", "filter/profile"));

        writer.Scope("go.opentelemetry.io/collector/processor/batchprocessor");
        BatchSizes(self);

        writer.Scope("go.opentelemetry.io/collector/exporter/exporterhelper");
        Counter("otelcol_exporter_sent_metric_points", "{datapoints}", "Number of metric points successfully sent to destination.", self.Sent, Exporter);
        Counter("otelcol_exporter_send_failed_metric_points", "{datapoints}", "Number of metric points in failed attempts to send to destination.", self.SendFailed, Exporter);
        Counter("otelcol_exporter_enqueue_failed_metric_points", "{datapoints}", "Number of metric points failed to be added to the sending queue.", self.EnqueueFailed, Exporter);
        Gauge("otelcol_exporter_queue_size", "{batches}", "Current size of the retry queue (in batches).", self.QueueSize, Exporter, Metrics);
        Gauge("otelcol_exporter_queue_capacity", "{batches}", "Fixed capacity of the retry queue (in batches).", QueueCapacity, Exporter, Metrics);

        writer.Scope("go.opentelemetry.io/collector/service");
        Seconds("otelcol_process_uptime", "Uptime of the process", (atMs - self.StartedMs) / 1000.0);
        Seconds("otelcol_process_cpu_seconds", "Total CPU user and system time in seconds", cpuSeconds);
        Gauge("otelcol_process_memory_rss", "By", "Total physical memory (resident set size)", (long)rss);
        Gauge("otelcol_process_runtime_heap_alloc_bytes", "By", "Bytes of allocated heap objects (see 'go doc runtime.MemStats.HeapAlloc')", (long)(rss * 0.41));
        Gauge("otelcol_process_runtime_total_sys_memory_bytes", "By", "Total bytes of memory obtained from the OS (see 'go doc runtime.MemStats.Sys')", (long)(rss * 0.88));
        Counter("otelcol_process_runtime_total_alloc_bytes", "By", "Cumulative bytes allocated for heap objects (see 'go doc runtime.MemStats.TotalAlloc')", self.Accepted * 2_200);
    }

    void BatchSizes(Collector self)
    {
        Array.Clear(_buckets);
        var mean = self.Batches == 0 ? 0 : (double)self.BatchedPoints / self.Batches;
        var bucket = Array.FindIndex(BatchBounds, b => mean <= b);
        _buckets[bucket < 0 ? BatchBounds.Length : bucket] = (ulong)self.Batches;
        writer.Metric("otelcol_processor_batch_batch_send_size", MetricKind.Histogram, "{units}", "Number of units in the batch", Temporality.Cumulative);
        writer.Histogram(_point, new HistogramPoint
        {
            Count = (ulong)self.Batches,
            Sum = self.BatchedPoints,
            Min = double.NaN,
            Max = double.NaN,
            BucketCounts = _buckets,
            Bounds = BatchBounds,
        }, [new("processor", "batch")]);
    }

    void Scrapers(string name, string description, Func<int, long> value)
    {
        writer.Metric(name, MetricKind.Sum, "{datapoints}", description, Temporality.Cumulative, true);
        for (var i = 0; i < ScraperNames.Length; i++) writer.Integer(_point, value(i), [Receiver, new("scraper", ScraperNames[i])]);
    }

    void Counter(string name, string unit, string description, long value, params ReadOnlySpan<OtlpAttribute> attributes)
    {
        writer.Metric(name, MetricKind.Sum, unit, description, Temporality.Cumulative, true);
        writer.Integer(_point, value, attributes);
    }

    void Seconds(string name, string description, double value)
    {
        writer.Metric(name, MetricKind.Sum, "s", description, Temporality.Cumulative, true);
        writer.Number(_point, value);
    }

    void Gauge(string name, string unit, string description, long value, params ReadOnlySpan<OtlpAttribute> attributes)
    {
        writer.Metric(name, MetricKind.Gauge, unit, description);
        writer.Integer(_point, value, attributes);
    }

    static ulong Nanos(long ms) => (ulong)ms * 1_000_000;
}
