using NrdotConsole.FleetSim.Events;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>How hard a host and its processes work at one moment: the day's rhythm, slow drift, fine noise, and what has gone wrong.</summary>
static class HostLoad
{
    const long DayMs = 86_400_000, DriftMs = 20 * 60_000, ProcessDriftMs = 7 * 60_000;

    /// <summary>About 1 on average; the production day peaks in its early afternoon (UTC).</summary>
    public static double Demand(SimHost host, long atMs)
    {
        var hour = atMs % DayMs / 3_600_000.0;
        var swing = host.Tenant == "prod" ? 0.35 : 0.15;
        var day = 1 + (swing * Math.Sin((hour - 8) * Math.PI / 12));
        return day * (1 + (0.08 * StableHash.Wander(host.Key, atMs, DriftMs)));
    }

    public static ProcessLoad Of(SimHost host, SimProcess process, double demand, long atMs)
    {
        var spec = process.Spec;
        var key = process.Key;
        var pull = spec.FollowsDemand ? demand : 1;
        var drift = 1 + (0.07 * StableHash.Wander(key, atMs, ProcessDriftMs));
        var cpu = spec.Cpu * pull * drift * (1 + (0.03 * StableHash.White(key, atMs)));
        var memory = spec.MemoryMb * 1e6 * (0.97 + (0.03 * pull)) * (1 + (0.015 * StableHash.Wander(key ^ 1, atMs, ProcessDriftMs)));
        var io = pull * drift * (1 + (0.08 * StableHash.White(key ^ 2, atMs)));
        var (cpuFactor, ioFactor, leaked) = Trouble(host, process, atMs);
        return new(cpu * cpuFactor, memory + leaked, spec.ReadKb * 1e3 * io * ioFactor, spec.WriteKb * 1e3 * io * ioFactor);
    }

    /// <summary>The same without noise: what decides whether a profile sends the process, so that it does not flap.</summary>
    public static ProcessLoad Steady(SimHost host, SimProcess process, long atMs)
    {
        var spec = process.Spec;
        var (cpuFactor, ioFactor, leaked) = Trouble(host, process, atMs);
        return new(spec.Cpu * cpuFactor, (spec.MemoryMb * 1e6) + leaked, spec.ReadKb * 1e3 * ioFactor, spec.WriteKb * 1e3 * ioFactor);
    }

    static (double Cpu, double Io, double LeakedBytes) Trouble(SimHost host, SimProcess process, long atMs)
    {
        var (cpu, io, leaked) = (1.0, 1.0, 0.0);
        foreach (var active in host.Active)
        {
            if (active.Event.Process != process.Spec.Executable || atMs < active.FromMs || atMs >= active.UntilMs) continue;
            switch (active.Event.Kind)
            {
                case SimEventKind.CpuSpike:
                    cpu *= active.Event.Amount;
                    break;
                case SimEventKind.IoStorm:
                    io *= active.Event.Amount;
                    cpu *= 1.3;
                    break;
                case SimEventKind.Leak:
                    leaked += active.Event.Amount * 1e6 * (atMs - Math.Max(active.FromMs, process.StartedMs)) / 60_000;
                    break;
            }
        }
        return (cpu, io, leaked);
    }
}
