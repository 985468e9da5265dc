using NrdotConsole.Core.Yaml;
using static NrdotConsole.Core.Yaml.YamlMap;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// The document of one input. Three ways through the collector:
/// <code>
/// host_metrics, otlp       ─► metrics/host       ─┐
/// host_metrics/processes   ─► metrics/processes  ─┴─► [routing/tenant ─► metrics/default, metrics/tenant.NAME] ─► New Relic, console
/// host_metrics/inventory   ─► metrics/inventory  ─────────────────────────────────────────────────────────────► console
/// </code>
/// The inventory is never filtered: it is the denominator of coverage. The routing stands only where a tenant has a namespace.
/// </summary>
static class ConfigDocument
{
    public const string HostPipeline = "metrics/host";
    public const string ProcessPipeline = "metrics/processes";
    public const string InventoryPipeline = "metrics/inventory";

    public static YamlMap Build(RenderInput input)
    {
        var routes = TenantRouting.Of(input);
        var sections = new List<(string, YamlNode)>
        {
            ("extensions", Of(("health_check", Of(("endpoint", "localhost:13133"))))),
            ("receivers", Receivers.Of(input)),
            ("processors", Of([.. Processors.Of(input), .. routes.Processors])),
        };
        if (routes.Any) sections.Add(("connectors", routes.Connectors));
        sections.Add(("exporters", Exporters.Of(input.Endpoints)));
        sections.Add(("service", Of(
            ("extensions", YamlList.Of("health_check")),
            ("pipelines", Of([.. Pipelines(input, routes)])),
            ("telemetry", SelfTelemetry.Of(input)))));

        var document = Of(sections);
        foreach (var flag in input.FlagsOn.Where(f => f.Fragment is not null).OrderBy(f => f.Key, StringComparer.Ordinal))
            document = Fragment.Merge(document, flag.Fragment!);
        return document;
    }

    static IEnumerable<(string, YamlNode)> Pipelines(RenderInput input, TenantRouting routes)
    {
        var fleet = Processors.FleetFilters(input).Select(f => f.Id).ToArray();
        string[] ends = routes.Any ? [TenantRouting.Connector] : Exporters.Both;
        string[] batch = routes.Any ? [] : ["batch"];
        yield return Pipeline(HostPipeline, ["host_metrics", "otlp"], ["memory_limiter", "resource_detection", .. fleet, "resource/private", .. batch], ends);
        yield return Pipeline(ProcessPipeline, ["host_metrics/processes"],
            ["memory_limiter", "resource_detection", "cumulative_to_delta/processes", "transform/processes", "filter/processes", .. fleet, "resource/private", .. batch], ends);
        foreach (var pipeline in routes.Pipelines) yield return pipeline;
        yield return Pipeline(InventoryPipeline, ["host_metrics/inventory"],
            ["memory_limiter", "resource_detection", "resource/private", "resource/inventory", "batch"], [Exporters.Console]);
    }

    internal static (string, YamlNode) Pipeline(string name, IEnumerable<string> receivers, IEnumerable<string> processors, IEnumerable<string> exporters) =>
        (name, Of(("receivers", YamlList.Of(receivers)), ("processors", YamlList.Of(processors)), ("exporters", YamlList.Of(exporters))));
}
