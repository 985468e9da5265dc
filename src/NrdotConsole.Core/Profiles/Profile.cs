namespace NrdotConsole.Core.Profiles;

/// <summary>
/// How much of a host a collector sends. The name says nothing about direction: <see cref="CostRank"/> does (0 costs least), and
/// <see cref="TargetReduction"/> (0..1, the share of process series left out). A process is kept whose class is at or above
/// <see cref="MinImportance"/> (0..1), or that is over one of the thresholds; of a class at most <see cref="TopK"/> are kept.
/// </summary>
public sealed record Profile
{
    public required string Name { get; init; }
    public string Description { get; init; } = "";
    public required int CostRank { get; init; }
    public required double TargetReduction { get; init; }
    public required double MinImportance { get; init; }

    /// <summary>Percent of one core.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Megabytes (1e6 bytes) resident.</summary>
    public required double MemoryMb { get; init; }

    /// <summary>Kilobytes (1e3 bytes) a second read and written.</summary>
    public required double IoKbPerSecond { get; init; }

    public required int MaxSeriesPerHost { get; init; }

    /// <summary>Processes kept of a class by its name; <c>default</c> for the others.</summary>
    public required IReadOnlyDictionary<string, int> TopK { get; init; }

    /// <summary>Between two collections of host and process metrics.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two collections of the unfiltered inventory, coverage's denominator.</summary>
    public TimeSpan InventoryInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Scrapers of the host metrics receiver beside <c>process</c>, by their current names.</summary>
    public IReadOnlyList<string> Scrapers { get; init; } = ["cpu", "load", "memory", "paging", "disk", "filesystem", "network", "processes"];

    /// <summary>Metrics kept of a process that is kept.</summary>
    public IReadOnlyList<string> ProcessMetrics { get; init; } = ["process.cpu.time", "process.disk.io", "process.memory.usage", "process.memory.virtual"];
}

/// <summary>The profiles of a commit. <paramref name="Default"/> names the one of hosts that nothing else decides.</summary>
public sealed record ProfileSet(string Default, IReadOnlyList<Profile> Profiles)
{
    /// <summary>Profiles of single hosts, by key or name: they go before the ring's, the tenant's and the default.</summary>
    public IReadOnlyDictionary<string, string> Pins { get; init; } = new Dictionary<string, string>();

    public Profile? Find(string name) => Profiles.FirstOrDefault(p => p.Name == name);
}

/// <summary>A filter of the fleet: metrics, or series by attribute, that no collector sends. <paramref name="Conditions"/> are OTTL conditions on data points; a match drops.</summary>
public sealed record MetricFilter(string Name, bool Enabled, IReadOnlyList<string> Conditions, string? Tenant = null);

public sealed record FilterSet(IReadOnlyList<MetricFilter> Filters)
{
    public static readonly FilterSet None = new([]);
}
