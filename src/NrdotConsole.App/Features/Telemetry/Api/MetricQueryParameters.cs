using NrdotConsole.App.Platform.Api;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Api;

/// <summary>Reads a <see cref="MetricQuery"/> from <c>metric, filter, group, from, to, step, agg, limit</c>; every fault is listed.</summary>
internal static class MetricQueryParameters
{
    const int MaxSeries = 10_000;
    const int MaxSteps = 11_000;
    const int AutomaticSteps = 240;

    static readonly TimeSpan[] NiceSteps =
    [
        .. new[] { 1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800 }.Select(s => TimeSpan.FromSeconds(s)),
    ];

    public static MetricQuery? Parse(IQueryCollection query, DateTimeOffset now, List<Fault> faults)
    {
        var metric = query["metric"].ToString();
        if (metric.Length == 0) faults.Add(new("metric", "", "the name of a metric; /api/v1/metrics lists them"));

        var to = QueryFields.Time(query, "to", now, faults) ?? now;
        var from = QueryFields.Time(query, "from", now, faults) ?? to - TimeSpan.FromHours(1);
        if (from >= to) faults.Add(new("from", query["from"].ToString(), "a time before 'to'"));

        var aggregation = QueryFields.Choice<Aggregation>(query, "agg", faults) ?? Aggregation.Last;
        var group = query.ContainsKey("group")
            ? query["group"].SelectMany(g => (g ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList()
            : null;
        var step = ParseStep(query["step"].ToString(), from, to, raw: group is null && aggregation == Aggregation.Last, faults);
        var limit = ParseLimit(query["limit"].ToString(), faults);

        var filters = ParseFilters(query, faults);

        return faults.Count > 0 ? null : new MetricQuery
        {
            Metric = metric, Filters = filters, GroupBy = group, From = from, To = to, Step = step, Aggregation = aggregation, SeriesLimit = limit,
        };
    }

    public static List<LabelFilter> ParseFilters(IQueryCollection query, List<Fault> faults)
    {
        var filters = new List<LabelFilter>();
        foreach (var text in query["filter"])
            if (ParseFilter(text ?? "", faults) is { } filter) filters.Add(filter);
        return filters;
    }

    /// <summary>The shortest round step that answers at most 240 values.</summary>
    public static TimeSpan AutomaticStep(TimeSpan range)
    {
        foreach (var step in NiceSteps)
            if (range / step <= AutomaticSteps) return step;
        return TimeSpan.FromDays(Math.Ceiling(range.TotalDays / AutomaticSteps));
    }

    static TimeSpan? ParseStep(string text, DateTimeOffset from, DateTimeOffset to, bool raw, List<Fault> faults)
    {
        if (text.Length == 0) return raw || from >= to ? null : AutomaticStep(to - from);
        if (!Duration.TryParse(text, out var step)) faults.Add(new("step", text, Duration.Allowed));
        else if ((to - from) / step > MaxSteps) faults.Add(new("step", text, $"long enough for at most {MaxSteps} steps between from and to"));
        return step;
    }

    static int ParseLimit(string text, List<Fault> faults)
    {
        if (text.Length == 0) return 1000;
        if (int.TryParse(text, out var limit) && limit is > 0 and <= MaxSeries) return limit;
        faults.Add(new("limit", text, $"a number of series from 1 to {MaxSeries}"));
        return 1000;
    }

    static LabelFilter? ParseFilter(string text, List<Fault> faults)
    {
        var at = text.AsSpan().IndexOfAny('=', '!');
        if (at > 0)
        {
            var key = text[..at];
            var rest = text.AsSpan(at);
            if (rest.StartsWith("!=")) return new(key, LabelMatch.NotEqual, text[(at + 2)..]);
            if (rest.StartsWith("=~") || rest.StartsWith("!~"))
            {
                var match = rest[0] == '=' ? LabelMatch.Regex : LabelMatch.NotRegex;
                if (IsRegex(text[(at + 2)..])) return new(key, match, text[(at + 2)..]);
                faults.Add(new("filter", text, "a regular expression of .NET's non-backtracking syntax after =~ or !~"));
                return null;
            }
            if (rest[0] == '=') return new(key, LabelMatch.Equal, text[(at + 1)..]);
        }
        faults.Add(new("filter", text, "key=value, key!=value, key=~regex or key!~regex"));
        return null;
    }

    static bool IsRegex(string pattern)
    {
        try
        {
            _ = new System.Text.RegularExpressions.Regex(pattern, System.Text.RegularExpressions.RegexOptions.NonBacktracking);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
