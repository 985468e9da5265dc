using System.Text.RegularExpressions;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>The conditions of a query, compiled. A regular expression matches the whole value and runs in linear time.</summary>
internal sealed class LabelSelector
{
    readonly List<(string Key, Func<string, bool> Holds)> _conditions = [];

    LabelSelector() { }

    /// <summary>Null and a reason when a filter makes no sense.</summary>
    public static LabelSelector? TryCreate(IReadOnlyList<LabelFilter> filters, out string? fault)
    {
        fault = null;
        var selector = new LabelSelector();
        foreach (var filter in filters)
        {
            var value = filter.Value;
            if (filter.Match is LabelMatch.Equal) selector._conditions.Add((filter.Key, v => v == value));
            else if (filter.Match is LabelMatch.NotEqual) selector._conditions.Add((filter.Key, v => v != value));
            else if (Compile(value, out fault) is { } regex) selector._conditions.Add((filter.Key, filter.Match == LabelMatch.Regex ? regex.IsMatch : v => !regex.IsMatch(v)));
            else fault = $"filter {filter.Key}: {fault}";
            if (fault is not null) return null;
        }
        return selector;
    }

    static Regex? Compile(string pattern, out string? fault)
    {
        fault = null;
        try
        {
            return new("^(?:" + pattern + ")$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            fault = $"'{pattern}' is not a regular expression that runs in linear time: {e.Message}";
            return null;
        }
    }

    public bool Matches(Labels labels)
    {
        foreach (var (key, holds) in _conditions)
            if (!holds(labels.Get(key))) return false;
        return true;
    }
}
