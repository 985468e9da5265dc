using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Core.Tests.Fleet;

public sealed class CollectorHealthRuleTests
{
    const long Now = 1_800_000_000_000;
    static readonly TelemetryHost s_host = new(1, "prod", "h1", 0);
    static readonly TelemetryResource s_collector = new(1, s_host, Labels.Of(("service.name", "nrdot-collector"), ("service.version", "2.3.0"), ("service.instance.id", "a")));

    readonly CollectorHealthRule _rule = new();

    void Add(string name, double last, double previous, long previousAgo = 60_000, long lastAgo = 0, TelemetryResource? resource = null, Temporality temporality = Temporality.Cumulative, params ReadOnlySpan<(string, string)> attributes)
    {
        var metric = new MetricDescriptor(1, name, "", "", MetricKind.Sum, temporality, true);
        var view = new SeriesView(1, metric, resource ?? s_collector, Labels.Of(attributes), Now - lastAgo, last, previousAgo == 0 ? 0 : Now - lastAgo - previousAgo, previous);
        _rule.Add(view, MetricAliases.Resolve(name));
    }

    CollectorHealth Health => _rule.Compute(60_000)!;

    [Fact]
    public void A_host_without_self_telemetry_has_no_collector_health() => Assert.Null(_rule.Compute(60_000));

    [Theory]
    [InlineData("otelcol_receiver_accepted_metric_points", "otelcol_receiver_refused_metric_points")]
    [InlineData("otelcol_receiver_accepted_metric_points_total", "otelcol_receiver_refused_metric_points_total")]
    [InlineData("otelcol.receiver.accepted_points", "otelcol.receiver.refused_points")]
    [InlineData("otelcol_processor_accepted_metric_points", "otelcol_processor_refused_metric_points")]
    public void Acceptance_is_accepted_of_all_over_the_last_interval_under_every_name(string accepted, string refused)
    {
        Add(accepted, last: 10_900, previous: 10_000);
        Add(refused, last: 200, previous: 100);
        Assert.Equal(0.9, Health.Acceptance!.Value, 12);
    }

    [Fact]
    public void A_counter_reset_counts_from_zero()
    {
        Add("otelcol_receiver_accepted_metric_points", last: 300, previous: 90_000);
        Add("otelcol_receiver_refused_metric_points", last: 100, previous: 100);
        Add("otelcol_exporter_enqueue_failed_metric_points", last: 60, previous: 900);
        Assert.Equal(1.0, Health.Acceptance);
        Assert.Equal(1.0, Health.DroppedPerSecond);
    }

    [Fact]
    public void A_delta_counters_value_is_its_change()
    {
        Add("otelcol_exporter_send_failed_metric_points", last: 600, previous: 900, temporality: Temporality.Delta);
        Assert.Equal(10.0, Health.SendFailedPerSecond);
    }

    [Fact]
    public void After_a_reload_the_old_instance_is_left_out_and_the_new_one_says_nothing_yet()
    {
        var reloaded = new TelemetryResource(2, s_host, Labels.Of(("service.version", "2.3.1"), ("service.instance.id", "b")));
        Add("otelcol_receiver_accepted_metric_points", last: 500, previous: 400, lastAgo: 120_000);
        Add("otelcol_process_uptime", last: 86_400, previous: 86_340, lastAgo: 120_000);
        Add("otelcol_receiver_accepted_metric_points", last: 50, previous: 0, previousAgo: 0, resource: reloaded);
        Add("otelcol_process_uptime", last: 30, previous: 0, previousAgo: 0, resource: reloaded);

        Assert.Null(Health.Acceptance);
        Assert.Equal(TimeSpan.FromSeconds(30), Health.Uptime);
        Assert.Equal("2.3.1", Health.Version);
        Assert.Equal(HostHealth.Healthy, HostHealthRule.Judge(new(Now, Now, 60_000, Health, null), Now).Health);
    }

    [Fact]
    public void The_queue_share_is_the_fullest_exporters()
    {
        foreach (var (exporter, size) in new[] { ("otlphttp", 900.0), ("debug", 1.0) })
        {
            Add("otelcol_exporter_queue_size", size, 0, attributes: ("exporter", exporter));
            Add("otelcol_exporter_queue_capacity", 1000, 1000, attributes: ("exporter", exporter));
        }
        Assert.Equal(0.9, Health.QueueShare);
    }

    [Fact]
    public void Memory_and_cpu_are_the_collectors_own()
    {
        Add("otelcol_process_memory_rss_bytes", 120e6, 110e6);
        Add("otelcol_process_cpu_seconds_total", 103, 100);
        Assert.Equal(120e6, Health.MemoryRssBytes);
        Assert.Equal(0.05, Health.CpuShare);
    }

    [Fact]
    public void A_permanent_send_failure_is_a_loss_a_passing_one_is_not()
    {
        Add("otelcol_exporter_send_failed_metric_points", 60, 0, attributes: ("error.permanent", "true"));
        Add("otelcol_exporter_send_failed_metric_points", 120, 0, attributes: ("error.permanent", "false"));
        Assert.Equal((1.0, 3.0), (Health.DroppedPerSecond, Health.SendFailedPerSecond));
    }
}
