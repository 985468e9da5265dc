namespace NrdotConsole.FleetSim.Worlds;

/// <summary>One process of a host. A restart keeps the object and changes what a scrape can see of it.</summary>
public sealed class SimProcess(ProcessSpec spec, ulong key, int pid, int parentPid, long startedMs)
{
    public ProcessSpec Spec => spec;
    public ulong Key => key;
    public int Pid { get; private set; } = pid;
    public int ParentPid => parentPid;
    public long StartedMs { get; private set; } = startedMs;

    /// <summary>The pod it belongs to, or null.</summary>
    public string? Pod { get; init; }

    /// <summary>It does not run before this time.</summary>
    public long DownUntilMs { get; set; }

    /// <summary>It runs, the inventory sees it, but the collector's main pipeline does not send it before this time.</summary>
    public long HiddenUntilMs { get; set; }

    /// <summary>The last scrape that saw this pid, or 0: rates need two.</summary>
    public long SeenMs { get; set; }

    /// <summary>Whether the host's collector sends it.</summary>
    public bool Kept { get; set; }

    /// <summary>The metrics of it that the collector's configuration keeps; null: those of the stock configuration.</summary>
    internal IReadOnlySet<string>? KeptMetrics { get; set; }

    public void Restart(int newPid, long atMs)
    {
        Pid = newPid;
        StartedMs = atMs;
        SeenMs = 0;
    }
}

/// <summary>What a scrape reads of one process: cores of CPU, resident bytes, bytes a second of disk.</summary>
readonly record struct ProcessLoad(double Cpu, double Memory, double Read, double Write);
