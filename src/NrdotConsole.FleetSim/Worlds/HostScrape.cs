using NrdotConsole.Core.Telemetry;
using NrdotConsole.FleetSim.Events;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>
/// The system metrics of the stock NRDOT host configuration: one resource a scraper, units and descriptions blanked
/// by its transform, cumulative counters turned to deltas (so the first scrape of a host has none), gauges of state as they are.
/// </summary>
sealed class HostScrape(OtlpWriter writer)
{
    readonly List<string> _devices = [];
    SimHost _host = null!;
    PointHeader _now, _delta;
    double _seconds;
    long _atMs;

    /// <param name="load">The sum over the host's processes.</param>
    public void Write(SimHost host, in ProcessLoad load, double demand, long atMs)
    {
        (_host, _atMs) = (host, atMs);
        _seconds = (atMs - host.LastScrapeMs) / 1000.0;
        _now = new(Nanos(host.BootedMs), Nanos(atMs), false);
        _delta = new(Nanos(host.LastScrapeMs), Nanos(atMs), false);
        if (Scrapes("cpu")) Cpu(load);
        if (Scrapes("load")) LoadAverage(load);
        if (Scrapes("memory")) Memory(load);
        if (host.LastScrapeMs != 0 && Scrapes("paging")) Paging();
        if (Scrapes("filesystem")) Filesystem();
        if (host.LastScrapeMs == 0) return;
        if (Scrapes("disk")) Disk(load);
        if (Scrapes("network")) Network(demand);
    }

    /// <summary>The stock configuration has every scraper.</summary>
    bool Scrapes(string scraper) => _host.Applied?.Scrapers.Contains(scraper) ?? true;

    void Cpu(in ProcessLoad load)
    {
        var busy = Math.Min(0.97, (load.Cpu / _host.Cores) + 0.01);
        var wait = Math.Min(0.4, (load.Read + load.Write) / 4e8);
        var steal = _host.Resource.Length > 8 ? 0.002 : 0;
        Open(Names.CpuScope);
        Gauge("system.cpu.utilization");
        writer.Number(_now, busy * 0.74, [Names.User]);
        writer.Number(_now, busy * 0.26, [Names.System]);
        writer.Number(_now, Math.Max(0, 1 - busy - wait - steal), [Names.Idle]);
        writer.Number(_now, Math.Min(wait, 1 - busy), [Names.Wait]);
        writer.Number(_now, steal, [Names.Steal]);
    }

    void LoadAverage(in ProcessLoad load)
    {
        Open(Names.LoadScope);
        LoadAverage("system.cpu.load_average.1m", load.Cpu, 60_000);
        LoadAverage("system.cpu.load_average.5m", load.Cpu, 300_000);
        LoadAverage("system.cpu.load_average.15m", load.Cpu, 900_000);
    }

    void LoadAverage(string name, double cpu, long windowMs)
    {
        Gauge(name);
        var drift = 1 + (0.15 * StableHash.Wander(_host.Key ^ (ulong)windowMs, _atMs, windowMs));
        writer.Number(_now, Math.Round(cpu * 1.15 * drift, 2));
    }

    void Memory(in ProcessLoad load)
    {
        var total = _host.MemoryBytes;
        var used = Math.Min(total * 0.96, load.Memory + (total * 0.06));
        var cached = (total - used) * 0.6;
        Open(Names.MemoryScope);
        State("system.memory.usage");
        writer.Integer(_now, (long)used, [Names.Used]);
        writer.Integer(_now, (long)(total - used - cached), [Names.Free]);
        writer.Integer(_now, (long)(cached * 0.86), [Names.Cached]);
        writer.Integer(_now, (long)(cached * 0.05), [Names.Buffered]);
        writer.Integer(_now, (long)(cached * 0.09), [Names.SlabReclaimable]);
        Gauge("system.memory.utilization");
        writer.Number(_now, used / total, [Names.Used]);
        writer.Number(_now, (total - used - cached) / total, [Names.Free]);
    }

    void Paging()
    {
        Open(Names.PagingScope);
        Counter("system.paging.operations");
        writer.Integer(_delta, Jitter(1, 4 * _seconds), [Names.PageIn]);
        writer.Integer(_delta, Jitter(2, 30 * _seconds), [Names.PageOut]);
    }

    void Filesystem()
    {
        Open(Names.FilesystemScope);
        for (var metric = 0; metric < 3; metric++)
        {
            if (metric == 2) Gauge("system.filesystem.utilization");
            else State(metric == 0 ? "system.filesystem.inodes.usage" : "system.filesystem.usage");
            for (var i = 0; i < _host.Mounts.Length; i++)
            {
                var size = (i + 1) * 80 * (double)(1L << 30);
                var share = 0.25 + (0.4 * StableHash.Unit(StableHash.Mix(_host.Key, 20, (ulong)i)))
                    + (0.02 * StableHash.Wander(_host.Key ^ (ulong)i, _atMs, 3_600_000));
                var inodes = size / 16_384;
                OtlpAttribute device = new("device", "/dev/" + _host.Disks[i] + (i == 0 ? "p1" : "")), mode = new("mode", "rw"),
                    mount = new("mountpoint", _host.Mounts[i]), type = new("type", i == 0 ? "ext4" : "xfs");
                if (metric == 2)
                {
                    writer.Number(_now, share, [device, mode, mount, type]);
                    continue;
                }
                var (total, used) = metric == 0 ? (inodes, inodes * share * 0.2) : (size, size * share);
                writer.Integer(_now, (long)used, [device, mode, mount, Names.Used, type]);
                writer.Integer(_now, (long)(total - used), [device, mode, mount, Names.Free, type]);
            }
        }
    }

    void Disk(in ProcessLoad load)
    {
        var read = load.Read * _seconds;
        var written = (load.Write + 20_000) * _seconds;
        Open(Names.DiskScope);
        Counter("system.disk.io");
        ByDisk(read, written, whole: true);
        Counter("system.disk.operations");
        ByDisk(read / 24_000, written / 11_000, whole: true);
        Counter("system.disk.operation_time");
        ByDisk(read / 24_000 * 0.0004, written / 11_000 * 0.0009, whole: false);
        Counter("system.disk.io_time");
        for (var i = 0; i < _host.Disks.Length; i++)
            writer.Number(_delta, Math.Min(_seconds, (read + written) * Share(i) / 3e8), [new("device", _host.Disks[i])]);
    }

    void ByDisk(double read, double written, bool whole)
    {
        for (var i = 0; i < _host.Disks.Length; i++)
        {
            var device = new OtlpAttribute("device", _host.Disks[i]);
            if (whole)
            {
                writer.Integer(_delta, (long)(read * Share(i)), [device, Names.Read]);
                writer.Integer(_delta, (long)(written * Share(i)), [device, Names.Write]);
                continue;
            }
            writer.Number(_delta, read * Share(i), [device, Names.Read]);
            writer.Number(_delta, written * Share(i), [device, Names.Write]);
        }
    }

    // The second disk holds the data.
    static double Share(int disk) => disk == 0 ? 0.2 : 0.8;

    void Network(double demand)
    {
        var bytes = demand * _seconds * (_host.Role switch { Role.Web => 2.4e6, Role.Db or Role.Queue => 1.6e6, Role.Bastion => 2e4, _ => 8e5 });
        _devices.Clear();
        _devices.Add(_host.Nic);
        Newborn();
        Open(Names.NetworkScope);
        ByDevice("system.network.dropped", 0, 0);
        ByDevice("system.network.errors", 0, 0);
        ByDevice("system.network.io", bytes, bytes * 1.7);
        ByDevice("system.network.packets", bytes / 640, bytes * 1.7 / 910);
    }

    /// <summary>The devices of a cardinality explosion: a container a moment, a virtual interface each.</summary>
    void Newborn()
    {
        if (_host.Find(SimEventKind.Explode, _atMs) is not { } explosion) return;
        var first = (long)((_host.LastScrapeMs - explosion.FromMs) / 60_000.0 * explosion.Event.Amount);
        var last = (long)((_atMs - explosion.FromMs) / 60_000.0 * explosion.Event.Amount);
        for (var i = Math.Max(0, first); i < last; i++)
            _devices.Add($"veth{StableHash.Mix(_host.Key, 30, (ulong)(explosion.FromMs + i)):x8}"[..11]);
    }

    void ByDevice(string metric, double received, double sent)
    {
        Counter(metric);
        for (var i = 0; i < _devices.Count; i++)
        {
            var share = i == 0 ? 1 : 0.01;
            var device = new OtlpAttribute("device", _devices[i]);
            writer.Integer(_delta, (long)(received * share), [device, Names.Receive]);
            writer.Integer(_delta, (long)(sent * share), [device, Names.Transmit]);
        }
    }

    long Jitter(ulong salt, double mean) => (long)Math.Round(mean * (1 + (0.5 * StableHash.White(_host.Key ^ salt, _atMs))));

    void Open(string scope)
    {
        writer.Resource(_host.Resource, Names.SchemaUrl);
        writer.Scope(scope, Names.CollectorVersion);
    }

    void Gauge(string name) => writer.Metric(name, MetricKind.Gauge);
    void State(string name) => writer.Metric(name, MetricKind.Sum, temporality: Temporality.Cumulative);
    void Counter(string name) => writer.Metric(name, MetricKind.Sum, temporality: Temporality.Delta, monotonic: true);

    static ulong Nanos(long ms) => (ulong)ms * 1_000_000;
}
