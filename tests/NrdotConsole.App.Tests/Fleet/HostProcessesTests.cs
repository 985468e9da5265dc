using NrdotConsole.App.Features.Fleet;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Fleet;

public sealed class HostProcessesTests
{
    const long Now = 1_769_860_800_000;

    static readonly TelemetryHost Host = new(1, "prod", "i-1", 0);
    static readonly MetricDescriptor Memory = new(1, "process.memory.usage", "By", "", MetricKind.Gauge, Temporality.Unspecified, false);
    static readonly MetricDescriptor Threads = new(2, "process.threads", "{thread}", "", MetricKind.Gauge, Temporality.Unspecified, false);

    static SeriesView Point(int resource, MetricDescriptor metric, string pid, double value, long at = Now, string pipeline = "") => new(
        resource, metric, new(resource, Host, Labels.Of(("process.executable.name", "postgres"), ("process.owner", "postgres"), ("process.pid", pid), ("nrdot.pipeline", pipeline))),
        Labels.Empty, at, value, 0, 0);

    static HostProcess Read(params SeriesView[] series)
    {
        var reading = new HostProcesses(ProcessClassification.Default, Now - 900_000);
        foreach (var view in series) reading.Visit(view);
        return Assert.Single(reading.Rows());
    }

    [Fact]
    public void A_process_that_the_inventory_lists_too_is_one_process() =>
        Assert.Equal(1, Read(Point(1, Memory, "7", 100), Point(2, Threads, "7", 4, pipeline: "inventory")).Processes);

    [Fact]
    public void A_process_that_ended_counts_no_more()
    {
        var row = Read(Point(1, Memory, "7", 100), Point(2, Memory, "8", 30, at: Now - 3_600_000));
        Assert.Equal((1, 100), (row.Processes, row.MemoryBytes));
    }

    static readonly MetricDescriptor CpuTime = new(3, "process.cpu.time", "s", "", MetricKind.Sum, Temporality.Delta, true);
    static readonly MetricDescriptor Utilization = new(4, "process.cpu.utilization", "1", "", MetricKind.Gauge, Temporality.Unspecified, false);

    [Fact]
    public void Cores_come_from_the_metric_that_was_heard_last_and_of_two_from_the_seconds_used()
    {
        static (string, string) Of(params SeriesView[] series)
        {
            var sent = new CpuMetric();
            foreach (var view in series) sent.Visit(view);
            return sent.Cores;
        }

        Assert.Equal(("process.cpu.time", "rate"), Of(Point(1, CpuTime, "7", 1), Point(1, Utilization, "7", 0.5)));
        Assert.Equal(("process.cpu.time", "rate"), Of(Point(1, CpuTime, "7", 1), Point(1, Utilization, "7", 0.5, at: Now - 3_600_000)));
        Assert.Equal(("process.cpu.utilization", "sum"), Of(Point(1, CpuTime, "7", 1, at: Now - 3_600_000), Point(1, Utilization, "7", 0.5)));
        Assert.Equal(("process.cpu.utilization", "sum"), Of());
    }
}
