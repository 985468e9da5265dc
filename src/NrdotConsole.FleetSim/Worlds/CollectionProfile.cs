namespace NrdotConsole.FleetSim.Worlds;

/// <summary>
/// How much of a host's processes a collector sends. In the order of the operating guide: aggressive collects most
/// and costs most, conservative least, emergency is the floor below it.
/// </summary>
/// <param name="MinImportance">A process at or above it is sent; one below it only over a threshold.</param>
/// <param name="CpuPercent">Of one core.</param>
/// <param name="MaxSeries">Series of processes a host may send.</param>
public sealed record CollectionProfile(
    string Name, double MinImportance, double CpuPercent, double MemoryMb, double IoKbPerSecond, int MaxSeries,
    int CriticalSystem, int Database, int WebServer, int Application, int Monitoring, int Default)
{
    public static readonly CollectionProfile Aggressive = new("aggressive", 0.2, 5, 50, 500, 10_000, 999, 100, 50, 40, 20, 10);
    public static readonly CollectionProfile Balanced = new("balanced", 0.5, 10, 100, 1_000, 5_000, 999, 50, 30, 20, 10, 5);
    public static readonly CollectionProfile Conservative = new("conservative", 0.7, 20, 200, 5_000, 2_000, 50, 20, 15, 10, 5, 2);
    public static readonly CollectionProfile Emergency = new("emergency", 0.9, 50, 500, 10_000, 500, 20, 10, 5, 5, 0, 0);

    public static readonly IReadOnlyList<CollectionProfile> All = [Aggressive, Balanced, Conservative, Emergency];

    public static CollectionProfile? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    /// <summary>The busiest processes of a class that may be sent.</summary>
    public int TopK(ProcessClass type) => type switch
    {
        ProcessClass.CriticalSystem => CriticalSystem,
        ProcessClass.Database => Database,
        ProcessClass.WebServer or ProcessClass.MessageQueue => WebServer,
        ProcessClass.Container or ProcessClass.Application => Application,
        ProcessClass.Monitoring => Monitoring,
        _ => Default,
    };

    public bool Wants(ProcessSpec process, double cpuCores, double memoryBytes, double ioBytesPerSecond) =>
        process.Importance >= MinImportance
        || cpuCores * 100 >= CpuPercent
        || memoryBytes >= MemoryMb * 1e6
        || ioBytesPerSecond >= IoKbPerSecond * 1e3;
}
