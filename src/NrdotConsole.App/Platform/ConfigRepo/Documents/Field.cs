using System.Globalization;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Platform.ConfigRepo.Documents;

/// <summary>
/// A value of a file and its path, read as what its schema says it is. What does not fit is reported with its place and mend, and read as
/// null: one run finds all faults.
/// </summary>
internal sealed class Field(ConfigNode node, string path, FaultList faults)
{
    public const int MaxTextLength = 2_000, MaxNameLength = 100, MaxItems = 5_000;

    public ConfigNode Node => node;
    public string Path => path;
    public FaultList Faults => faults;

    public void Error(string message, string mend) => faults.Error(node.Line, node.Column, path, message, mend);

    public void Warning(string message, string mend) => faults.Warning(node.Line, node.Column, path, message, mend);

    public bool IsNull => node.IsNull;

    public string? Text(int maxLength = MaxTextLength)
    {
        if (!IsScalar("text")) return null;
        if (node.Text.Length <= maxLength) return node.Text;
        return Refuse<string>($"The text has {node.Text.Length} characters.", $"at most {maxLength}");
    }

    /// <summary>A name: some text, without line breaks.</summary>
    public string? Name()
    {
        if (Text(MaxNameLength) is not { } text) return null;
        if (text.Trim().Length == text.Length && text.Length > 0 && !text.Any(char.IsControl)) return text;
        return Refuse<string>("The name is empty, or has blanks at its ends or line breaks.", "write a plain word");
    }

    public bool? Switch()
    {
        if (!IsScalar("true or false")) return null;
        if (node.Kind == YamlKind.Boolean) return node.Text is ['t' or 'T', ..];
        Error($"'{node.Text}' is neither true nor false.", node.Text.ToLowerInvariant() is "yes" or "on" or "y" ? "write true" : node.Text.ToLowerInvariant() is "no" or "off" or "n" ? "write false" : "write true or false, without quotes");
        return null;
    }

    public int? Whole(int min, int max)
    {
        if (!IsScalar("a whole number")) return null;
        if (int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        Error($"'{node.Text}' is not a whole number from {min} to {max}.", $"write a whole number from {min} to {max}");
        return null;
    }

    public decimal? Number(decimal min, decimal max)
    {
        if (!IsScalar("a number")) return null;
        if (decimal.TryParse(node.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        Error($"'{node.Text}' is not a number from {min} to {max}.", string.Create(CultureInfo.InvariantCulture, $"write a number from {min} to {max}"));
        return null;
    }

    public TimeSpan? Duration(TimeSpan min, TimeSpan max)
    {
        if (!IsScalar("a duration")) return null;
        if (Api.Duration.TryParse(node.Text, out var value) && value >= min && value <= max) return value;
        Error($"'{node.Text}' is not a duration from {Api.Duration.Format(min)} to {Api.Duration.Format(max)}.", "write it as 30s, 5m, 1h or 7d");
        return null;
    }

    public DateTimeOffset? Time()
    {
        if (!IsScalar("a time")) return null;
        if (DateTimeOffset.TryParseExact(node.Text, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var value)) return value.ToUniversalTime();
        Error($"'{node.Text}' is not a time.", "write it as 2026-12-24T00:00:00Z");
        return null;
    }

    /// <summary>One of the words given, in lower case.</summary>
    public string? Choice(params string[] words)
    {
        if (!IsScalar("a word")) return null;
        if (words.Contains(node.Text)) return node.Text;
        Error($"'{node.Text}' is not known here.", DidYouMean.Of(node.Text, words) is { } near ? $"did you mean '{near}'? Known: {string.Join(", ", words)}" : $"one of {string.Join(", ", words)}");
        return null;
    }

    public T? Choice<T>() where T : struct, Enum =>
        Choice([.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())]) is { } word ? Enum.Parse<T>(word, ignoreCase: true) : null;

    /// <summary>The items of a list; empty where it is none, which is reported.</summary>
    public IReadOnlyList<Field> List()
    {
        if (node.Shape != NodeShape.List) return Refuse<IReadOnlyList<Field>>($"A list is expected, not {Describe(node)}.", "write the items below, each after '- ', or in brackets: [a, b]") ?? [];
        if (node.Items.Count > MaxItems) return Refuse<IReadOnlyList<Field>>($"The list has {node.Items.Count} items.", $"at most {MaxItems}") ?? [];
        return [.. node.Items.Select((n, i) => new Field(n, $"{path}[{i}]", faults))];
    }

    /// <summary>The list read item by item; what does not fit is left out.</summary>
    public IReadOnlyList<T> ListOf<T>(Func<Field, T?> read) where T : struct => [.. List().Select(read).OfType<T>()];

    public IReadOnlyList<T> ListOf<T>(Func<Field, T?> read) where T : class => [.. List().Select(read).OfType<T>()];

    /// <summary>Null where it is no map, which is reported.</summary>
    public FieldMap? Map()
    {
        if (node.Shape == NodeShape.Map) return new(node, path, faults);
        return Refuse<FieldMap>($"A map is expected, not {Describe(node)}.", "write its fields below as 'name: value', indented by two spaces");
    }

    bool IsScalar(string expected)
    {
        if (node.Shape == NodeShape.Scalar && node.Kind != YamlKind.Null) return true;
        Error($"{char.ToUpperInvariant(expected[0])}{expected[1..]} is expected, not {Describe(node)}.", "write the value behind the colon");
        return false;
    }

    T? Refuse<T>(string message, string mend) where T : class
    {
        Error(message, mend);
        return null;
    }

    static string Describe(ConfigNode node) => node switch
    {
        { Shape: NodeShape.List } => "a list",
        { Shape: NodeShape.Map } => "a map",
        { IsNull: true } => "nothing",
        _ => $"'{(node.Text.Length > 60 ? node.Text[..60] + "…" : node.Text)}'",
    };
}
