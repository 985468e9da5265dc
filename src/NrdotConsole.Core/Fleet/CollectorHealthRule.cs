using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Core.Fleet;

/// <summary>
/// A host's collector, read from its self-telemetry: feed every series of one visit, then ask. Names may be current,
/// legacy or Prometheus-spelt (<see cref="MetricAliases"/>); counters cumulative or delta.
/// <para>A counter's change is last minus previous over the time between them; a smaller value than before is a counter
/// that began anew, whose change is the value itself. A reload gives the collector a new service.instance.id, hence new
/// series: those of the old instance are older than the newest point by more than an interval and are left out, and the
/// new ones say nothing until their second point. Neither is a crash.</para>
/// <para>Points lost: those that could not be queued, those whose sending failed for good (error.permanent), and what
/// older collectors' processors counted as dropped. What a filter drops on purpose is not lost. Send failures are
/// attempts, and include ones that a retry mended. The queue's share is the fullest exporter's; memory and CPU are summed
/// over the host's collectors; uptime is the youngest's.</para>
/// </summary>
public sealed class CollectorHealthRule
{
    readonly List<(Reading What, SeriesView Series)> _readings = [];
    long _newestUnixMs;

    enum Reading { None, Accepted, Refused, LimiterAccepted, LimiterRefused, Dropped, EnqueueFailed, SendFailed, QueueSize, QueueCapacity, Memory, Cpu, Uptime }

    /// <summary>Whether a metric, by its current name, is a collector's own.</summary>
    public static bool IsSelfTelemetry(string currentName) => currentName.StartsWith("otelcol", StringComparison.Ordinal);

    public void Clear()
    {
        _readings.Clear();
        _newestUnixMs = 0;
    }

    public void Add(in SeriesView series, string currentName)
    {
        _newestUnixMs = Math.Max(_newestUnixMs, series.LastUnixMs);
        var what = Of(currentName);
        if (what != Reading.None && double.IsFinite(series.LastValue)) _readings.Add((what, series));
    }

    /// <summary>Null where the host's collector reports nothing of itself.</summary>
    public CollectorHealth? Compute(long intervalMs)
    {
        if (_newestUnixMs == 0) return null;
        var oldest = _newestUnixMs - (intervalMs * 3 / 2);
        double?[] rates = new double?[(int)Reading.Uptime + 1];
        var queueSizes = new Dictionary<(int Resource, string Exporter, string DataType), (double Size, double Capacity)>();
        double? memory = null, uptime = null;
        double? permanent = null;
        TelemetryResource? newest = null;
        var newestAt = 0L;

        foreach (var (what, series) in _readings)
        {
            if (series.LastUnixMs < oldest) continue;
            if (series.LastUnixMs > newestAt) (newest, newestAt) = (series.Resource, series.LastUnixMs);
            switch (what)
            {
                case Reading.QueueSize or Reading.QueueCapacity:
                    var key = (series.Resource.Id, series.Attributes.Get("exporter"), series.Attributes.Get("data_type"));
                    var queue = queueSizes.GetValueOrDefault(key);
                    queueSizes[key] = what == Reading.QueueSize
                        ? (queue.Size + series.LastValue, queue.Capacity)
                        : (queue.Size, queue.Capacity + series.LastValue);
                    break;
                case Reading.Memory:
                    memory = (memory ?? 0) + series.LastValue;
                    break;
                case Reading.Uptime:
                    uptime = Math.Min(uptime ?? double.MaxValue, series.LastValue);
                    break;
                default:
                    if (PerSecond(series) is not { } rate) break;
                    rates[(int)what] = (rates[(int)what] ?? 0) + rate;
                    if (what == Reading.SendFailed && series.Attributes.Get("error.permanent") == "true") permanent = (permanent ?? 0) + rate;
                    break;
            }
        }

        var accepted = rates[(int)Reading.Accepted] ?? rates[(int)Reading.LimiterAccepted];
        // What the limiter refuses, the receiver refuses too: counted once.
        var refused = rates[(int)Reading.Refused] ?? rates[(int)Reading.LimiterRefused];
        return new(
            Acceptance: accepted + (refused ?? 0) > 0 ? accepted / (accepted + (refused ?? 0)) : null,
            DroppedPerSecond: Sum(Sum(rates[(int)Reading.Dropped], rates[(int)Reading.EnqueueFailed]), permanent),
            SendFailedPerSecond: rates[(int)Reading.SendFailed],
            QueueShare: queueSizes.Values.Where(q => q.Capacity > 0).Select(q => (double?)(q.Size / q.Capacity)).Max(),
            MemoryRssBytes: memory,
            CpuShare: rates[(int)Reading.Cpu],
            Uptime: uptime is { } seconds and >= 0 and < 1e10 ? TimeSpan.FromSeconds(seconds) : null,
            Version: newest?.Labels.Get("service.version") is { Length: > 0 } version ? version : null,
            At: DateTimeOffset.FromUnixTimeMilliseconds(_newestUnixMs))
        {
            AcceptedPerSecond = accepted, RefusedPerSecond = refused,
        };
    }

    static double? PerSecond(in SeriesView series)
    {
        if (series.PreviousUnixMs <= 0 || series.LastUnixMs <= series.PreviousUnixMs) return null;
        var change = series.Metric.Temporality == Temporality.Delta || series.LastValue < series.PreviousValue
            ? series.LastValue
            : series.LastValue - series.PreviousValue;
        return double.IsFinite(change) ? change * 1000.0 / (series.LastUnixMs - series.PreviousUnixMs) : null;
    }

    static double? Sum(double? a, double? b) => a is null ? b : a + (b ?? 0);

    static Reading Of(string name) => name switch
    {
        "otelcol_receiver_accepted_metric_points" => Reading.Accepted,
        "otelcol_receiver_refused_metric_points" or "otelcol_receiver_failed_metric_points" => Reading.Refused,
        "otelcol_processor_memory_limiter_accepted_metric_points" => Reading.LimiterAccepted,
        "otelcol_processor_memory_limiter_refused_metric_points" => Reading.LimiterRefused,
        "otelcol_processor_dropped_metric_points" => Reading.Dropped,
        "otelcol_exporter_enqueue_failed_metric_points" => Reading.EnqueueFailed,
        "otelcol_exporter_send_failed_metric_points" => Reading.SendFailed,
        "otelcol_exporter_queue_size" => Reading.QueueSize,
        "otelcol_exporter_queue_capacity" => Reading.QueueCapacity,
        "otelcol_process_memory_rss" => Reading.Memory,
        "otelcol_process_cpu_seconds" => Reading.Cpu,
        "otelcol_process_uptime" => Reading.Uptime,
        _ => Reading.None,
    };
}
