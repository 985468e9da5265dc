namespace NrdotConsole.Core.Profiles;

/// <summary>
/// The four profiles of a repository without a <c>profiles.yaml</c>. Their numbers are NRDOT's published optimisation table, attached in
/// the order of the guide: aggressive collects most and costs most, conservative collects little; emergency is the floor beneath it.
/// </summary>
public static class ShippedProfiles
{
    static readonly IReadOnlyList<string> s_everyScraper = ["cpu", "load", "memory", "paging", "disk", "filesystem", "network", "processes"];
    static readonly IReadOnlyList<string> s_fewScrapers = ["cpu", "load", "memory", "paging", "disk", "filesystem", "network"];

    public static readonly ProfileSet All = new("balanced",
    [
        new()
        {
            Name = "emergency", Description = "Critical processes only: for a crisis of cost or cardinality.",
            CostRank = 0, TargetReduction = 0.95, MinImportance = 0.9, CpuPercent = 50, MemoryMb = 500, IoKbPerSecond = 10_000, MaxSeriesPerHost = 500,
            TopK = Top(20, 10, 5, 5, 0, 0), Scrapers = ["cpu", "load", "memory", "filesystem"],
            ProcessMetrics = ["process.cpu.time", "process.memory.usage"],
        },
        new()
        {
            Name = "conservative", Description = "Important processes and busy ones: collects less, costs less.",
            CostRank = 1, TargetReduction = 0.85, MinImportance = 0.7, CpuPercent = 20, MemoryMb = 200, IoKbPerSecond = 5_000, MaxSeriesPerHost = 2_000,
            TopK = Top(50, 20, 15, 10, 5, 2), Scrapers = s_fewScrapers,
            ProcessMetrics = ["process.cpu.time", "process.disk.io", "process.memory.usage"],
        },
        new()
        {
            Name = "balanced", Description = "What most hosts need, at a third of the whole.",
            CostRank = 2, TargetReduction = 0.70, MinImportance = 0.5, CpuPercent = 10, MemoryMb = 100, IoKbPerSecond = 1_000, MaxSeriesPerHost = 5_000,
            TopK = Top(999, 50, 30, 20, 10, 5), Scrapers = s_everyScraper,
        },
        new()
        {
            Name = "aggressive", Description = "Nearly everything: collects most, costs most.",
            CostRank = 3, TargetReduction = 0.50, MinImportance = 0.2, CpuPercent = 5, MemoryMb = 50, IoKbPerSecond = 500, MaxSeriesPerHost = 10_000,
            TopK = Top(999, 100, 50, 40, 20, 10), Scrapers = s_everyScraper,
            ProcessMetrics = ["process.cpu.time", "process.disk.io", "process.memory.usage", "process.memory.virtual", "process.open_file_descriptors", "process.threads"],
        },
    ]);

    static Dictionary<string, int> Top(int critical, int database, int web, int application, int monitoring, int others) => new()
    {
        ["critical_system"] = critical, ["database"] = database, ["web_server"] = web,
        ["application"] = application, ["monitoring"] = monitoring, ["default"] = others,
    };
}
