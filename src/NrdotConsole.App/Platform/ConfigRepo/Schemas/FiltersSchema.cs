using System.Text.RegularExpressions;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>filters.yaml</c>: filters by name. A condition that matches drops the point; it does not keep it.</summary>
internal static partial class FiltersSchema
{
    const int MaxFilters = 200, MaxConditions = 100;

    public static FilterSet? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        var filters = map.Find("filters")?.Map()?.Named().Select(f => One(f.Name, f.Value, links)).OfType<MetricFilter>().ToList() ?? [];
        map.Close();
        if (filters.Count > MaxFilters) map.Error($"There are {filters.Count} filters.", $"at most {MaxFilters}");
        return new(filters);
    }

    static MetricFilter? One(string name, Field field, Links links)
    {
        if (!FilterName().IsMatch(name)) field.Error($"'{name}' is no name of a filter.", "letters, digits, '_', '-' and '.'");
        if (field.Map() is not { } map) return null;
        map.Find("description")?.Text();
        var tenant = map.Find("tenant");
        if (tenant?.Name() is { } t) links.Add(LinkKind.Tenant, t, tenant);
        var list = map.Require("conditions", "a list of OTTL conditions on data points; a match drops");
        var conditions = list?.ListOf(Condition) ?? [];
        if (conditions.Count > MaxConditions) list?.Error($"There are {conditions.Count} conditions.", $"at most {MaxConditions}");
        var filter = new MetricFilter(name, map.Require("enabled", "true or false")?.Switch() ?? false, conditions, tenant?.Name());
        map.Close();
        return filter;
    }

    static string? Condition(Field field)
    {
        if (field.Text() is not { } text) return null;
        if (text.Trim().Length == 0)
        {
            field.Error("The condition is empty.", "such as metric.name == \"process.threads\"");
            return null;
        }
        if (Unbalanced(text) is { } fault) field.Error($"The condition {fault}.", "check its quotes and brackets");
        if (text.Trim() is "true" or "1 == 1") field.Error("The condition matches every point: collectors would send nothing.", "name the metrics that are to be dropped");
        return text;
    }

    static string? Unbalanced(string text)
    {
        var open = new Stack<char>();
        var quote = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote)
            {
                if (c == '\\') i++;
                else if (c == '"') quote = false;
            }
            else if (c == '"') quote = true;
            else if (c is '(' or '[' or '{') open.Push(c);
            else if (c is ')' or ']' or '}' && (!open.TryPop(out var o) || (o, c) is not (('(', ')') or ('[', ']') or ('{', '}')))) return $"has a '{c}' that closes nothing";
        }
        return quote ? "has a quote that does not end" : open.TryPeek(out var left) ? $"has a '{left}' that is not closed" : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,100}$")]
    private static partial Regex FilterName();
}
