using NrdotConsole.Core.Telemetry;
using NrdotConsole.FleetSim.Worlds;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Local;

/// <summary>
/// The machine-wide metrics, as stock NRDOT selects them, with their units. Counters are sent as deltas, so that the
/// first reading gives none; inode counts are left out, for .NET cannot ask for them.
/// </summary>
sealed class LocalHostMetrics(OtlpWriter writer, ProcFs proc, OtlpAttribute[] resource, long bootedMs)
{
    CpuTimes _cpu;
    (long In, long Out) _paging;
    Dictionary<string, DiskCounters> _disks = [];
    Dictionary<string, (NetworkCounters Received, NetworkCounters Sent)> _networks = [];
    long _lastMs;
    PointHeader _now, _delta;

    /// <summary>Sections that could not be read in the last <see cref="Write"/>.</summary>
    public int Errors { get; private set; }

    public void Write(long atMs)
    {
        _now = new(Nanos(bootedMs), Nanos(atMs), false);
        _delta = new(Nanos(_lastMs), Nanos(atMs), false);
        Errors = 0;
        Try(Cpu);
        Try(LoadAverage);
        Try(Memory);
        Try(Paging);
        Try(Filesystem);
        Try(Disk);
        Try(Network);
        _lastMs = atMs;
    }

    /// <summary>A sandbox may hide a file; the others are reported all the same. Each section reads before it writes.</summary>
    void Try(Action section)
    {
        try
        {
            section();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            Errors++;
        }
    }

    void Cpu()
    {
        var (before, now) = (_cpu, proc.Cpu());
        _cpu = now;
        var total = now.Total - before.Total;
        if (_lastMs == 0 || total <= 0) return;
        Open(Names.CpuScope);
        writer.Metric("system.cpu.utilization", MetricKind.Gauge, "1", "Difference in system.cpu.time since the last measurement, divided by the elapsed time and number of logical CPUs.");
        writer.Number(_now, (now.User - before.User) / total, [Names.User]);
        writer.Number(_now, (now.System - before.System) / total, [Names.System]);
        writer.Number(_now, (now.Idle - before.Idle) / total, [Names.Idle]);
        writer.Number(_now, (now.Wait - before.Wait) / total, [Names.Wait]);
        writer.Number(_now, (now.Steal - before.Steal) / total, [Names.Steal]);
    }

    void LoadAverage()
    {
        var (one, five, fifteen) = proc.LoadAverage();
        Open(Names.LoadScope);
        Gauge("system.cpu.load_average.1m", "{thread}", one);
        Gauge("system.cpu.load_average.5m", "{thread}", five);
        Gauge("system.cpu.load_average.15m", "{thread}", fifteen);
    }

    void Memory()
    {
        var memory = proc.Memory();
        Open(Names.MemoryScope);
        writer.Metric("system.memory.usage", MetricKind.Sum, "By", "Bytes of memory in use.", Temporality.Cumulative);
        writer.Integer(_now, memory.Used, [Names.Used]);
        writer.Integer(_now, memory.Free, [Names.Free]);
        writer.Integer(_now, memory.Cached, [Names.Cached]);
        writer.Integer(_now, memory.Buffered, [Names.Buffered]);
        writer.Integer(_now, memory.SlabReclaimable, [Names.SlabReclaimable]);
        writer.Metric("system.memory.utilization", MetricKind.Gauge, "1", "Percentage of memory bytes in use.");
        writer.Number(_now, (double)memory.Used / memory.Total, [Names.Used]);
        writer.Number(_now, (double)memory.Free / memory.Total, [Names.Free]);
    }

    void Paging()
    {
        var (before, now) = (_paging, proc.Paging());
        _paging = now;
        if (_lastMs == 0) return;
        Open(Names.PagingScope);
        Counter("system.paging.operations", "{operations}", "The number of paging operations.");
        writer.Integer(_delta, Since(before.In, now.In), [Names.PageIn]);
        writer.Integer(_delta, Since(before.Out, now.Out), [Names.PageOut]);
    }

    void Filesystem()
    {
        var mounts = new List<(OtlpAttribute[] Attributes, long Used, long Free)>();
        foreach (var (device, mount, type, mode) in proc.Mounts())
        {
            if (Space(mount) is not { } space) continue;
            mounts.Add(([new("device", device), new("mode", mode), new("mountpoint", mount), new("type", type)], space.Used, space.Free));
        }
        if (mounts.Count == 0) return;
        Open(Names.FilesystemScope);
        writer.Metric("system.filesystem.usage", MetricKind.Sum, "By", "Filesystem bytes used.", Temporality.Cumulative);
        foreach (var (attributes, used, free) in mounts)
        {
            writer.Integer(_now, used, [.. attributes, Names.Used]);
            writer.Integer(_now, free, [.. attributes, Names.Free]);
        }
        writer.Metric("system.filesystem.utilization", MetricKind.Gauge, "1", "Fraction of filesystem bytes used.");
        foreach (var (attributes, used, free) in mounts) writer.Number(_now, (double)used / (used + free), attributes);
    }

    static (long Used, long Free)? Space(string mount)
    {
        try
        {
            var drive = new DriveInfo(mount);
            return drive.TotalSize > 0 ? (drive.TotalSize - drive.TotalFreeSpace, drive.AvailableFreeSpace) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    void Disk()
    {
        var (before, now) = (_disks, proc.Disks());
        _disks = now;
        var both = now.Where(d => before.ContainsKey(d.Key)).Select(d => (Device: new OtlpAttribute("device", d.Key), Before: before[d.Key], Now: d.Value)).ToList();
        if (_lastMs == 0 || both.Count == 0) return;
        Open(Names.DiskScope);
        Counter("system.disk.io", "By", "Disk bytes transferred.");
        foreach (var d in both)
        {
            writer.Integer(_delta, Since(d.Before.ReadBytes, d.Now.ReadBytes), [d.Device, Names.Read]);
            writer.Integer(_delta, Since(d.Before.WrittenBytes, d.Now.WrittenBytes), [d.Device, Names.Write]);
        }
        Counter("system.disk.io_time", "s", "Time disk spent activated.");
        foreach (var d in both) writer.Number(_delta, Math.Max(0, d.Now.BusySeconds - d.Before.BusySeconds), [d.Device]);
        Counter("system.disk.operation_time", "s", "Time spent in disk operations.");
        foreach (var d in both)
        {
            writer.Number(_delta, Math.Max(0, d.Now.ReadSeconds - d.Before.ReadSeconds), [d.Device, Names.Read]);
            writer.Number(_delta, Math.Max(0, d.Now.WriteSeconds - d.Before.WriteSeconds), [d.Device, Names.Write]);
        }
        Counter("system.disk.operations", "{operations}", "Disk operations count.");
        foreach (var d in both)
        {
            writer.Integer(_delta, Since(d.Before.Reads, d.Now.Reads), [d.Device, Names.Read]);
            writer.Integer(_delta, Since(d.Before.Writes, d.Now.Writes), [d.Device, Names.Write]);
        }
    }

    void Network()
    {
        var (before, now) = (_networks, proc.Networks());
        _networks = now;
        var both = now.Where(n => before.ContainsKey(n.Key)).Select(n => (Device: new OtlpAttribute("device", n.Key), Before: before[n.Key], Now: n.Value)).ToList();
        if (_lastMs == 0 || both.Count == 0) return;
        Open(Names.NetworkScope);
        ByDevice("system.network.dropped", "{packets}", "The number of packets dropped.", c => c.Dropped);
        ByDevice("system.network.errors", "{errors}", "The number of errors encountered.", c => c.Errors);
        ByDevice("system.network.io", "By", "The number of bytes transmitted and received.", c => c.Bytes);
        ByDevice("system.network.packets", "{packets}", "The number of packets transferred.", c => c.Packets);

        void ByDevice(string name, string unit, string description, Func<NetworkCounters, long> of)
        {
            Counter(name, unit, description);
            foreach (var n in both)
            {
                writer.Integer(_delta, Since(of(n.Before.Received), of(n.Now.Received)), [n.Device, Names.Receive]);
                writer.Integer(_delta, Since(of(n.Before.Sent), of(n.Now.Sent)), [n.Device, Names.Transmit]);
            }
        }
    }

    void Open(string scope)
    {
        writer.Resource(resource, Names.SchemaUrl);
        writer.Scope(scope);
    }

    void Gauge(string name, string unit, double value)
    {
        writer.Metric(name, MetricKind.Gauge, unit);
        writer.Number(_now, value);
    }

    void Counter(string name, string unit, string description) => writer.Metric(name, MetricKind.Sum, unit, description, Temporality.Delta, true);

    /// <summary>A counter that is smaller than before began anew.</summary>
    static long Since(long before, long now) => now >= before ? now - before : now;

    static ulong Nanos(long ms) => (ulong)ms * 1_000_000;
}
