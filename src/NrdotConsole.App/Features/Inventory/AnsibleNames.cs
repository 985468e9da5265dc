using System.Buffers;
using System.Globalization;
using System.Text;
using NrdotConsole.Core.Cardinality;

namespace NrdotConsole.App.Features.Inventory;

/// <summary>
/// Names that Ansible takes. Inventory values come from telemetry, and Ansible reads variables as templates and hands addresses to ssh: what
/// could be read as a template, an option or a pattern is no name.
/// </summary>
internal static class AnsibleNames
{
    public const int MaxLength = 253;

    static readonly SearchValues<char> s_plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:/@+ ");
    static readonly SearchValues<char> s_host = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>A host's name or address: letters, digits, dots, dashes and underscores; it begins with a letter or digit.</summary>
    public static bool IsHost(string text) => text.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(s_host);

    /// <summary>Text without anything that a template, a shell or YAML would read.</summary>
    public static bool IsPlain(string text) => text.Length <= MaxLength && !text.AsSpan().ContainsAnyExcept(s_plain);

    /// <summary>
    /// Valid group names for texts, each its own: <c>prefix_text</c> with letters, digits and underscores. Two texts that would share a
    /// name get a suffix of their own, so that no group reaches hosts of another.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Groups(string prefix, IEnumerable<string> texts)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var same in texts.Distinct(StringComparer.Ordinal).GroupBy(t => Group(prefix, t)))
        {
            var all = same.ToList();
            foreach (var text in all) names[text] = all.Count == 1 || Group(prefix, text) == $"{prefix}_{text}" ? same.Key : Distinct(same.Key, text);
        }
        return names;
    }

    static string Distinct(string name, string text) => string.Create(CultureInfo.InvariantCulture, $"{name}_{Hash64.Of(text):x16}");

    static string Group(string prefix, string text)
    {
        var name = new StringBuilder(prefix).Append('_');
        foreach (var c in text) name.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        return name.ToString();
    }
}
