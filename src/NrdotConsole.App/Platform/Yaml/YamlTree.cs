using System.Text.RegularExpressions;
using NrdotConsole.Core.Yaml;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using ScalarEvent = YamlDotNet.Core.Events.Scalar;

namespace NrdotConsole.App.Platform.Yaml;

/// <summary>Why a text is no YAML that we read; 1-based.</summary>
internal sealed record YamlFault(int Line, int Column, string Message);

/// <summary>Reads one YAML document into Core's tree, with lines. Anchors are resolved; the limits hold against a text that unfolds.</summary>
internal static partial class YamlTree
{
    public const int MaxNodes = 200_000;
    public const int MaxDepth = 64;
    public const int MaxCharacters = 2_000_000;

    /// <summary>The document and no fault, or the fault and no document. An empty text is an empty map.</summary>
    public static (YamlNode? Root, YamlFault? Fault) Read(string text)
    {
        if (text.Length > MaxCharacters) return (null, new(1, 1, $"The text has {text.Length} characters; at most {MaxCharacters} are read."));
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _)) return (YamlMap.Empty, null);
            parser.Consume<DocumentStart>();
            var root = new Reading(parser).Node(0);
            parser.Consume<DocumentEnd>();
            if (parser.Accept<DocumentStart>(out var second)) return (null, new((int)second.Start.Line, (int)second.Start.Column, "A second document begins here; one is read."));
            return (root, null);
        }
        catch (YamlException fault)
        {
            return (null, new((int)fault.Start.Line, (int)fault.Start.Column, fault.Message));
        }
    }

    sealed class Reading(IParser parser)
    {
        readonly Dictionary<AnchorName, YamlNode> _anchors = [];
        int _nodes;

        public YamlNode Node(int depth)
        {
            var at = parser.Current!;
            if (depth > MaxDepth) throw new YamlException(at.Start, at.End, $"Nested deeper than {MaxDepth} levels.");
            Count(1, at);
            if (parser.TryConsume<AnchorAlias>(out var alias)) return Resolve(alias);
            YamlNode node = parser.TryConsume<ScalarEvent>(out var scalar) ? Of(scalar)
                : parser.TryConsume<SequenceStart>(out var list) ? List(list, depth)
                : Map(parser.Consume<MappingStart>(), depth);
            if (at is NodeEvent { Anchor.IsEmpty: false } named) _anchors[named.Anchor] = node;
            return node;
        }

        YamlList List(SequenceStart start, int depth)
        {
            var items = new List<YamlNode>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Node(depth + 1));
            return new(items) { Line = (int)start.Start.Line };
        }

        YamlMap Map(MappingStart start, int depth)
        {
            var entries = new List<YamlEntry>();
            var keys = new HashSet<string>(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = parser.Consume<ScalarEvent>();
                if (!keys.Add(key.Value)) throw new YamlException(key.Start, key.End, $"The key '{key.Value}' stands here a second time.");
                entries.Add(new(key.Value, Node(depth + 1), (int)key.Start.Line));
            }
            return new(entries) { Line = (int)start.Start.Line };
        }

        YamlNode Resolve(AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value, out var node)) throw new YamlException(alias.Start, alias.End, $"No anchor '{alias.Value}' stands above.");
            Count(Size(node), alias);
            return node;
        }

        void Count(int nodes, ParsingEvent at)
        {
            if ((_nodes += nodes) > MaxNodes) throw new YamlException(at.Start, at.End, $"More than {MaxNodes} nodes.");
        }

        static int Size(YamlNode node) => node switch
        {
            YamlMap map => 1 + map.Entries.Sum(e => Size(e.Value)),
            YamlList list => 1 + list.Items.Sum(Size),
            _ => 1,
        };
    }

    static YamlScalar Of(ScalarEvent scalar) => new(scalar.Value, KindOf(scalar)) { Line = (int)scalar.Start.Line };

    static YamlKind KindOf(ScalarEvent scalar)
    {
        if (scalar.Style != ScalarStyle.Plain || !scalar.IsPlainImplicit) return YamlKind.Text;
        return scalar.Value switch
        {
            "" or "~" or "null" or "Null" or "NULL" => YamlKind.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlKind.Boolean,
            _ => NumberText().IsMatch(scalar.Value) ? YamlKind.Number : YamlKind.Text,
        };
    }

    [GeneratedRegex(@"\A(?:[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z")]
    private static partial Regex NumberText();
}
