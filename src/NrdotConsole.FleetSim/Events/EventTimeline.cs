using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Events;

/// <summary>Makes a world's events happen when their time comes, in order.</summary>
sealed class EventTimeline
{
    readonly PriorityQueue<SimEvent, (long AtMs, int Order)> _coming = new();
    readonly SimHost[] _hosts;
    readonly long _liveMs;
    readonly SeededEvents? _seeded;
    int _order;

    public EventTimeline(WorldOptions options, SimHost[] hosts, long liveMs)
    {
        (_hosts, _liveMs) = (hosts, liveMs);
        foreach (var e in options.Script) Add(e);
        if (options.Eventful && hosts.Length > 0) _seeded = new(options.Seed, hosts);
        if (_seeded is not null) Add(_seeded.Next());
    }

    public void AdvanceTo(long atMs)
    {
        while (_coming.TryPeek(out var e, out var when) && when.AtMs <= atMs)
        {
            _coming.Dequeue();
            if (Resolve(_hosts, e.Host) is { } host) Begin(host, e, when.AtMs);
            if (_seeded is not null && _seeded.IsLast(e)) Add(_seeded.Next());
        }
    }

    /// <summary>A host by its name, or by "role/n".</summary>
    public static SimHost? Resolve(IEnumerable<SimHost> hosts, string selector)
    {
        var slash = selector.IndexOf('/');
        if (slash < 0) return hosts.FirstOrDefault(h => h.Name == selector);
        if (!Enum.TryParse<Role>(selector[..slash], ignoreCase: true, out var role) || !int.TryParse(selector[(slash + 1)..], out var number)) return null;
        return hosts.Where(h => h.Role == role).ElementAtOrDefault(number - 1);
    }

    void Add(SimEvent e) => _coming.Enqueue(e, (_liveMs + (long)e.At.TotalMilliseconds, _order++));

    static void Begin(SimHost host, SimEvent e, long atMs)
    {
        var untilMs = atMs + (long)e.For.TotalMilliseconds;
        switch (e.Kind)
        {
            case SimEventKind.Reload:
                host.Collector.Reload(StableHash.Guid(host.Key, (ulong)atMs).ToString(), atMs);
                return;
            case SimEventKind.Restart:
            case SimEventKind.Vanish:
            case SimEventKind.Hide:
                foreach (var process in host.ProcessList)
                    if (process.Spec.Executable == e.Process) Strike(host, process, e.Kind, atMs, untilMs);
                return;
            default:
                host.Active.Add(new(e, atMs, untilMs));
                return;
        }
    }

    static void Strike(SimHost host, SimProcess process, SimEventKind kind, long atMs, long untilMs)
    {
        if (kind == SimEventKind.Hide)
        {
            process.HiddenUntilMs = untilMs;
            return;
        }
        if (kind == SimEventKind.Vanish) process.DownUntilMs = untilMs;
        process.Restart(host.NewPid((ulong)atMs), Math.Max(atMs, kind == SimEventKind.Vanish ? untilMs : atMs));
    }
}
