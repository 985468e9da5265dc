using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>Every pipeline is whole: what it names is defined, connectors join two, nothing is defined and unused, memory is limited first.</summary>
static class PipelineCheck
{
    static readonly string[] s_signals = ["metrics", "logs", "traces", "profiles"];
    static readonly string[] s_parts = ["receivers", "processors", "exporters"];

    public static void Check(YamlMap config, Findings findings)
    {
        if (config.Find("service", "pipelines") is not YamlMap { Entries.Count: > 0 } pipelines)
        {
            findings.Error(config.Find("service")?.Line ?? 0, "service.pipelines", "No pipeline stands here: the collector would not start.", "Add service.pipelines with receivers and exporters.");
            return;
        }
        var uses = new Uses();
        foreach (var pipeline in pipelines.Entries) Check(config, pipeline, uses, findings);
        foreach (var id in (config.Find("service", "extensions") as YamlList)?.Items ?? [])
        {
            if (id.Value is { } name && !Defines(config, "extensions", name))
                findings.Error(id.Line, "service.extensions", $"The extension '{name}' is not defined.", $"Add extensions: {{{name}: }}, or take it off the list.");
        }
        Connectors(config, pipelines, uses, findings);
        Unused(config, uses, findings);
    }

    static void Check(YamlMap config, YamlEntry pipeline, Uses uses, Findings findings)
    {
        var path = $"service.pipelines.{pipeline.Key}";
        if (!s_signals.Contains(ComponentId.TypeOf(pipeline.Key)))
            findings.Error(pipeline.Line, path, $"'{pipeline.Key}' is no pipeline of a signal.", $"Begin its name with {string.Join(", ", s_signals)}: metrics/host.");
        if (pipeline.Value is not YamlMap parts)
        {
            findings.Error(pipeline.Line, path, "The pipeline has no parts.", "Give it receivers and exporters.");
            return;
        }
        foreach (var entry in parts.Entries.Where(e => !s_parts.Contains(e.Key)))
            findings.Error(entry.Line, $"{path}.{entry.Key}", $"'{entry.Key}' is no part of a pipeline.", $"The parts are {string.Join(", ", s_parts)}.");
        Part(config, path, pipeline, parts, "receivers", uses.AsReceivers, findings);
        Part(config, path, pipeline, parts, "processors", uses.AsProcessors, findings);
        Part(config, path, pipeline, parts, "exporters", uses.AsExporters, findings);
        if ((parts.Find("processors") as YamlList)?.Values.FirstOrDefault() is not { } first || KnownComponents.Squash(ComponentId.TypeOf(first)) != "memorylimiter")
            findings.Error(parts.Find("processors")?.Line ?? pipeline.Line, $"{path}.processors", "memory_limiter is not the first processor: under load the collector is killed before it refuses data.", "Put memory_limiter first.");
    }

    static void Part(YamlMap config, string path, YamlEntry pipeline, YamlMap parts, string part, HashSet<string> used, Findings findings)
    {
        var ids = (parts.Find(part) as YamlList)?.Items ?? [];
        if (ids.Count == 0 && part != "processors")
            findings.Error(pipeline.Line, $"{path}.{part}", $"The pipeline has no {part}: it leads nowhere.", $"Name at least one of the {part}, or remove the pipeline.");
        var seen = new HashSet<string>();
        foreach (var item in ids)
        {
            if (item.Value is not { } id) continue;
            if (!seen.Add(id)) findings.Error(item.Line, $"{path}.{part}", $"'{id}' stands here twice.", "Name it once.");
            used.Add(id);
            var isConnector = part != "processors" && Defines(config, "connectors", id);
            if (!isConnector && !Defines(config, part, id))
                findings.Error(item.Line, $"{path}.{part}", $"'{id}' is not defined among the {part}.", $"Define {part}: {{{id}: …}}, or take it off the pipeline.");
        }
    }

    static void Connectors(YamlMap config, YamlMap pipelines, Uses uses, Findings findings)
    {
        foreach (var connector in (config.Find("connectors") as YamlMap)?.Entries ?? [])
        {
            var path = $"connectors.{connector.Key}";
            var (takes, gives) = (uses.AsExporters.Contains(connector.Key), uses.AsReceivers.Contains(connector.Key));
            if (!takes || !gives)
                findings.Error(connector.Line, path, takes ? "No pipeline receives from the connector." : gives ? "No pipeline exports to the connector." : "No pipeline uses the connector.",
                    "Name it as an exporter of one pipeline and as a receiver of another, or remove it.");
            if (ComponentId.TypeOf(connector.Key) != "routing") continue;
            foreach (var target in Targets(connector.Value))
            {
                if (target.Value is not { } name) continue;
                if (pipelines.Find(name) is not YamlMap parts) findings.Error(target.Line, path, $"It routes to '{name}', which is no pipeline.", $"Add service.pipelines.{name}, or route elsewhere.");
                else if ((parts.Find("receivers") as YamlList)?.Values.Contains(connector.Key) != true)
                    findings.Error(target.Line, path, $"It routes to '{name}', which does not receive from it.", $"Add {connector.Key} to the receivers of {name}.");
            }
        }
    }

    static IEnumerable<YamlNode> Targets(YamlNode settings)
    {
        var routes = (settings.AsMap?.Find("table") as YamlList)?.Items ?? [];
        return ((settings.AsMap?.Find("default_pipelines") as YamlList)?.Items ?? []).Concat(routes.SelectMany(r => (r.AsMap?.Find("pipelines") as YamlList)?.Items ?? []));
    }

    static void Unused(YamlMap config, Uses uses, Findings findings)
    {
        foreach (var entry in Entries(config, "receivers").Where(e => !uses.AsReceivers.Contains(e.Key)))
            findings.Error(entry.Line, $"receivers.{entry.Key}", "No pipeline uses the receiver: what it should collect is lost.", "Name it in a pipeline, or remove it.");
        foreach (var entry in Entries(config, "exporters").Where(e => !uses.AsExporters.Contains(e.Key)))
            findings.Error(entry.Line, $"exporters.{entry.Key}", "No pipeline uses the exporter: nothing is sent there.", "Name it in a pipeline, or remove it.");
        foreach (var entry in Entries(config, "processors").Where(e => !uses.AsProcessors.Contains(e.Key)))
            findings.Warning(entry.Line, $"processors.{entry.Key}", "No pipeline uses the processor.", "Name it in a pipeline, or remove it.");
    }

    static IEnumerable<YamlEntry> Entries(YamlMap config, string section) => (config.Find(section) as YamlMap)?.Entries ?? [];

    static bool Defines(YamlMap config, string section, string id) => Entries(config, section).Any(e => e.Key == id);

    sealed class Uses
    {
        public HashSet<string> AsReceivers { get; } = [];
        public HashSet<string> AsProcessors { get; } = [];
        public HashSet<string> AsExporters { get; } = [];
    }
}
