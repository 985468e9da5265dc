using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// What the process scraper of the host metrics receiver sends of a process: one resource, and points by metric and state.
/// Counters stand as what an interval adds to them, or as their total, by whether a cumulative_to_delta stands before their judge.
/// </summary>
sealed record ProcessScraper(string ReceiverId, TimeSpan Interval, IReadOnlyList<string> Metrics)
{
    static readonly TimeSpan s_uptime = TimeSpan.FromDays(3);

    /// <summary>Metrics and what tells their points apart; the first four are on unless the configuration says otherwise.</summary>
    static readonly (string Metric, string Attribute, string[] Values)[] s_metrics =
    [
        ("process.cpu.time", "state", ["user", "system", "wait"]),
        ("process.disk.io", "direction", ["read", "write"]),
        ("process.memory.usage", "", [""]),
        ("process.memory.virtual", "", [""]),
        ("process.cpu.utilization", "state", ["user", "system", "wait"]),
        ("process.memory.utilization", "", [""]),
        ("process.threads", "", [""]),
        ("process.open_file_descriptors", "", [""]),
        ("process.context_switches", "type", ["voluntary", "involuntary"]),
        ("process.paging.faults", "type", ["major", "minor"]),
        ("process.disk.operations", "direction", ["read", "write"]),
        ("process.signals_pending", "", [""]),
        ("process.handles", "", [""]),
        ("process.uptime", "", [""]),
    ];

    const int OnByDefault = 4;

    public static readonly IReadOnlyList<string> KnownMetrics = [.. s_metrics.Select(m => m.Metric)];

    /// <summary>Null where the receiver scrapes no processes.</summary>
    public static ProcessScraper? Of(string receiverId, YamlNode? receiver)
    {
        if (KnownComponents.Canonical("receivers", receiverId).Split('/')[0] != "hostmetrics") return null;
        if (receiver?.AsMap?.Find("scrapers") is not YamlMap scrapers || scrapers.Entries.All(e => e.Key != "process")) return null;
        var settings = scrapers.Find("process", "metrics") as YamlMap;
        var metrics = s_metrics.Where((m, i) => settings?.Find(m.Metric, "enabled")?.Value is { } enabled ? enabled == "true" : i < OnByDefault);
        var interval = GoDuration.TryParse((receiver as YamlMap)?.Find("collection_interval")?.Value, out var given) ? given : TimeSpan.FromMinutes(1);
        return new(receiverId, interval, [.. metrics.Select(m => m.Metric)]);
    }

    public int SeriesPerProcess => s_metrics.Where(m => Metrics.Contains(m.Metric)).Sum(m => m.Values.Length);

    public Dictionary<string, object> Resource(SampleProcess process) => new()
    {
        ["host.name"] = "sample", ["host.id"] = "sample", ["os.type"] = "linux",
        ["process.pid"] = 4242L, ["process.parent_pid"] = 1L, ["process.executable.name"] = process.Executable,
        ["process.executable.path"] = "/usr/bin/" + process.Executable, ["process.command"] = process.Executable,
        ["process.command_line"] = process.Executable, ["process.owner"] = process.Owner,
    };

    public IEnumerable<SimulatedPoint> Points(SampleProcess process, bool deltas)
    {
        foreach (var (metric, attribute, values) in s_metrics)
        {
            if (!Metrics.Contains(metric)) continue;
            for (var i = 0; i < values.Length; i++)
            {
                var attributes = new Dictionary<string, object>();
                if (attribute.Length > 0) attributes[attribute] = values[i];
                yield return new(metric, attributes, Value(process, metric, i, (deltas ? Interval : s_uptime).TotalSeconds));
            }
        }
    }

    /// <summary>
    /// A process on the same sides of the profile's thresholds, idle or far beyond: thousands of measured processes are few of these.
    /// </summary>
    public static SampleProcess Representative(SampleProcess process, Profile profile) => new(process.Executable, process.Owner,
        process.CpuPercent * UserShare >= profile.CpuPercent ? (profile.CpuPercent + 1) * 10 : 0,
        process.MemoryBytes >= (long)(profile.MemoryMb * 1e6) ? (long)((profile.MemoryMb + 1) * 1e7) : 0,
        process.IoBytesPerSecond * WriteShare >= profile.IoKbPerSecond * 1e3 ? (profile.IoKbPerSecond + 1) * 1e4 : 0);

    // Most of the processor in user state, most of the bytes written: as a server's usually are.
    const double UserShare = 0.8, WriteShare = 0.6;

    static object Value(SampleProcess process, string metric, int index, double seconds) => metric switch
    {
        "process.cpu.time" => (object)(process.CpuPercent / 100 * seconds * (index switch { 0 => UserShare, 1 => 1 - UserShare, _ => 0 })),
        "process.cpu.utilization" => process.CpuPercent / 400 * (index switch { 0 => UserShare, 1 => 1 - UserShare, _ => 0 }),
        "process.disk.io" => (long)(process.IoBytesPerSecond * seconds * (index == 0 ? 1 - WriteShare : WriteShare)),
        "process.memory.usage" => process.MemoryBytes,
        "process.memory.virtual" => process.MemoryBytes * 4,
        "process.memory.utilization" => process.MemoryBytes / 160e6,
        "process.uptime" => s_uptime.TotalSeconds,
        _ => 1L,
    };
}
