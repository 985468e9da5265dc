using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// Fits a configuration to the components that a collector has: other spellings are taken over; what is missing is taken out of the
/// pipelines, and a pipeline that leads nowhere then is left out. What a host thereby goes without is told.
/// </summary>
static class ComponentFit
{
    public static (YamlMap Document, IReadOnlyList<string> Gaps) Fit(YamlMap document, ComponentSet components)
    {
        var gaps = new List<string>();
        var names = new Dictionary<(string Section, string Id), string?>();
        foreach (var section in KnownComponents.Sections)
        {
            foreach (var entry in (document.Find(section) as YamlMap)?.Entries ?? [])
            {
                var parts = entry.Key.Split('/', 2);
                var spelling = components.Spelling(section, parts[0]);
                names[(section, entry.Key)] = spelling is null ? null : parts.Length == 2 ? $"{spelling}/{parts[1]}" : spelling;
                if (spelling is null) gaps.Add($"The collector has no {parts[0]} among its {section}: {entry.Key} is left out.");
            }
        }
        var pipelines = Pipelines(document, names, gaps);
        return (Rebuild(document, names, pipelines), gaps);
    }

    static YamlMap Pipelines(YamlMap document, Dictionary<(string, string), string?> names, List<string> gaps)
    {
        var kept = ((document.Find("service", "pipelines") as YamlMap)?.Entries ?? [])
            .Select(p => (p.Key, Receivers: Ids(p, "receivers", names), Processors: Ids(p, "processors", names), Exporters: Ids(p, "exporters", names))).ToList();
        // A pipeline that goes may leave a connector with one side, whose other pipelines then lead nowhere either.
        for (var before = -1; before != kept.Count;)
        {
            before = kept.Count;
            var connectors = kept.SelectMany(p => p.Receivers).Intersect(kept.SelectMany(p => p.Exporters)).ToHashSet();
            foreach (var p in kept)
            {
                p.Receivers.RemoveAll(id => IsConnector(id) && !connectors.Contains(id));
                p.Exporters.RemoveAll(id => IsConnector(id) && !connectors.Contains(id));
            }
            foreach (var gone in kept.Where(p => p.Receivers.Count == 0 || p.Exporters.Count == 0)) gaps.Add($"The pipeline {gone.Key} is left out: it would lead nowhere.");
            kept.RemoveAll(p => p.Receivers.Count == 0 || p.Exporters.Count == 0);
        }
        return YamlMap.Of(kept.Select(p => ConfigDocument.Pipeline(p.Key, p.Receivers, p.Processors, p.Exporters)));

        bool IsConnector(string id) => names.Any(n => n.Key.Item1 == "connectors" && n.Value == id);
    }

    static List<string> Ids(YamlEntry pipeline, string part, Dictionary<(string, string), string?> names) =>
    [
        .. (pipeline.Value.AsMap?.Find(part) as YamlList)?.Values
            .Select(id => names.TryGetValue(("connectors", id), out var connector) && part != "processors" ? connector : names.GetValueOrDefault((part, id), id)).OfType<string>() ?? [],
    ];

    static YamlMap Rebuild(YamlMap document, Dictionary<(string, string), string?> names, YamlMap pipelines)
    {
        var used = pipelines.Entries.SelectMany(p => p.Value.AsMap!.Entries).SelectMany(part => part.Value.AsList!.Values).ToHashSet();
        var sections = new List<YamlEntry>();
        foreach (var section in document.Entries)
        {
            if (section.Key == "service") sections.Add(section with { Value = Service(section.Value.AsMap!, names, pipelines) });
            else if (section.Value is not YamlMap components) sections.Add(section);
            else
            {
                var kept = components.Entries.Select(e => (Name: names.GetValueOrDefault((section.Key, e.Key)), Entry: e))
                    .Where(e => e.Name is not null && (section.Key == "extensions" || used.Contains(e.Name))).Select(e => e.Entry with { Key = e.Name! }).ToArray();
                if (kept.Length > 0) sections.Add(section with { Value = new YamlMap(kept) });
            }
        }
        return new(sections);
    }

    static YamlMap Service(YamlMap service, Dictionary<(string, string), string?> names, YamlMap pipelines) => new(
    [
        .. service.Entries.Select(e => e.Key switch
        {
            "pipelines" => e with { Value = pipelines },
            "extensions" => e with { Value = YamlList.Of((e.Value.AsList?.Values ?? []).Select(id => names.GetValueOrDefault(("extensions", id), id)).OfType<string>()) },
            _ => e,
        }),
    ]);
}
