using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace NrdotConsole.Core.Yaml;

/// <summary>
/// Block style, two spaces, LF, keys in the order of the tree: one tree has one text. A text is quoted whenever a YAML 1.1 or 1.2
/// reader could take it for anything else.
/// </summary>
public static partial class YamlWriter
{
    public static string Write(YamlNode root)
    {
        var text = new StringBuilder();
        if (root is YamlScalar or YamlMap { Entries.Count: 0 } or YamlList { Items.Count: 0 }) text.Append(Inline(root)).Append('\n');
        else Block(text, root, 0);
        return text.ToString();
    }

    static void Block(StringBuilder text, YamlNode node, int indent)
    {
        if (node is YamlMap map)
        {
            foreach (var entry in map.Entries) Entry(text.Append(' ', indent).Append(Quote(entry.Key)).Append(':'), entry.Value, indent);
        }
        else if (node is YamlList list)
        {
            foreach (var item in list.Items) Item(text, item, indent);
        }
    }

    static void Entry(StringBuilder text, YamlNode value, int indent)
    {
        if (IsInline(value))
        {
            text.Append(' ').Append(Inline(value)).Append('\n');
            return;
        }
        text.Append('\n');
        Block(text, value, indent + 2);
    }

    static void Item(StringBuilder text, YamlNode item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (IsInline(item))
        {
            text.Append(' ').Append(Inline(item)).Append('\n');
            return;
        }
        // The first line of a nested block stands behind the dash.
        var from = text.Length;
        Block(text, item, indent + 2);
        text.Remove(from, indent + 1);
    }

    static bool IsInline(YamlNode node) => node is YamlScalar or YamlMap { Entries.Count: 0 } or YamlList { Items.Count: 0 };

    static string Inline(YamlNode node) => node switch
    {
        YamlMap => "{}",
        YamlList => "[]",
        YamlScalar { Kind: YamlKind.Null } => "null",
        YamlScalar { Kind: YamlKind.Text } scalar => Quote(scalar.Text),
        YamlScalar scalar => scalar.Text,
        _ => throw new NotSupportedException(node.GetType().Name),
    };

    static string Quote(string text)
    {
        if (Plain().IsMatch(text) && !Special().IsMatch(text)) return text;
        return text.All(IsPrintable) ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : DoubleQuote(text);
    }

    // What lies beyond is escaped: line breaks of any kind, controls, halves of surrogate pairs, the byte order mark.
    static bool IsPrintable(char c) => c is >= ' ' and <= '~' or >= '\u00a1' and < '\u2000' or >= '\u3040' and < '\ud800';

    static string DoubleQuote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c == '\n') quoted.Append("\\n");
            else if (IsPrintable(c)) quoted.Append(c);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }
        return quoted.Append('"').ToString();
    }

    // Letters, digits and what stands in names, paths, addresses and references; no ": " and no " #".
    [GeneratedRegex(@"\A(?:[A-Za-z_/$(]|\d+(?:ms|[smh])\z)(?:[A-Za-z0-9_./$%(){}+=@-]|:(?=[^\s])|[ ](?=[^\s#]))*\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A(?:y|yes|n|no|true|false|on|off|null|~)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Special();
}
