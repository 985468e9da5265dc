using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// A flag's fragment, laid over a configuration: maps are merged key by key, scalars replaced. Lists of a pipeline and of
/// <c>service.extensions</c> are extended by what they lack: new processors stand before <c>batch</c>, everything else at the end.
/// Any other list is replaced.
/// </summary>
static class Fragment
{
    public static YamlMap Merge(YamlMap under, YamlMap over) => Merge(under, over, []);

    static YamlMap Merge(YamlMap under, YamlMap over, string[] path)
    {
        var entries = under.Entries.ToList();
        foreach (var entry in over.Entries)
        {
            var at = entries.FindIndex(e => e.Key == entry.Key);
            if (at < 0) entries.Add(entry);
            else entries[at] = entries[at] with { Value = Merge(entries[at].Value, entry.Value, [.. path, entry.Key]) };
        }
        return new(entries);
    }

    static YamlNode Merge(YamlNode under, YamlNode over, string[] path) => (under, over) switch
    {
        (YamlMap a, YamlMap b) => Merge(a, b, path),
        (YamlList a, YamlList b) when IsPartsList(path) => Extend(a, b, path[^1] == "processors"),
        (YamlMap, YamlScalar { Kind: YamlKind.Null }) => under,
        _ => over,
    };

    static bool IsPartsList(string[] path) =>
        path is ["service", "extensions"] or ["service", "pipelines", _, "receivers" or "processors" or "exporters"];

    static YamlList Extend(YamlList under, YamlList over, bool beforeBatch)
    {
        var known = under.Values.ToHashSet();
        var added = over.Items.Where(i => i.Value is not { } id || !known.Contains(id));
        var batch = beforeBatch ? under.Items.ToList().FindIndex(i => i.Value is { } id && ComponentId.TypeOf(id) == "batch") : -1;
        if (batch < 0) return new([.. under.Items, .. added]);
        return new([.. under.Items.Take(batch), .. added, .. under.Items.Skip(batch)]);
    }
}
