using NrdotConsole.Core.Tenants;
using NrdotConsole.Core.Yaml;
using static NrdotConsole.Core.Yaml.YamlMap;

namespace NrdotConsole.Core.Profiles;

static class Processors
{
    const int BytesPerMib = 1 << 20;

    /// <summary>Of a tenant's memory: the limiter refuses data there, before the kernel ends the collector.</summary>
    const double LimitShare = 0.8;

    public static IEnumerable<(string, YamlNode)> Of(RenderInput input)
    {
        yield return ("memory_limiter", MemoryLimiter(input.Tenant));
        yield return ("resource_detection", YamlMap.Of(
            ("detectors", YamlList.Of("env", "system")),
            ("system", YamlMap.Of(("resource_attributes", YamlMap.Of(
                ("host.id", YamlMap.Of(("enabled", true))), ("host.name", YamlMap.Of(("enabled", true))), ("os.type", YamlMap.Of(("enabled", true)))))))));
        yield return ("cumulative_to_delta/processes", YamlMap.Of(
            ("include", YamlMap.Of(("metrics", YamlList.Of("process.cpu.time", "process.disk.io")), ("match_type", "strict"))),
            // Processes end: what is not seen for three collections is forgotten.
            ("max_staleness", GoDuration.Write(input.Profile.Interval * 3))));
        yield return ("transform/processes", ProcessSelection.Transform(input));
        yield return ("filter/processes", ProcessSelection.Filter(input.Profile));
        foreach (var (id, filter) in FleetFilters(input)) yield return (id, FleetFilter(filter));
        // Command lines can hold secrets, and each one is a new series. The marks of the selection go as well.
        yield return ("resource/private", YamlMap.Of(("attributes", new YamlList(
            [.. new[] { "process.command_line", ProcessSelection.ClassMark, ProcessSelection.DropMark }.Select(key => (YamlNode)YamlMap.Of(("key", key), ("action", "delete")))]))));
        yield return ("resource/inventory", YamlMap.Of(("attributes", new YamlList(
            [YamlMap.Of(("key", "nrdot.pipeline"), ("value", "inventory"), ("action", "upsert"))]))));
        yield return ("batch", YamlMap.Of(("send_batch_size", 1_000), ("send_batch_max_size", 1_000), ("timeout", "10s")));
    }

    /// <summary>Filters of the whole host: those for every tenant and those for its own.</summary>
    public static IEnumerable<(string Id, MetricFilter Filter)> FleetFilters(RenderInput input) =>
        Enabled(input).Where(f => f.Tenant is null || f.Tenant == input.Tenant?.Name).Select(f => ($"filter/fleet.{ComponentId.Name(f.Name)}", f));

    /// <summary>Filters of a tenant that is routed through this host without being the host's own.</summary>
    public static IEnumerable<(string Id, MetricFilter Filter)> FiltersOfRoute(RenderInput input, Tenant tenant) =>
        Enabled(input).Where(f => f.Tenant == tenant.Name && tenant.Name != input.Tenant?.Name)
            .Select(f => ($"filter/tenant.{ComponentId.Name(tenant.Name)}.{ComponentId.Name(f.Name)}", f));

    public static YamlMap FleetFilter(MetricFilter filter) => YamlMap.Of(
        ("error_mode", "ignore"), ("metrics", YamlMap.Of(("datapoint", YamlList.Of(filter.Conditions.Select(Ottl.Escape))))));

    static IEnumerable<MetricFilter> Enabled(RenderInput input) =>
        input.Filters.Filters.Where(f => f.Enabled && f.Conditions.Count > 0).OrderBy(f => f.Name, StringComparer.Ordinal);

    static YamlMap MemoryLimiter(Tenant? tenant)
    {
        if (tenant?.MemoryBytes is not { } bytes)
            return YamlMap.Of(("check_interval", "1s"), ("limit_mib", "${env:NEW_RELIC_MEMORY_LIMIT_MIB:-100}"));
        var limit = (long)(bytes * LimitShare / BytesPerMib);
        return YamlMap.Of(("check_interval", "1s"), ("limit_mib", limit), ("spike_limit_mib", limit / 5));
    }
}
