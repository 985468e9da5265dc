using NrdotConsole.FleetSim.Agents;
using NrdotConsole.FleetSim.Events;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>An event that has begun on a host.</summary>
sealed record ActiveEvent(SimEvent Event, long FromMs, long UntilMs);

/// <summary>A simulated machine and the collector on it.</summary>
public sealed class SimHost
{
    internal SimHost(int index, ulong key) => (Index, Key) = (index, key);

    public int Index { get; }
    internal ulong Key { get; }
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Tenant { get; init; }
    public required Role Role { get; init; }

    /// <summary>0..4, by a stable hash of <see cref="Id"/>.</summary>
    public required int Ring { get; init; }
    public required CollectionProfile Profile { get; init; }

    /// <summary>What its collector was configured to send; null: what <see cref="Profile"/> says.</summary>
    internal AppliedConfig? Applied { get; set; }
    public required int Cores { get; init; }
    public required double MemoryBytes { get; init; }
    public required long BootedMs { get; init; }

    /// <summary>What resource detection adds to everything that the host sends.</summary>
    internal OtlpAttribute[] Resource { get; init; } = [];
    internal string[] Disks { get; init; } = [];
    internal string[] Mounts { get; init; } = [];
    internal string Nic { get; init; } = "";

    public IReadOnlyList<SimProcess> Processes => ProcessList;
    internal List<SimProcess> ProcessList { get; } = [];
    internal List<ActiveEvent> Active { get; } = [];
    internal Collector Collector { get; } = new();
    internal long LastScrapeMs { get; set; }

    /// <summary>Its collector is not running before this time.</summary>
    internal long DownUntilMs { get; set; }

    int _nextPid = 400;

    internal int NewPid(ulong salt) => _nextPid += 1 + StableHash.Below(StableHash.Mix(Key, salt, (ulong)_nextPid), 37);

    internal ActiveEvent? Find(SimEventKind kind, long atMs)
    {
        foreach (var active in Active)
            if (active.Event.Kind == kind && atMs >= active.FromMs && atMs < active.UntilMs) return active;
        return null;
    }

    internal void Forget(long atMs) => Active.RemoveAll(a => a.UntilMs <= atMs);
}

/// <summary>What a collector counts about itself since it started.</summary>
sealed class Collector
{
    public string InstanceId = "";
    public long StartedMs;
    public long Accepted, Refused, Filtered, Sent, SendFailed, EnqueueFailed, Batches, BatchedPoints, SystemPoints, ProcessPoints;
    public long QueueSize;

    public void Reload(string instanceId, long atMs)
    {
        InstanceId = instanceId;
        StartedMs = atMs;
        Accepted = Refused = Filtered = Sent = SendFailed = EnqueueFailed = Batches = BatchedPoints = SystemPoints = ProcessPoints = QueueSize = 0;
    }
}
