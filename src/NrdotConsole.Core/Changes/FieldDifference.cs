using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Changes;

/// <summary>A field that means something else; null where it is absent on that side.</summary>
public sealed record FieldDifference(string Field, string? Before, string? After)
{
    static readonly string[] s_names = ["id", "name", "path"];

    /// <summary>What two documents mean differently. Items of a list are told apart by their id or name, and have an order; other lists are one value.</summary>
    public static IReadOnlyList<FieldDifference> Between(YamlNode before, YamlNode after)
    {
        var found = new List<FieldDifference>();
        Compare("", before, after, found);
        return found;
    }

    static void Compare(string path, YamlNode? a, YamlNode? b, List<FieldDifference> found)
    {
        if (a is not null && b is not null && YamlNode.Same(a, b)) return;
        if ((a is null or YamlMap) && (b is null or YamlMap) && ((a?.AsMap?.Entries.Count ?? 0) + (b?.AsMap?.Entries.Count ?? 0) > 0))
        {
            foreach (var key in Keys(a).Union(Keys(b))) Compare(path.Length == 0 ? key : $"{path}.{key}", a?.AsMap?.Find(key), b?.AsMap?.Find(key), found);
        }
        else if (a is YamlList x && b is YamlList y && Named(x) is { } left && Named(y) is { } right)
        {
            foreach (var name in left.Keys.Union(right.Keys)) Compare($"{path}[{name}]", left.GetValueOrDefault(name), right.GetValueOrDefault(name), found);
            if (!left.Keys.Where(right.ContainsKey).SequenceEqual(right.Keys.Where(left.ContainsKey))) found.Add(new($"{path}: order", string.Join(", ", left.Keys), string.Join(", ", right.Keys)));
        }
        else found.Add(new(path, Show(a), Show(b)));
    }

    static IEnumerable<string> Keys(YamlNode? node) => node?.AsMap?.Entries.Select(e => e.Key) ?? [];

    static Dictionary<string, YamlNode>? Named(YamlList list)
    {
        var named = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var item in list.Items)
        {
            var name = s_names.Select(n => item.AsMap?.Find(n)?.Value).FirstOrDefault(v => v is not null);
            if (name is null || !named.TryAdd(name, item)) return null;
        }
        return named;
    }

    static string? Show(YamlNode? node) => node switch
    {
        null => null,
        YamlList list => $"[{string.Join(", ", list.Items.Select(Show))}]",
        YamlMap map => $"{{{string.Join(", ", map.Entries.Select(e => $"{e.Key}: {Show(e.Value)}"))}}}",
        _ => node.Value ?? "null",
    };
}
