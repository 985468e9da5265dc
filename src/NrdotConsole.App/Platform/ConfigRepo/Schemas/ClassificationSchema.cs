using System.Text.RegularExpressions;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Text;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>classification.yaml</c>: classes in the order they are tried, each with its importance and patterns of executables' names.</summary>
internal static partial class ClassificationSchema
{
    const int MaxPatterns = 1_000, MaxDeclared = 200, MaxPatternLength = 500;

    public static ProcessClassification? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        var lines = new List<ClassificationLine>();
        var importance = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in map.Require("classes", "list the classes, the first to be tried first")?.List() ?? [])
        {
            if (item.Map() is not { } entry) continue;
            var name = entry.Require("name", "a word such as database");
            var tenths = Tenths(entry.Require("importance", "0 to 1 in steps of 0.1"));
            var patterns = entry.Require("patterns", "a list of regular expressions")?.ListOf(Pattern) ?? [];
            entry.Close();
            if (name?.Name() is not { } word || tenths is not { } t) continue;
            if (word is "other" or "default") name.Error($"'{word}' is what matches no class.", "choose another name");
            if (importance.TryGetValue(word, out var known) && known != t) name.Error($"'{word}' stands above with importance {known / 10.0}.", "a class has one importance");
            importance[word] = t;
            lines.AddRange(patterns.Select(p => new ClassificationLine(word, t, p)));
        }
        var declared = map.Find("declared")?.ListOf(d => d.Name()) ?? [];
        map.Close();
        if (declared.Count > MaxDeclared) map.Error($"There are {declared.Count} declared processes.", $"at most {MaxDeclared}");
        if (lines.Count > MaxPatterns) map.Error($"There are {lines.Count} patterns.", $"at most {MaxPatterns}");
        return root.Faults.HasErrors ? null : new(lines) { Declared = declared };
    }

    static int? Tenths(Field? field)
    {
        if (field?.Number(0, 1) is not { } importance) return null;
        if (importance * 10 == decimal.Truncate(importance * 10)) return (int)(importance * 10);
        field.Error($"{importance} is finer than a tenth.", "write 0, 0.1, 0.2 … 1");
        return null;
    }

    /// <summary>A pattern that both we and the collector (RE2) read: linear in time, no look-around, no back references.</summary>
    static string? Pattern(Field field)
    {
        if (field.Text(MaxPatternLength) is not { } pattern) return null;
        try
        {
            _ = LinearRegex.Of(pattern);
        }
        catch (RegexParseException fault)
        {
            field.Error($"'{pattern}' is not a regular expression: {Reason(fault)}, at character {fault.Offset}.", "mend it there, or put a backslash before a character that is meant as it is");
            return null;
        }
        catch (Exception fault) when (fault is NotSupportedException or ArgumentException)
        {
            field.Error($"'{pattern}' uses what collectors cannot match.", "leave out look-around, back references and atomic groups");
            return null;
        }
        if (Foreign().Match(pattern) is { Success: true } foreign)
        {
            field.Error($"'{foreign.Value}' is not known to collectors (RE2).", "write it with plain classes such as [a-z0-9]");
            return null;
        }
        if (pattern.Length == 0) field.Warning("The pattern is empty: it matches every process.", "leave it out if that is not meant");
        else if (pattern.Any(char.IsAsciiLetterUpper) && !pattern.Contains('\\')) field.Warning("Names are compared in lower case: capitals never match.", "write it in lower case");
        return pattern;
    }

    static string Reason(RegexParseException fault) => fault.Error switch
    {
        RegexParseError.InsufficientClosingParentheses => "a ')' is missing",
        RegexParseError.InsufficientOpeningParentheses => "a '(' is missing",
        RegexParseError.UnterminatedBracket => "a ']' is missing",
        RegexParseError.QuantifierAfterNothing => "a quantifier follows nothing",
        RegexParseError.NestedQuantifiersNotParenthesized => "two quantifiers follow each other",
        RegexParseError.ReversedCharacterRange => "a range of characters runs backwards",
        RegexParseError.ReversedQuantifierRange => "a quantifier's range runs backwards",
        RegexParseError.UnescapedEndingBackslash => "it ends in a backslash",
        RegexParseError.UnrecognizedEscape => "an escape is not known",
        _ => $"{fault.Error}",
    };

    // Accepted by .NET, refused by RE2: class subtraction, \Z, \u and \c escapes, named blocks, counts over 1000.
    [GeneratedRegex(@"-\[|\\[ZGuce]|\\[pP]\{Is|\{\d{5,}|\{[1-9]\d{3}|,\d{4,}\}")]
    private static partial Regex Foreign();
}
