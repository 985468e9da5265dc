using NrdotConsole.FleetSim.Agents;
using NrdotConsole.FleetSim.Events;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Worlds;

public enum BatchKind { Metrics, Inventory, SelfTelemetry }

/// <summary>One export request of one host. <see cref="Body"/> is an ExportMetricsServiceRequest, valid during the call that gives it.</summary>
public readonly record struct SimBatch(SimHost Host, BatchKind Kind, DateTimeOffset At, int Points, ReadOnlyMemory<byte> Body);

/// <summary>
/// A fleet in simulated time. It holds no clock: <see cref="Step"/> brings it to a moment and gives every export that
/// fell due on the way, in order, stamped with its own time. The same options and times make the same bytes, however
/// the way is cut into steps. Not safe for concurrent use.
/// </summary>
public sealed class World
{
    readonly WorldOptions _options;
    readonly long _liveMs;
    readonly SimHost[] _hosts;
    readonly OtlpWriter _writer = new();
    readonly HostScrape _hostScrape;
    readonly ProcessScrape _processScrape;
    readonly SelfTelemetry _selfTelemetry;
    readonly EventTimeline _events;
    readonly PriorityQueue<(int Host, BatchKind Kind), (long AtMs, int Host, BatchKind Kind)> _due = new();
    readonly List<(SimProcess Process, ProcessLoad Load, ProcessLoad Steady)> _running = [];

    /// <param name="begin">The first scrape falls within one interval of it.</param>
    /// <param name="live">Where history ends: from here the live interval holds, and the script counts from it.</param>
    public World(WorldOptions options, DateTimeOffset begin, DateTimeOffset live)
    {
        _options = options;
        _liveMs = live.ToUnixTimeMilliseconds();
        var beginMs = begin.ToUnixTimeMilliseconds();
        _hosts = HostFactory.Build(options, beginMs);
        _hostScrape = new(_writer);
        _processScrape = new(_writer);
        _selfTelemetry = new(_writer);
        _events = new(options, _hosts, _liveMs);
        foreach (var host in _hosts)
        {
            Schedule(host, BatchKind.Metrics, beginMs - 1);
            Schedule(host, BatchKind.Inventory, beginMs - 1);
            Schedule(host, BatchKind.SelfTelemetry, beginMs - 1);
        }
    }

    public IReadOnlyList<SimHost> Hosts => _hosts;

    /// <summary>The collector of a host runs another configuration from now on: a reload, which begins its counters anew.</summary>
    internal void Apply(SimHost host, AppliedConfig config, DateTimeOffset at)
    {
        host.Applied = config;
        Restart(host, at);
    }

    /// <summary>The collector of a host starts anew with what it runs.</summary>
    internal void Restart(SimHost host, DateTimeOffset at) =>
        host.Collector.Reload(StableHash.Guid(host.Key, (ulong)at.ToUnixTimeMilliseconds()).ToString(), at.ToUnixTimeMilliseconds());

    /// <summary>The collector of a host is down until then, or runs again.</summary>
    internal void Silence(SimHost host, DateTimeOffset? until) => host.DownUntilMs = until?.ToUnixTimeMilliseconds() ?? 0;

    /// <summary>When something falls due next, or null in a world without hosts.</summary>
    public DateTimeOffset? NextDue => _due.TryPeek(out _, out var due) ? DateTimeOffset.FromUnixTimeMilliseconds(due.AtMs) : null;

    /// <summary>Gives everything due up to and including <paramref name="at"/>.</summary>
    public void Step(DateTimeOffset at, Action<SimBatch> send)
    {
        var atMs = at.ToUnixTimeMilliseconds();
        while (_due.TryPeek(out var next, out var due) && due.AtMs <= atMs)
        {
            _due.Dequeue();
            Export(_hosts[next.Host], next.Kind, due.AtMs, send);
        }
    }

    void Export(SimHost host, BatchKind kind, long atMs, Action<SimBatch> send)
    {
        _events.AdvanceTo(atMs);
        host.Forget(atMs);
        Schedule(host, kind, atMs);
        if (atMs < host.DownUntilMs || host.Find(SimEventKind.Outage, atMs) is not null) return;

        _writer.Clear();
        if (kind == BatchKind.Metrics) Scrape(host, atMs);
        else if (kind == BatchKind.Inventory) Inventory(host, atMs);
        else WriteSelf(host, atMs);
        var body = _writer.Complete();
        if (_writer.Points > 0) send(new(host, kind, DateTimeOffset.FromUnixTimeMilliseconds(atMs), _writer.Points, body));
    }

    void Scrape(SimHost host, long atMs)
    {
        var demand = HostLoad.Demand(host, atMs);
        var total = Measure(host, demand, atMs);
        Select(host);
        _hostScrape.Write(host, total, demand, atMs);
        var system = _writer.Points;
        foreach (var (process, load, _) in _running)
        {
            if (process.Kept && atMs >= process.HiddenUntilMs) _processScrape.Write(host, process, load, atMs);
            process.SeenMs = atMs;
        }
        SelfTelemetry.Count(host, system, _running.Count * ProcessScrape.Points, _writer.Points, atMs);
        host.LastScrapeMs = atMs;
    }

    ProcessLoad Measure(SimHost host, double demand, long atMs)
    {
        _running.Clear();
        var (cpu, memory, read, write) = (0.0, 0.0, 0.0, 0.0);
        foreach (var process in host.ProcessList) Add(process);
        foreach (var process in Passing.Of(host, atMs)) Add(process);
        return new(cpu, memory, read, write);

        void Add(SimProcess process)
        {
            if (atMs < process.DownUntilMs) return;
            var load = HostLoad.Of(host, process, demand, atMs);
            _running.Add((process, load, HostLoad.Steady(host, process, atMs)));
            cpu += load.Cpu;
            memory += load.Memory;
            read += load.Read;
            write += load.Write;
        }
    }

    /// <summary>What the host's collector sends: what its configuration says, or by its profile wanted processes, of each class the busiest, within the series limit.</summary>
    void Select(SimHost host)
    {
        if (host.Applied is { } applied)
        {
            foreach (var (process, _, steady) in _running)
            {
                var sent = applied.Judge(process.Spec, steady);
                (process.Kept, process.KeptMetrics) = (sent.IsKept, sent.Metrics);
            }
            return;
        }
        var profile = host.Profile;
        var left = profile.MaxSeries / ProcessScrape.Points;
        for (var i = 0; i < _running.Count; i++)
        {
            var (process, _, steady) = _running[i];
            process.Kept = left > 0
                && profile.Wants(process.Spec, steady.Cpu, steady.Memory, steady.Read + steady.Write)
                && BusierOfItsClass(i) < profile.TopK(process.Spec.Class);
            if (process.Kept) left--;
        }
    }

    int BusierOfItsClass(int index)
    {
        var (process, _, steady) = _running[index];
        var busier = 0;
        for (var i = 0; i < _running.Count; i++)
        {
            var (other, _, otherSteady) = _running[i];
            if (other.Spec.Class != process.Spec.Class) continue;
            if (otherSteady.Cpu > steady.Cpu || (otherSteady.Cpu == steady.Cpu && i < index)) busier++;
        }
        return busier;
    }

    void Inventory(SimHost host, long atMs)
    {
        foreach (var process in host.ProcessList)
            if (atMs >= process.DownUntilMs) _processScrape.WriteInventory(host, process, atMs);
    }

    void WriteSelf(SimHost host, long atMs)
    {
        var seconds = (atMs - host.Collector.StartedMs) / 1000.0;
        var rss = SelfTelemetry.CollectorBytes * (1 + (0.05 * StableHash.Wander(host.Key ^ 40, atMs, 600_000))) * (1 + (host.Collector.QueueSize / 1_500.0));
        _selfTelemetry.Write(host, seconds * 0.012, rss, atMs);
    }

    /// <summary>Every host has its own phase within the interval, and each export a little jitter.</summary>
    void Schedule(SimHost host, BatchKind kind, long afterMs)
    {
        var live = kind == BatchKind.Inventory ? _options.InventoryInterval : _options.Interval;
        var past = kind == BatchKind.Inventory ? _options.InventoryInterval : _options.HistoryInterval;
        var interval = (long)(afterMs < _liveMs && past > live ? past : live).TotalMilliseconds;
        if (kind == BatchKind.Metrics && host.Applied is { } applied) interval = (long)Math.Max(1_000, interval * applied.Pace);
        var phase = (long)(StableHash.Unit(StableHash.Mix(host.Key, 50)) * interval);
        if (kind == BatchKind.SelfTelemetry) phase = (phase + (interval / 2)) % interval;
        var jitterRange = Math.Min(50, interval / 20);
        var slot = ((afterMs - phase + jitterRange) / interval) + 1;
        var slotMs = (slot * interval) + phase;
        // The step from history to the live rhythm must not wait for a whole slot of the old one.
        if (afterMs < _liveMs && slotMs > _liveMs) slotMs = NextLiveSlot(host, kind, (long)live.TotalMilliseconds);
        var dueMs = slotMs + (long)(StableHash.White(host.Key ^ (ulong)kind, slotMs) * jitterRange / 2);
        _due.Enqueue((host.Index, kind), (Math.Max(dueMs, afterMs + 1), host.Index, kind));
    }

    long NextLiveSlot(SimHost host, BatchKind kind, long intervalMs)
    {
        var phase = (long)(StableHash.Unit(StableHash.Mix(host.Key, 50)) * intervalMs);
        if (kind == BatchKind.SelfTelemetry) phase = (phase + (intervalMs / 2)) % intervalMs;
        return ((_liveMs - phase) / intervalMs * intervalMs) + intervalMs + phase;
    }
}
