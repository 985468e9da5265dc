using System.Globalization;
using NrdotConsole.Core.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using ScalarEvent = YamlDotNet.Core.Events.Scalar;

namespace NrdotConsole.App.Platform.ConfigRepo.Documents;

/// <summary>
/// Changes single values of a file and leaves the rest as its author wrote it: comments, order, quotes. What forms save is this.
/// A path is keys, and for an item of a list <c>key=value</c> of the item: <c>["rings", "id=4", "share"]</c>.
/// </summary>
internal static class ConfigEdit
{
    /// <summary>Sets a value; keys that are missing are added at the end of their map, items of a list are not.</summary>
    /// <exception cref="FormatException">The text is no YAML, the path leads through something that is no map or list, or to an item that is not there.</exception>
    public static string Set(string text, IReadOnlyList<string> path, YamlNode value)
    {
        var (found, depth) = Walk(Parse(text), path);
        if (depth == path.Count) return Replace(text, found, value);
        if (found.Entries is null) throw new FormatException($"{string.Join('.', path.Take(depth))} is no map.");
        if (path.Skip(depth).SkipLast(1).FirstOrDefault(step => step.Contains('=', StringComparison.Ordinal)) is { } item) throw new FormatException($"There is no list with an item of {item}.");
        for (var i = path.Count - 1; i > depth; i--) value = YamlMap.Of((path[i], value));
        return Add(text, found, path[depth], value);
    }

    /// <summary>Takes an entry of a map away, with the comments on its lines. What is not there stays away.</summary>
    public static string Remove(string text, IReadOnlyList<string> path)
    {
        var (map, depth) = Walk(Parse(text), [.. path.Take(path.Count - 1)]);
        if (depth < path.Count - 1 || map.Entries?.FindIndex(e => e.Key == path[^1]) is not ({ } at and >= 0)) return text;
        var (_, from, entry) = map.Entries[at];
        if (map.IsFlow || map.Entries.Count == 1)
        {
            var left = map.Entries.Where((_, i) => i != at).Select(e => text[(int)e.From..e.Value.End]);
            return text[..Begin(map)] + (map.IsFlow ? "" : " ") + $"{{{string.Join(", ", left)}}}" + text[map.End..];
        }
        return text[..LineStart(text, (int)from)] + text[NextLine(text, entry.End)..];
    }

    /// <summary><paramref name="Hang"/> is just behind the colon or dash that the value hangs on.</summary>
    sealed record Span(int Start, int End, bool IsFlow, List<(string Key, long From, Span Value)>? Entries, List<Span>? Items, string? Scalar, int Hang);

    static Span Parse(string text)
    {
        try
        {
            var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return new(text.Length, text.Length, false, [], null, null, 0);
            parser.Consume<DocumentStart>();
            return Node(parser, text, 0);
        }
        catch (YamlException fault)
        {
            throw new FormatException($"line {fault.Start.Line}: {fault.Message}", fault);
        }
    }

    // The parser tells where a closing bracket stands, not where it ends.
    static Span Node(Parser parser, string text, int hang)
    {
        if (parser.TryConsume<ScalarEvent>(out var scalar))
        {
            // A block of text ends behind its last line break.
            var last = (int)scalar.End.Index;
            while (last > scalar.Start.Index && text[last - 1] is '\n' or '\r') last--;
            return new((int)scalar.Start.Index, last, true, null, null, scalar.Value, hang);
        }
        if (parser.TryConsume<SequenceStart>(out var list))
        {
            var items = new List<Span>();
            SequenceEnd close;
            while (!parser.TryConsume(out close!)) items.Add(Node(parser, text, (int)parser.Current!.Start.Index));
            var isFlow = list.Style == SequenceStyle.Flow;
            return new((int)list.Start.Index, isFlow || items.Count == 0 ? (int)close.End.Index + 1 : items[^1].End, isFlow, null, items, null, hang);
        }
        var map = parser.Consume<MappingStart>();
        var entries = new List<(string, long, Span)>();
        MappingEnd end;
        while (!parser.TryConsume(out end!))
        {
            var key = parser.Consume<ScalarEvent>();
            entries.Add((key.Value, key.Start.Index, Node(parser, text, text.IndexOf(':', (int)key.End.Index) + 1)));
        }
        var flow = map.Style == MappingStyle.Flow;
        return new((int)map.Start.Index, flow || entries.Count == 0 ? (int)end.End.Index + 1 : entries[^1].Item3.End, flow, entries, null, null, hang);
    }

    static (Span Found, int Depth) Walk(Span root, IReadOnlyList<string> path)
    {
        var (found, depth) = (root, 0);
        while (depth < path.Count && Step(found, path[depth]) is { } next) (found, depth) = (next, depth + 1);
        return (found, depth);
    }

    static Span? Step(Span span, string step)
    {
        if (span.Entries is not null) return span.Entries.FirstOrDefault(e => e.Key == step).Value;
        if (span.Items is null || step.IndexOf('=') is not (> 0 and var at)) return null;
        return span.Items.FirstOrDefault(i => i.Entries?.Any(e => e.Key == step[..at] && e.Value.Scalar == step[(at + 1)..]) == true);
    }

    static string Replace(string text, Span old, YamlNode value)
    {
        var isBlock = old.Scalar is null && !old.IsFlow;
        var from = isBlock ? Begin(old) : old.Start;
        var gap = isBlock || (old.Start == old.End && from > 0 && text[from - 1] == ':') ? " " : "";
        return text[..from] + gap + Inline(value) + text[old.End..];
    }

    static string Add(string text, Span map, string key, YamlNode value)
    {
        if (map.IsFlow)
        {
            var close = map.End - 1;
            var isEmpty = map.Entries!.Count == 0;
            return text[..(isEmpty ? close : map.Entries[^1].Value.End)] + (isEmpty ? "" : ", ") + $"{Inline(key)}: {Inline(value)}" + text[close..];
        }
        var indent = map.Entries!.Count == 0 ? "" : new string(' ', (int)map.Entries[0].From - LineStart(text, (int)map.Entries[0].From));
        var at = map.Entries.Count == 0 ? text.Length : NextLine(text, map.Entries[^1].Value.End);
        var before = at > 0 && text[at - 1] != '\n' ? "\n" : "";
        var block = YamlWriter.Write(YamlMap.Of((key, value))).TrimEnd('\n').Split('\n').Select(l => indent + l + "\n");
        return text[..at] + before + string.Concat(block) + text[at..];
    }

    /// <summary>One line of YAML for a value.</summary>
    static string Inline(YamlNode value) => value switch
    {
        YamlList list => $"[{string.Join(", ", list.Items.Select(Inline))}]",
        YamlMap map => $"{{{string.Join(", ", map.Entries.Select(e => $"{Inline(e.Key)}: {Inline(e.Value)}"))}}}",
        YamlScalar { Kind: YamlKind.Text } text => Quote(text.Text),
        YamlScalar { Kind: YamlKind.Null } => "null",
        var scalar => scalar.Value!,
    };

    /// <summary>Plain where it reads as the same text in every place of YAML, else in double quotes.</summary>
    static string Quote(string text)
    {
        var isPlain = text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/')
            && text.ToLowerInvariant() is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off");
        return isPlain ? text : $"\"{string.Concat(text.Select(Escape))}\"";
    }

    static string Escape(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' or '\ufeff' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
        _ => c.ToString(),
    };

    /// <summary>Where a value begins to be replaced: a block from where it hangs, the comments between with it.</summary>
    static int Begin(Span value) => value.IsFlow ? value.Start : value.Hang;

    static int LineStart(string text, int at) => text.LastIndexOf('\n', Math.Max(0, at - 1)) + 1;

    static int NextLine(string text, int at) => text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : text.Length;
}
