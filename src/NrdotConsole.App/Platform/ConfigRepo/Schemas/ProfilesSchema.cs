using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>profiles.yaml</c>: a map of profiles by name, the default one, and pins of single hosts.</summary>
internal static class ProfilesSchema
{
    const int MaxProfiles = 50, MostSeries = 1_000_000, MostProcesses = 100_000;

    static readonly TimeSpan s_second = TimeSpan.FromSeconds(1), s_hour = TimeSpan.FromHours(1);

    static readonly string[] s_scrapers = ["cpu", "disk", "filesystem", "load", "memory", "network", "paging", "processes", "system"];

    static readonly string[] s_processMetrics =
    [
        "process.cpu.time", "process.cpu.utilization", "process.disk.io", "process.disk.operations", "process.memory.usage", "process.memory.virtual",
        "process.memory.utilization", "process.threads", "process.open_file_descriptors", "process.context_switches", "process.paging.faults",
        "process.signals_pending", "process.handles", "process.uptime",
    ];

    public static ProfileSet? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        var profiles = map.Require("profiles", "list the profiles by name")?.Map()?.Named().Select(p => One(p.Name, p.Value, links)).OfType<Profile>().ToList() ?? [];
        if (profiles.Count > MaxProfiles) map.Error($"There are {profiles.Count} profiles.", $"at most {MaxProfiles}");
        var start = map.Require("default", "name the profile of hosts that nothing else decides");
        if (start?.Name() is { } name) links.Add(LinkKind.Profile, name, start);
        var pins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (host, pin) in map.Find("pins")?.Map()?.Named() ?? [])
        {
            if (pin.Name() is not { } pinned) continue;
            links.Add(LinkKind.Profile, pinned, pin);
            pins[host] = pinned;
        }
        map.Close();
        foreach (var same in profiles.GroupBy(p => p.CostRank).Where(g => g.Count() > 1))
            map.Error($"{string.Join(" and ", same.Select(p => p.Name))} have the same cost_rank {same.Key}.", "each profile has a rank of its own: 0 costs least");
        return new(start?.Name() ?? "", profiles) { Pins = pins };
    }

    static Profile? One(string name, Field field, Links links)
    {
        if (field.Map() is not { } map) return null;
        var standard = new Profile { Name = "", CostRank = 0, TargetReduction = 0, MinImportance = 0, CpuPercent = 0, MemoryMb = 0, IoKbPerSecond = 0, MaxSeriesPerHost = 0, TopK = new Dictionary<string, int>() };
        var profile = standard with
        {
            Name = name,
            Description = map.Find("description")?.Text() ?? "",
            CostRank = map.Require("cost_rank", "its place by cost: 0 costs least")?.Whole(0, 1_000) ?? 0,
            TargetReduction = (double)(map.Require("target_reduction", "the share of process series left out, 0 to 1")?.Number(0, 1) ?? 0),
            MaxSeriesPerHost = map.Require("max_series_per_host", "a whole number of series")?.Whole(1, MostSeries) ?? 1,
            Interval = map.Find("interval")?.Duration(s_second, s_hour) ?? standard.Interval,
            InventoryInterval = map.Find("inventory_interval")?.Duration(TimeSpan.FromSeconds(10), TimeSpan.FromDays(1)) ?? standard.InventoryInterval,
            Scrapers = map.Find("scrapers")?.ListOf(s => s.Choice(s_scrapers)) ?? standard.Scrapers,
            ProcessMetrics = map.Find("process_metrics")?.ListOf(Metric) ?? standard.ProcessMetrics,
        };
        if (map.Require("keep", "which processes are kept: min_importance, thresholds, top")?.Map() is { } keep)
        {
            profile = profile with
            {
                MinImportance = (double)(keep.Require("min_importance", "0 to 1: processes of a class at or above it are kept")?.Number(0, 1) ?? 0),
                CpuPercent = (double)(keep.Require("cpu_percent", "percent of one core above which any process is kept")?.Number(0, 100_000) ?? 0),
                MemoryMb = (double)(keep.Require("memory_mb", "megabytes resident above which any process is kept")?.Number(0, 100_000_000) ?? 0),
                IoKbPerSecond = (double)(keep.Require("io_kb_per_second", "kilobytes a second above which any process is kept")?.Number(0, 1_000_000_000) ?? 0),
                TopK = Top(keep.Require("top", "how many processes of a class are kept, with a default"), links),
            };
            keep.Close();
        }
        map.Close();
        return profile;
    }

    static Dictionary<string, int> Top(Field? field, Links links)
    {
        var top = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, count) in field?.Map()?.Named() ?? [])
        {
            if (name != "default") links.Add(LinkKind.ProcessClass, name, count);
            if (count.Whole(0, MostProcesses) is { } k) top[name] = k;
        }
        if (field is not null && !top.ContainsKey("default")) field.Error("'default' is missing.", "how many are kept of the classes that are not named");
        return top;
    }

    static string? Metric(Field field)
    {
        if (field.Name() is not { } name) return null;
        if (MetricNames.Renamed(name) is not { } current) return field.Choice(s_processMetrics);
        field.Warning($"{name} is an older name.", $"{current} is rendered");
        return current;
    }
}
