using NrdotConsole.Core.Telemetry;
using NrdotConsole.FleetSim.Worlds;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Local;

/// <summary>One resource a process. What needs two readings is left out where a pid is new.</summary>
sealed class LocalProcessMetrics(OtlpWriter writer, OtlpAttribute[] host, bool commandLine)
{
    Dictionary<(int Pid, long StartedMs), LocalProcess> _before = [];
    long _lastMs;

    public void Write(List<LocalProcess> processes, long atMs)
    {
        foreach (var process in processes)
        {
            Open(process, inventory: false);
            var now = new PointHeader(Nanos(process.StartedMs), Nanos(atMs), false);
            if (_before.GetValueOrDefault((process.Pid, process.StartedMs)) is { } before) WriteChanges(before, process, now, atMs);
            writer.Metric("process.memory.usage", MetricKind.Sum, "By", "The amount of physical memory in use.", Temporality.Cumulative);
            writer.Integer(now, process.ResidentBytes);
            writer.Metric("process.memory.virtual", MetricKind.Sum, "By", "Virtual memory size.", Temporality.Cumulative);
            writer.Integer(now, process.VirtualBytes);
        }
        _before = processes.ToDictionary(p => (p.Pid, p.StartedMs));
        _lastMs = atMs;
    }

    public void WriteInventory(List<LocalProcess> processes, long atMs)
    {
        foreach (var process in processes)
        {
            Open(process, inventory: true);
            writer.Metric("process.threads", MetricKind.Sum, "{threads}", "Process threads count.", Temporality.Cumulative);
            writer.Integer(new(Nanos(process.StartedMs), Nanos(atMs), false), process.Threads);
        }
    }

    void WriteChanges(LocalProcess before, LocalProcess process, in PointHeader now, long atMs)
    {
        var delta = new PointHeader(Nanos(_lastMs), Nanos(atMs), false);
        var user = Math.Max(0, process.UserSeconds - before.UserSeconds);
        var system = Math.Max(0, process.SystemSeconds - before.SystemSeconds);
        var wait = Math.Max(0, process.WaitSeconds - before.WaitSeconds);
        writer.Metric("process.cpu.time", MetricKind.Sum, "s", "Total CPU seconds broken down by different states.", Temporality.Delta, true);
        writer.Number(delta, user, [Names.User]);
        writer.Number(delta, system, [Names.System]);
        writer.Number(delta, wait, [Names.Wait]);

        var elapsed = (atMs - _lastMs) / 1000.0 * Environment.ProcessorCount;
        if (elapsed > 0)
        {
            writer.Metric("process.cpu.utilization", MetricKind.Gauge, "1", "Percentage of total CPU time used by the process since last scrape, expressed as a value between 0 and 1.");
            writer.Number(now, Math.Min(1, user / elapsed), [Names.User]);
            writer.Number(now, Math.Min(1, system / elapsed), [Names.System]);
            writer.Number(now, Math.Min(1, wait / elapsed), [Names.Wait]);
        }
        if (process.Disk is not { } disk || before.Disk is not { } diskBefore) return;
        writer.Metric("process.disk.io", MetricKind.Sum, "By", "Disk bytes transferred.", Temporality.Delta, true);
        writer.Integer(delta, Math.Max(0, disk.Read - diskBefore.Read), [Names.Read]);
        writer.Integer(delta, Math.Max(0, disk.Written - diskBefore.Written), [Names.Write]);
    }

    void Open(LocalProcess process, bool inventory)
    {
        List<OtlpAttribute> resource =
        [
            new("process.pid", process.Pid),
            new("process.parent_pid", process.ParentPid),
            new("process.executable.name", process.Executable),
        ];
        if (process.Path.Length > 0) resource.Add(new("process.executable.path", process.Path));
        if (process.Command.Length > 0) resource.Add(new("process.command", process.Command));
        if (commandLine && process.CommandLine.Length > 0) resource.Add(new("process.command_line", process.CommandLine));
        if (process.Owner.Length > 0) resource.Add(new("process.owner", process.Owner));
        if (inventory) resource.Add(new("nrdot.pipeline", "inventory"));
        resource.AddRange(host);
        writer.Resource(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(resource), Names.SchemaUrl);
        writer.Scope(Names.ProcessScope);
    }

    static ulong Nanos(long ms) => (ulong)ms * 1_000_000;
}
