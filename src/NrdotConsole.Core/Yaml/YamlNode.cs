namespace NrdotConsole.Core.Yaml;

/// <summary>What a plain scalar means by YAML's core schema; a quoted one is always <see cref="Text"/>.</summary>
public enum YamlKind { Text, Number, Boolean, Null }

/// <summary>
/// A parsed YAML document as a tree: maps, lists, scalars; anchors are resolved. Maps keep the order they were written in.
/// <see cref="Line"/> is 1-based, 0 for what was built and not read.
/// </summary>
public abstract class YamlNode
{
    public int Line { get; init; }

    public YamlMap? AsMap => this as YamlMap;
    public YamlList? AsList => this as YamlList;

    /// <summary>The scalar's text as it was written, without quotes; null for maps, lists and null.</summary>
    public string? Value => this is YamlScalar { Kind: not YamlKind.Null } scalar ? scalar.Text : null;

    public static implicit operator YamlNode(string text) => new YamlScalar(text, YamlKind.Text);
    public static implicit operator YamlNode(int number) => YamlScalar.Of(number);
    public static implicit operator YamlNode(long number) => YamlScalar.Of(number);
    public static implicit operator YamlNode(bool value) => YamlScalar.Of(value);
    public static YamlNode FromString(string text) => text;
    public static YamlNode FromInt64(long number) => number;
    public static YamlNode FromInt32(int number) => number;
    public static YamlNode FromBoolean(bool value) => value;

    /// <summary>Same kinds, texts, keys and order.</summary>
    public static bool Same(YamlNode a, YamlNode b) => (a, b) switch
    {
        (YamlScalar x, YamlScalar y) => x.Kind == y.Kind && (x.Kind == YamlKind.Null || x.Text == y.Text),
        (YamlList x, YamlList y) => x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(p => Same(p.First, p.Second)),
        (YamlMap x, YamlMap y) => x.Entries.Count == y.Entries.Count
            && x.Entries.Zip(y.Entries).All(p => p.First.Key == p.Second.Key && Same(p.First.Value, p.Second.Value)),
        _ => false,
    };
}

public sealed class YamlScalar(string text, YamlKind kind) : YamlNode
{
    public string Text { get; } = text;
    public YamlKind Kind { get; } = kind;

    public static YamlScalar Null => new("", YamlKind.Null);
    public static YamlScalar Of(long number) => new(number.ToString(System.Globalization.CultureInfo.InvariantCulture), YamlKind.Number);
    public static YamlScalar Of(bool value) => new(value ? "true" : "false", YamlKind.Boolean);
}

public sealed class YamlList(IReadOnlyList<YamlNode> items) : YamlNode
{
    public IReadOnlyList<YamlNode> Items { get; } = items;

    public IEnumerable<string> Values => Items.Select(i => i.Value).OfType<string>();

    public static YamlList Of(params IEnumerable<string> texts) => new([.. texts.Select(t => (YamlNode)t)]);
}

public readonly record struct YamlEntry(string Key, YamlNode Value, int Line = 0);

public sealed class YamlMap(IReadOnlyList<YamlEntry> entries) : YamlNode
{
    public static readonly YamlMap Empty = new([]);

    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    public static YamlMap Of(params IEnumerable<(string Key, YamlNode Value)> entries) => new([.. entries.Select(e => new YamlEntry(e.Key, e.Value))]);

    public YamlNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key) return entry.Value;
        }
        return null;
    }

    /// <summary>Down through maps; null where a step is missing or no map.</summary>
    public YamlNode? Find(params ReadOnlySpan<string> path)
    {
        YamlNode? at = this;
        foreach (var key in path) at = at?.AsMap?.Find(key);
        return at;
    }
}
