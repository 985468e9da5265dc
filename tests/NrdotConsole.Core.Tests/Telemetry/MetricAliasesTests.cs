using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Core.Tests.Telemetry;

public sealed class MetricAliasesTests
{
    [Theory]
    [InlineData("process.io.operations", "process.disk.operations")]
    [InlineData("host.cpu.utilization", "system.cpu.utilization")]
    [InlineData("process.memory.physical_usage", "process.memory.usage")]
    [InlineData("process_memory_usage_bytes", "process.memory.usage")]
    [InlineData("process_cpu_time_seconds_total", "process.cpu.time")]
    [InlineData("process_cpu_utilization_ratio", "process.cpu.utilization")]
    [InlineData("otelcol.receiver.accepted_points", "otelcol_receiver_accepted_metric_points")]
    [InlineData("otelcol_receiver_accepted_metric_points_total", "otelcol_receiver_accepted_metric_points")]
    [InlineData("otelcol_process_memory_rss_bytes", "otelcol_process_memory_rss")]
    [InlineData("otelcol_process_cpu_seconds_total", "otelcol_process_cpu_seconds")]
    [InlineData("otelcol_processor_filter_datapoints_filtered", "otelcol_processor_filter_datapoints.filtered")]
    [InlineData("otelcol_processor_refused_metric_points", "otelcol_processor_memory_limiter_refused_metric_points")]
    [InlineData("nrdot_cost_estimated_hr", "nrdot.cost.hourly")]
    [InlineData("nrdot_process_series_total", "nrdot.process.series.total")]
    public void A_name_in_circulation_stands_for_the_current_one(string alias, string current) =>
        Assert.Equal(current, MetricAliases.Resolve(alias));

    [Theory]
    [InlineData("my.business.metric_total")]
    [InlineData("")]
    public void An_unknown_name_stands_for_itself(string name) => Assert.Equal(name, MetricAliases.Resolve(name));

    [Fact]
    public void Every_alias_resolves_as_the_table_says_and_a_current_name_to_itself()
    {
        Assert.All(MetricAliases.All, a => Assert.Equal(a.Current, MetricAliases.Resolve(a.Alias)));
        Assert.All(MetricAliases.All, a => Assert.Equal(a.Current, MetricAliases.Resolve(a.Current)));
    }
}
