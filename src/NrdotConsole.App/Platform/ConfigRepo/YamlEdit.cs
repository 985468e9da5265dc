using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using ScalarEvent = YamlDotNet.Core.Events.Scalar;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>One step into a document: a key of a map, or the item of a list whose <paramref name="Field"/> has this value.</summary>
internal readonly record struct YamlStep(string Name, string? Field = null)
{
    public override string ToString() => Field is null ? Name : $"[{Field}={Name}]";
}

/// <summary>Sets one scalar in a YAML text and leaves every other character, comments above all, as it is.</summary>
internal static class YamlEdit
{
    sealed record Node(int Start, int End, int Column, bool IsFlow, string? Text, List<(Node Key, Node Value)> Entries, List<Node> Items);

    /// <summary>Sets <paramref name="key"/> in the map at <paramref name="path"/>; a key that the map lacks is added behind its last one.</summary>
    /// <returns>Null where the text is no YAML or has no map there.</returns>
    public static string? Set(string text, IReadOnlyList<YamlStep> path, string key, string value)
    {
        if (Read(text) is not { } at) return null;
        foreach (var step in path)
        {
            var next = step.Field is null
                ? at.Entries.Find(e => e.Key.Text == step.Name).Value
                : at.Items.Find(i => i.Entries.Find(e => e.Key.Text == step.Field).Value?.Text == step.Name);
            if (next is null) return null;
            at = next;
        }
        if (at.Text is not null || at.Items.Count > 0) return null;
        var (known, node) = at.Entries.Find(e => e.Key.Text == key);
        if (known is not null) return node.Text is null ? null : node.Start == node.End ? text.Insert(known.End + 1, " " + Quote(value)) : Replace(text, node.Start, node.End, Quote(value));
        var entry = $"{Quote(key)}: {Quote(value)}";
        if (at.IsFlow) return at.Entries.Count == 0 ? Replace(text, at.Start, at.End, $"{{ {entry} }}") : text.Insert(at.Entries[^1].Value.End, ", " + entry);
        if (at.Entries.Count == 0) return null;
        var end = text.IndexOf('\n', Math.Max(at.Entries[^1].Key.End, LastCharacter(at) - 1));
        var indent = new string(' ', at.Entries[0].Key.Column);
        return end < 0 ? $"{text}\n{indent}{entry}\n" : text.Insert(end + 1, $"{indent}{entry}\n");
    }

    static string Replace(string text, int start, int end, string with) => string.Concat(text.AsSpan(0, start), with, text.AsSpan(end));

    static int LastCharacter(Node node) => node.IsFlow || node.Text is not null ? node.End
        : node.Entries.Select(e => Math.Max(e.Key.End, LastCharacter(e.Value))).Concat(node.Items.Select(LastCharacter)).DefaultIfEmpty(node.Start).Max();

    static string Quote(string value)
    {
        var isPlain = value.Length > 0 && char.IsLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
            && value.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n");
        var isNumber = decimal.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _);
        return isPlain || isNumber ? value : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    static Node? Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            return Read(parser, 0);
        }
        catch (YamlException)
        {
            return null;
        }
    }

    static Node Read(IParser parser, int depth)
    {
        if (depth > ConfigLimits.MaxDepth) throw new YamlException("too deep");
        if (parser.TryConsume<MappingStart>(out var map))
        {
            var entries = new List<(Node, Node)>();
            while (!parser.Accept<MappingEnd>(out _)) entries.Add((Read(parser, depth + 1), Read(parser, depth + 1)));
            return new((int)map.Start.Index, End(parser.Consume<MappingEnd>()), (int)map.Start.Column - 1, map.Style == MappingStyle.Flow, null, entries, []);
        }
        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<Node>();
            while (!parser.Accept<SequenceEnd>(out _)) items.Add(Read(parser, depth + 1));
            return new((int)list.Start.Index, End(parser.Consume<SequenceEnd>()), (int)list.Start.Column - 1, list.Style == SequenceStyle.Flow, null, [], items);
        }
        if (parser.TryConsume<ScalarEvent>(out var scalar)) return new((int)scalar.Start.Index, (int)scalar.End.Index, (int)scalar.Start.Column - 1, false, scalar.Value, [], []);
        throw new YamlException("aliases are not edited");
    }

    /// <summary>Behind a closing bracket: the parser's mark stands before it.</summary>
    static int End(ParsingEvent end) => (int)end.Start.Index + 1;
}
