using NrdotConsole.Core.Yaml;
using static NrdotConsole.Core.Yaml.YamlMap;

namespace NrdotConsole.Core.Profiles;

/// <summary>New Relic and this console, each with its own queue: one that is down holds the other back by nothing.</summary>
static class Exporters
{
    public const string NewRelic = "otlp_http/newrelic";
    public const string Console = "otlp_http/console";
    public static readonly string[] Both = [NewRelic, Console];

    /// <summary>In batches, not points (domain: the collector's queue size counts requests).</summary>
    const int QueueBatches = 1_000;

    public static YamlMap Of(CollectorEndpoints endpoints) => YamlMap.Of(
        (NewRelic, Exporter(endpoints.NewRelicOtlp, endpoints.NewRelicKey)),
        (Console, Exporter(endpoints.ConsoleOtlp.TrimEnd('/'), endpoints.ConsoleToken)));

    static YamlMap Exporter(string endpoint, string key) => YamlMap.Of(
        ("endpoint", endpoint),
        ("compression", "gzip"),
        ("timeout", "10s"),
        ("headers", YamlMap.Of(("api-key", key))),
        ("sending_queue", YamlMap.Of(("enabled", true), ("num_consumers", 4), ("queue_size", QueueBatches))),
        ("retry_on_failure", YamlMap.Of(("enabled", true), ("initial_interval", "5s"), ("max_interval", "30s"), ("max_elapsed_time", "5m"))));
}
