using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Platform.ConfigRepo.Documents;

internal enum NodeShape { Scalar, List, Map }

/// <summary>
/// A node of a YAML file and where it stands, lines and columns from 1. The parser's own tree follows anchors and keeps no place of
/// an entry's key; this one refuses the former and keeps the latter.
/// </summary>
internal sealed class ConfigNode
{
    public required NodeShape Shape { get; init; }
    public required int Line { get; init; }
    public required int Column { get; init; }

    /// <summary>A scalar's value; empty for lists and maps.</summary>
    public string Text { get; init; } = "";

    /// <summary>What a scalar means by YAML's core schema; a quoted one is text.</summary>
    public YamlKind Kind { get; init; }
    public IReadOnlyList<ConfigNode> Items { get; init; } = [];
    public IReadOnlyList<ConfigEntry> Entries { get; init; } = [];

    public bool IsNull => Shape == NodeShape.Scalar && Kind == YamlKind.Null;

    public ConfigNode? this[string key] => Entries.FirstOrDefault(e => e.Key == key)?.Value;

    /// <summary>Same meaning: places, order of keys and spelling of quotes aside.</summary>
    public bool Means(ConfigNode other) => Shape == other.Shape && Shape switch
    {
        NodeShape.Scalar => Kind == other.Kind && (Kind == YamlKind.Null || Text == other.Text),
        NodeShape.List => Items.Count == other.Items.Count && Items.Zip(other.Items).All(p => p.First.Means(p.Second)),
        _ => Entries.Count == other.Entries.Count && Entries.All(e => other[e.Key] is { } value && e.Value.Means(value)),
    };

    /// <summary>The tree without places, as configuration is rendered from.</summary>
    public YamlNode ToYaml() => Shape switch
    {
        NodeShape.Scalar => new YamlScalar(Text, Kind),
        NodeShape.List => new YamlList([.. Items.Select(i => i.ToYaml())]),
        _ => new YamlMap([.. Entries.Select(e => new YamlEntry(e.Key, e.Value.ToYaml()))]),
    };

    /// <summary>For a reader: a scalar as it is, a list or map in short.</summary>
    public string Show() => Shape switch
    {
        NodeShape.Scalar => Kind == YamlKind.Null ? "null" : Text,
        NodeShape.List => $"[{string.Join(", ", Items.Select(i => i.Show()))}]",
        _ => $"{{{string.Join(", ", Entries.Select(e => $"{e.Key}: {e.Value.Show()}"))}}}",
    };
}

internal sealed record ConfigEntry(string Key, int Line, int Column, ConfigNode Value);
