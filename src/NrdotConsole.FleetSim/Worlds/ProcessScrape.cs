using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>
/// One resource a process, as the process scraper gives it: cpu utilization by state, memory, disk by direction.
/// Utilization and deltas need two scrapes of the same pid.
/// </summary>
sealed class ProcessScrape(OtlpWriter writer)
{
    /// <summary>Points of a process that has been seen before.</summary>
    public const int Points = 7;

    static readonly OtlpAttribute Inventory = new("nrdot.pipeline", "inventory");
    readonly OtlpAttribute[] _resource = new OtlpAttribute[32];

    public void Write(SimHost host, SimProcess process, in ProcessLoad load, long atMs)
    {
        writer.Resource(Describe(host, process, inventory: false), Names.SchemaUrl);
        writer.Scope(Names.ProcessScope, Names.CollectorVersion);
        var now = new PointHeader(Nanos(process.StartedMs), Nanos(atMs), false);
        bool Sends(string metric) => process.KeptMetrics?.Contains(metric) ?? true;
        if (process.SeenMs != 0)
        {
            var delta = new PointHeader(Nanos(process.SeenMs), Nanos(atMs), false);
            var seconds = (atMs - process.SeenMs) / 1000.0;
            // The stock configuration sends utilization; a rendered one sends what it is judged by, the time.
            if (process.KeptMetrics is null || Sends("process.cpu.utilization"))
            {
                var share = Math.Min(1, load.Cpu / host.Cores);
                writer.Metric("process.cpu.utilization", MetricKind.Gauge);
                Cpu(now, share);
            }
            if (process.KeptMetrics is not null && Sends("process.cpu.time"))
            {
                writer.Metric("process.cpu.time", MetricKind.Sum, "s", temporality: Temporality.Delta, monotonic: true);
                Cpu(delta, load.Cpu * seconds);
            }
            if (Sends("process.disk.io"))
            {
                writer.Metric("process.disk.io", MetricKind.Sum, temporality: Temporality.Delta, monotonic: true);
                writer.Integer(delta, (long)(load.Read * seconds), [Names.Read]);
                writer.Integer(delta, (long)(load.Write * seconds), [Names.Write]);
            }
        }
        if (Sends("process.memory.usage")) State("process.memory.usage", now, (long)load.Memory);
        if (Sends("process.memory.virtual")) State("process.memory.virtual", now, (long)((load.Memory * 2.6) + (process.Spec.Threads * 8.4e6)));
        if (process.KeptMetrics is null) return;
        if (Sends("process.threads")) State("process.threads", now, process.Spec.Threads);
        if (Sends("process.open_file_descriptors")) State("process.open_file_descriptors", now, 12 + (process.Spec.Threads * 3));
        if (Sends("process.signals_pending")) State("process.signals_pending", now, 0);
        if (Sends("process.context_switches")) ByType("process.context_switches", now, (atMs - process.StartedMs) / 20, "voluntary", "involuntary");
        if (Sends("process.paging.faults")) ByType("process.paging.faults", now, (atMs - process.StartedMs) / 400, "minor", "major");
        if (!Sends("process.memory.utilization")) return;
        writer.Metric("process.memory.utilization", MetricKind.Gauge);
        writer.Number(now, load.Memory / host.MemoryBytes * 100);
    }

    void Cpu(in PointHeader at, double used)
    {
        writer.Number(at, used * 0.78, [Names.User]);
        writer.Number(at, used * 0.22, [Names.System]);
        writer.Number(at, 0, [Names.Wait]);
    }

    void State(string metric, in PointHeader at, long value)
    {
        writer.Metric(metric, MetricKind.Sum, temporality: Temporality.Cumulative);
        writer.Integer(at, value);
    }

    void ByType(string metric, in PointHeader at, long value, string most, string few)
    {
        writer.Metric(metric, MetricKind.Sum, temporality: Temporality.Cumulative, monotonic: true);
        writer.Integer(at, value, [new("type", most)]);
        writer.Integer(at, value / 50, [new("type", few)]);
    }

    /// <summary>One point a process through the inventory pipeline, which no transform touches: the unit stays.</summary>
    public void WriteInventory(SimHost host, SimProcess process, long atMs)
    {
        writer.Resource(Describe(host, process, inventory: true), Names.SchemaUrl);
        writer.Scope(Names.ProcessScope, Names.CollectorVersion);
        writer.Metric("process.threads", MetricKind.Sum, "{threads}", "Process threads count.", Temporality.Cumulative);
        writer.Integer(new(Nanos(process.StartedMs), Nanos(atMs), false), process.Spec.Threads);
    }

    ReadOnlySpan<OtlpAttribute> Describe(SimHost host, SimProcess process, bool inventory)
    {
        var spec = process.Spec;
        var count = 0;
        _resource[count++] = new("process.pid", process.Pid);
        _resource[count++] = new("process.parent_pid", process.ParentPid);
        _resource[count++] = new("process.executable.name", spec.Executable);
        if (!spec.IsKernelThread)
        {
            _resource[count++] = new("process.executable.path", spec.Path);
            _resource[count++] = new("process.command", spec.Path);
            _resource[count++] = new("process.command_line", spec.CommandLine);
        }
        _resource[count++] = new("process.owner", spec.Owner);
        if (process.Pod is { } pod) _resource[count++] = new("k8s.pod.name", pod);
        if (inventory) _resource[count++] = Inventory;
        foreach (var attribute in host.Resource) _resource[count++] = attribute;
        return _resource.AsSpan(0, count);
    }

    static ulong Nanos(long ms) => (ulong)ms * 1_000_000;
}
