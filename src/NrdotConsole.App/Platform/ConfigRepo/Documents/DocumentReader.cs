using System.Text;
using System.Text.RegularExpressions;
using NrdotConsole.Core.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using ScalarEvent = YamlDotNet.Core.Events.Scalar;

namespace NrdotConsole.App.Platform.ConfigRepo.Documents;

/// <summary>
/// Reads one YAML document into a tree with places, within <see cref="ConfigLimits"/>. What strangers may push is refused before it costs
/// anything: anchors and aliases (they multiply), tags, several documents, keys twice. The depth is counted as events come, so nothing
/// nests deeper on our stack than the limit.
/// </summary>
internal sealed partial class DocumentReader
{
    const string CheckAround = "check indentation, quotes and brackets here and in the line above";

    readonly FaultList _faults;
    readonly Parser _parser;
    int _nodes;

    DocumentReader(string text, FaultList faults)
    {
        _faults = faults;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <returns>Null where the text is no document that can be read; <paramref name="faults"/> then holds why. An empty one is an empty map.</returns>
    public static ConfigNode? Read(string text, FaultList faults)
    {
        if (Encoding.UTF8.GetByteCount(text) is var bytes && bytes > ConfigLimits.MaxFileBytes)
        {
            faults.Error(0, 0, "", $"The file has {bytes} bytes.", $"at most {ConfigLimits.MaxFileBytes / 1024} KiB");
            return null;
        }
        var reader = new DocumentReader(text, faults);
        try
        {
            return reader.Document();
        }
        catch (YamlException fault)
        {
            reader.Explain(fault, text);
            return null;
        }
        catch (InvalidOperationException)
        {
            // The parser's own state breaks on some damage, such as a stray document mark within a block.
            var at = reader._parser.Current?.End ?? Mark.Empty;
            faults.Error((int)at.Line, (int)at.Column, "", "This is not valid YAML.", CheckAround);
            return null;
        }
        catch (RefusedException refused)
        {
            faults.Error((int)refused.At.Line, (int)refused.At.Column, "", refused.Message, refused.Mend);
            return null;
        }
    }

    ConfigNode Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _)) return Empty;
        _parser.Consume<DocumentStart>();
        var root = Node(0, "");
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second)) throw new RefusedException(second.Start, "A second document begins here.", "one document a file: leave out the '---' between");
        return root.IsNull && root.Text.Length == 0 ? Empty : root;
    }

    static ConfigNode Empty => new() { Shape = NodeShape.Map, Line = 1, Column = 1 };

    ConfigNode Node(int depth, string path)
    {
        var next = _parser.Current!;
        if (++_nodes > ConfigLimits.MaxNodes) throw new RefusedException(next.Start, $"The file has more than {ConfigLimits.MaxNodes} values.", "split it, or leave out what is not needed");
        if (depth > ConfigLimits.MaxDepth) throw new RefusedException(next.Start, $"Values are nested more than {ConfigLimits.MaxDepth} deep.", "flatten it");
        if (next is AnchorAlias alias) throw new RefusedException(alias.Start, $"'*{alias.Value}' refers to an anchor.", "write the value out: anchors and aliases are not read");
        if (next is NodeEvent { Anchor.IsEmpty: false } anchored) throw new RefusedException(anchored.Start, $"'&{anchored.Anchor.Value}' is an anchor.", "write the value out where it is used: anchors and aliases are not read");
        if (next is NodeEvent { Tag: { IsEmpty: false } tag }) throw new RefusedException(next.Start, $"The tag '{tag.Value}' is not read.", "leave it out; put text in quotes");
        _parser.MoveNext();
        var (line, column) = ((int)next.Start.Line, (int)next.Start.Column);
        return next switch
        {
            ScalarEvent scalar => Value(scalar),
            SequenceStart => new() { Shape = NodeShape.List, Line = line, Column = column, Items = Items(depth, path) },
            MappingStart => new() { Shape = NodeShape.Map, Line = line, Column = column, Entries = Entries(depth, path) },
            _ => throw new YamlException(next.Start, next.End, "a value is expected here"),
        };
    }

    List<ConfigNode> Items(int depth, string path)
    {
        var items = new List<ConfigNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1, $"{path}[{items.Count}]"));
        return items;
    }

    List<ConfigEntry> Entries(int depth, string path)
    {
        var entries = new List<ConfigEntry>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!.Start;
            if (_parser.Current is not ScalarEvent) throw new RefusedException(at, "A list or a map stands where a key is expected.", "a key is a word followed by ':'; put a value that begins with '{' or '[' in quotes");
            var key = Node(depth + 1, path).Text;
            var field = path.Length == 0 ? key : $"{path}.{key}";
            var value = Node(depth + 1, field);
            if (known.TryGetValue(key, out var before)) _faults.Error((int)at.Line, (int)at.Column, field, $"'{key}' stands here twice: also in line {before}.", "keep one of them");
            else
            {
                known[key] = (int)at.Line;
                entries.Add(new(key, (int)at.Line, (int)at.Column, value));
            }
        }
        return entries;
    }

    static ConfigNode Value(ScalarEvent scalar)
    {
        if (scalar.Value.Length > ConfigLimits.MaxScalarLength) throw new RefusedException(scalar.Start, $"The value has {scalar.Value.Length} characters.", $"at most {ConfigLimits.MaxScalarLength}");
        return new()
        {
            Shape = NodeShape.Scalar, Line = (int)scalar.Start.Line, Column = (int)scalar.Start.Column,
            Text = scalar.Value, Kind = scalar.Style == ScalarStyle.Plain ? KindOf(scalar.Value) : YamlKind.Text,
        };
    }

    static YamlKind KindOf(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => YamlKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlKind.Boolean,
        _ => Number().IsMatch(plain) ? YamlKind.Number : YamlKind.Text,
    };

    void Explain(YamlException fault, string text)
    {
        var (first, last) = ((int)fault.Start.Line, (int)fault.End.Line + 1);
        var tab = text.Split('\n').Select((l, i) => (Text: l, Number: i + 1)).FirstOrDefault(l => l.Number >= first && l.Number <= last && LeadingTab().IsMatch(l.Text)).Number;
        if (tab > 0) _faults.Error(tab, 1, "", "The line is indented by a tab.", "indent by spaces");
        else if (fault.Message.Contains("did not find expected key", StringComparison.OrdinalIgnoreCase) || fault.Message.Contains("block mapping", StringComparison.OrdinalIgnoreCase))
            _faults.Error(first, (int)fault.Start.Column, "", "The line does not fit the lines above it.", "indent it as its neighbours are; a value with ': ', '#', or a leading '{', '[', '*', '&' needs quotes");
        else _faults.Error(first, (int)fault.Start.Column, "", $"This is not valid YAML: {fault.Message.TrimEnd('.')}.", CheckAround);
    }

    [GeneratedRegex(@"^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$|^0x[0-9a-fA-F]+$|^0o[0-7]+$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^ *\t")]
    private static partial Regex LeadingTab();

    sealed class RefusedException(Mark at, string message, string mend) : Exception(message)
    {
        public Mark At => at;
        public string Mend => mend;
    }
}
