using System.Globalization;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>Where two configurations mean different things. A side is null where it has nothing there; texts are cut at a length fit to show.</summary>
public sealed record ConfigDifference(string Path, string? Assigned, string? Effective);

/// <summary>
/// Compares what an agent was assigned with what it says it runs, by meaning: old and new spellings of a component are one, defaults that
/// the collector filled in are none, <c>[REDACTED]</c> stands for any value, the order of keys says nothing, <c>60s</c> is <c>1m0s</c>,
/// and references such as <c>${env:HOST_ID}</c> stand for whatever they became.
/// </summary>
public static class ConfigComparison
{
    const int ShownCharacters = 200;

    static readonly HashSet<string> s_sections = [.. KnownComponents.Sections];

    public static IReadOnlyList<ConfigDifference> Compare(YamlNode assigned, YamlNode effective)
    {
        var differences = new List<ConfigDifference>();
        Compare([], assigned, effective, differences);
        return differences;
    }

    static void Compare(string[] path, YamlNode assigned, YamlNode? effective, List<ConfigDifference> differences)
    {
        if (IsEmpty(assigned) && (effective is null || IsEmpty(effective))) return;
        if (IsAnything(assigned) || (effective is not null && IsAnything(effective))) return;
        switch (Keyed(assigned), Keyed(effective))
        {
            case (YamlMap a, YamlMap e): Maps(path, a, e, differences); break;
            case (YamlList a, YamlList e) when IsIdList(path) || a.Items.Count != e.Items.Count: Lists(path, a, e, differences); break;
            case (YamlList a, YamlList e):
                for (var i = 0; i < a.Items.Count; i++) Compare([.. path, i.ToString(CultureInfo.InvariantCulture)], a.Items[i], e.Items[i], differences);
                break;
            // An empty section that the collector filled with its defaults.
            case (YamlScalar { Kind: YamlKind.Null }, YamlMap): break;
            // The collector capitalises levels: detailed, Detailed.
            case (YamlScalar a, YamlScalar e) when ScalarsAgree(a, e) || (path is [.., "level"] && string.Equals(a.Text, e.Text, StringComparison.OrdinalIgnoreCase)): break;
            default: differences.Add(new(string.Join('.', path), Show(assigned), effective is null ? null : Show(effective))); break;
        }
    }

    static void Maps(string[] path, YamlMap assigned, YamlMap effective, List<ConfigDifference> differences)
    {
        var there = new Dictionary<string, YamlNode>();
        foreach (var entry in effective.Entries) there.TryAdd(KeyOf(path, entry.Key), entry.Value);
        foreach (var entry in assigned.Entries)
        {
            if (there.Remove(KeyOf(path, entry.Key), out var value)) Compare([.. path, entry.Key], entry.Value, value, differences);
            // A part that is there is on: some collectors say so, some do not.
            else if (entry is not { Key: "enabled", Value.Value: "true" }) Compare([.. path, entry.Key], entry.Value, null, differences);
        }
        // More keys are defaults filled in, except where each key is a thing of its own: a component, a pipeline.
        if (!IsNamespace(path)) return;
        foreach (var (key, value) in there)
        {
            if (!IsOfSupervisor(path, key) && (!IsEmpty(value) || path.Length > 0)) differences.Add(new(string.Join('.', [.. path, key]), null, Show(value)));
        }
    }

    static void Lists(string[] path, YamlList assigned, YamlList effective, List<ConfigDifference> differences)
    {
        string Text(YamlNode node) => node.Value is { } id && IsIdList(path) ? KnownComponents.Canonical(SectionOf(path), id) : Show(node);
        // Receivers, exporters and extensions are sets; processors run in their order.
        var (a, e) = (assigned.Items.Select(Text), effective.Items.Where(i => !(path is ["service", "extensions"] && IsOfSupervisor(["extensions"], i.Value ?? ""))).Select(Text));
        if (IsIdList(path) && path[^1] != "processors") (a, e) = (a.Order(StringComparer.Ordinal), e.Order(StringComparer.Ordinal));
        if (!a.SequenceEqual(e)) differences.Add(new(string.Join('.', path), Show(assigned), Show(effective)));
    }

    static bool IsNamespace(string[] path) => path is [] || (path is [var section] && s_sections.Contains(section)) || path is ["service", "pipelines"];

    static string KeyOf(string[] path, string key) => path is [var section] && s_sections.Contains(section) ? KnownComponents.Canonical(section, key) : key;

    static bool IsIdList(string[] path) =>
        path is ["service", "extensions"] or ["service", "pipelines", _, "receivers" or "processors" or "exporters"];

    // OpenTelemetry's supervisor adds its own extension to whatever it is sent.
    static bool IsOfSupervisor(string[] path, string key) => path is ["extensions"] && ComponentId.TypeOf(key) == "opamp";

    // Headers are a map in one version, a list of names and values in another.
    static YamlNode? Keyed(YamlNode? node)
    {
        if (node is not YamlList { Items.Count: > 0 } list) return node;
        var pairs = list.Items.Select(i => (Name: i.AsMap?.Find("name")?.Value, Value: i.AsMap?.Find("value"))).ToArray();
        return pairs.All(p => p.Name is not null && p.Value is not null) ? YamlMap.Of(pairs.Select(p => (p.Name!, p.Value!))) : node;
    }

    // A connector's name has one spelling in both lists: it is looked up as the receiver or exporter that it stands for.
    static string SectionOf(string[] path) => path[^1];

    static bool IsEmpty(YamlNode node) => node is YamlScalar { Kind: YamlKind.Null } or YamlMap { Entries.Count: 0 } or YamlList { Items.Count: 0 };

    // Redacted, or a reference whose value only the host knows.
    static bool IsAnything(YamlNode node) => node is YamlScalar { Text: var text } && (text == "[REDACTED]" || text.Contains("${", StringComparison.Ordinal));

    static bool ScalarsAgree(YamlScalar a, YamlScalar e)
    {
        if (a.Kind == YamlKind.Null || e.Kind == YamlKind.Null) return a.Kind == e.Kind;
        var (x, y) = (Ottl.Unescape(a.Text), Ottl.Unescape(e.Text));
        if (string.Equals(x, y, a.Kind == YamlKind.Boolean ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) return true;
        if (double.TryParse(x, NumberStyles.Float, CultureInfo.InvariantCulture, out var m) && double.TryParse(y, NumberStyles.Float, CultureInfo.InvariantCulture, out var n)) return m.Equals(n);
        return GoDuration.TryParse(x, out var p) && GoDuration.TryParse(y, out var q) && p == q;
    }

    static string Show(YamlNode node)
    {
        var text = node is YamlScalar scalar ? scalar.Kind == YamlKind.Null ? "null" : scalar.Text : YamlWriter.Write(node).TrimEnd('\n');
        return text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
    }
}
