using NrdotConsole.Core.Tenants;
using NrdotConsole.Core.Yaml;
using static NrdotConsole.Core.Yaml.YamlMap;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// Data of a tenant's Kubernetes namespace goes through a pipeline of its own, which names the tenant and applies its filters. It is done
/// by the routing connector: the routing processor that the guide's file speaks of is gone from the collector, and so is its form of table.
/// </summary>
sealed record TenantRouting(IReadOnlyList<Tenant> Tenants, RenderInput Input)
{
    public const string Connector = "routing/tenant";
    const string DefaultPipeline = "metrics/default";

    public bool Any => Tenants.Count > 0;

    public static TenantRouting Of(RenderInput input) => new(IsPossible(input) ? Routed(input) : [], input);

    /// <summary>Tenants have namespaces, and the collector has nothing to route them by.</summary>
    public static bool IsMissed(RenderInput input) => !IsPossible(input) && Routed(input).Count > 0;

    static bool IsPossible(RenderInput input) => input.Components?.Spelling("connectors", "routing") is not null || input.Components is null;

    static List<Tenant> Routed(RenderInput input) =>
        [.. input.Tenants.Tenants.Where(t => !string.IsNullOrEmpty(t.Namespace)).OrderBy(t => t.Name, StringComparer.Ordinal)];

    public YamlMap Connectors => YamlMap.Of((Connector, YamlMap.Of(
        ("default_pipelines", YamlList.Of(DefaultPipeline)),
        ("error_mode", "ignore"),
        ("table", new YamlList([.. Tenants.Select(t => (YamlNode)YamlMap.Of(
            ("context", "resource"),
            ("condition", $"attributes[\"k8s.namespace.name\"] == {Ottl.Quote(t.Namespace!)}"),
            ("pipelines", YamlList.Of(PipelineOf(t)))))])))));

    public IEnumerable<(string, YamlNode)> Processors
    {
        get
        {
            foreach (var tenant in Tenants)
            {
                yield return (ResourceOf(tenant), YamlMap.Of(("attributes", new YamlList(
                    [YamlMap.Of(("key", "nrdot.tenant"), ("value", Ottl.Escape(tenant.Name)), ("action", "upsert"))]))));
                foreach (var (id, filter) in Profiles.Processors.FiltersOfRoute(Input, tenant)) yield return (id, Profiles.Processors.FleetFilter(filter));
            }
        }
    }

    public IEnumerable<(string, YamlNode)> Pipelines
    {
        get
        {
            if (!Any) yield break;
            foreach (var tenant in Tenants)
            {
                var filters = Profiles.Processors.FiltersOfRoute(Input, tenant).Select(f => f.Id);
                yield return ConfigDocument.Pipeline(PipelineOf(tenant), [Connector], ["memory_limiter", ResourceOf(tenant), .. filters, "batch"], Exporters.Both);
            }
            yield return ConfigDocument.Pipeline(DefaultPipeline, [Connector], ["memory_limiter", "batch"], Exporters.Both);
        }
    }

    static string PipelineOf(Tenant tenant) => $"metrics/tenant.{ComponentId.Name(tenant.Name)}";
    static string ResourceOf(Tenant tenant) => $"resource/tenant.{ComponentId.Name(tenant.Name)}";
}
