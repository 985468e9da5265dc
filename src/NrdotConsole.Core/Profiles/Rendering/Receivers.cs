using NrdotConsole.Core.Yaml;
using static NrdotConsole.Core.Yaml.YamlMap;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// Processes have a receiver of their own: their filters then cost the other metrics nothing, and a change of them alone restarts only
/// what it must.
/// </summary>
static class Receivers
{
    /// <summary>Metrics of the process scraper that thresholds are judged by; they are scraped whether or not they are kept.</summary>
    internal static readonly IReadOnlyList<string> JudgedBy = ["process.cpu.time", "process.disk.io", "process.memory.usage"];

    /// <summary>What the process scraper sends unless it is told otherwise.</summary>
    static readonly IReadOnlyList<string> s_onByDefault = ["process.cpu.time", "process.disk.io", "process.memory.usage", "process.memory.virtual"];

    public static YamlMap Of(RenderInput input)
    {
        var profile = input.Profile;
        return YamlMap.Of(
            ("otlp", YamlMap.Of(("protocols", YamlMap.Of(
                ("grpc", YamlMap.Of(("endpoint", "localhost:4317"))),
                ("http", YamlMap.Of(("endpoint", "localhost:4318"))))))),
            ("host_metrics", YamlMap.Of(
                ("collection_interval", GoDuration.Write(profile.Interval)),
                ("scrapers", YamlMap.Of(profile.Scrapers.Distinct().Where(s => s != "process").Select(s => (s, (YamlNode)Scraper(s))))))),
            ("host_metrics/processes", Processes(profile.Interval, [.. JudgedBy.Union(profile.ProcessMetrics)])),
            ("host_metrics/inventory", Processes(profile.InventoryInterval, ["process.memory.usage"])));
    }

    static YamlMap Scraper(string name) => name switch
    {
        "cpu" => Metrics(("system.cpu.time", false), ("system.cpu.utilization", true)),
        "memory" => Metrics(("system.memory.utilization", true)),
        "filesystem" => Metrics(("system.filesystem.utilization", true)),
        _ => Empty,
    };

    // A collector that is not root cannot read every process: one it cannot read is left out quietly, and shows as missing from the inventory's count.
    static YamlMap Processes(TimeSpan interval, IReadOnlyList<string> metrics) => YamlMap.Of(
        ("collection_interval", GoDuration.Write(interval)),
        ("scrapers", YamlMap.Of(("process", YamlMap.Of(
            ("metrics", YamlMap.Of(s_onByDefault.Union(metrics).Order(StringComparer.Ordinal)
                .Where(m => s_onByDefault.Contains(m) != metrics.Contains(m)).Select(m => (m, (YamlNode)YamlMap.Of(("enabled", metrics.Contains(m)))))) ),
            ("mute_process_name_error", true), ("mute_process_exe_error", true), ("mute_process_io_error", true), ("mute_process_user_error", true))))));

    static YamlMap Metrics(params (string Name, bool Enabled)[] metrics) =>
        YamlMap.Of(("metrics", YamlMap.Of(metrics.Select(m => (m.Name, (YamlNode)YamlMap.Of(("enabled", m.Enabled)))))));
}
