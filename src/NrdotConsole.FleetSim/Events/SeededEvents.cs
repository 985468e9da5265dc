using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Events;

/// <summary>An endless run of believable trouble, one event every one to four minutes, chosen by the seed.</summary>
sealed class SeededEvents(ulong seed, SimHost[] hosts)
{
    static readonly TimeSpan First = TimeSpan.FromMinutes(6);
    TimeSpan _at = First;
    ulong _count;
    SimEvent? _last;

    public bool IsLast(SimEvent e) => ReferenceEquals(e, _last);

    public SimEvent Next()
    {
        var key = StableHash.Mix(seed, 0xe7e27, _count++);
        var host = hosts[StableHash.Below(StableHash.Mix(key, 1), hosts.Length)];
        _last = Choose(host, key);
        _at += TimeSpan.FromSeconds(60 + StableHash.Below(StableHash.Mix(key, 2), 180));
        return _last;
    }

    SimEvent Choose(SimHost host, ulong key)
    {
        var workers = host.Processes.Where(p => p.Spec.FollowsDemand).ToList();
        var process = workers.Count == 0 ? "sshd" : workers[StableHash.Below(StableHash.Mix(key, 3), workers.Count)].Spec.Executable;
        var minutes = TimeSpan.FromMinutes(3 + StableHash.Below(StableHash.Mix(key, 4), 6));
        var chance = StableHash.Unit(StableHash.Mix(key, 5));
        return chance switch
        {
            < 0.28 => new(_at, SimEventKind.Restart, host.Name, process, TimeSpan.Zero, 0),
            < 0.46 => new(_at, SimEventKind.CpuSpike, host.Name, process, minutes, 4),
            < 0.58 => new(_at, SimEventKind.IoStorm, host.Name, process, minutes, 8),
            < 0.68 => new(_at, SimEventKind.Leak, host.Name, process, minutes * 3, 60),
            < 0.76 => new(_at, SimEventKind.Reload, host.Name, "", TimeSpan.Zero, 0),
            < 0.84 => new(_at, SimEventKind.Vanish, host.Name, process, minutes, 0),
            < 0.90 => new(_at, SimEventKind.Outage, host.Name, "", minutes, 0),
            < 0.95 => new(_at, SimEventKind.QueueBackup, host.Name, "", minutes, 0),
            _ => new(_at, host.Role == Role.K8s ? SimEventKind.NoisyPods : SimEventKind.Explode, host.Name, "", minutes, 12),
        };
    }
}
