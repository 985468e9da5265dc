using Microsoft.AspNetCore.WebUtilities;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Shell;
using NrdotConsole.App.Shell.Parts;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry;

/// <summary>What the explorer shows, as its URL holds it: <c>?metric=&amp;filter=key=value&amp;group=a,b&amp;agg=&amp;step=&amp;chart=</c>.</summary>
public sealed record ExploreQuery(string Metric, IReadOnlyList<string> Filters, IReadOnlyList<string> Group, string Aggregation, int? StepSeconds, string Kind)
{
    public const int MostFilters = 12, MostGroups = 4;

    public static readonly IReadOnlyList<string> Aggregations = [.. Enum.GetNames<Aggregation>().Select(a => a.ToLowerInvariant())];
    public static readonly IReadOnlyList<string> Kinds = ["line", "area", "stacked", "bar"];
    public static readonly IReadOnlyList<(string Label, int? Seconds)> Steps =
        [("automatic", null), ("10 s", 10), ("30 s", 30), ("1 min", 60), ("5 min", 300), ("15 min", 900), ("1 h", 3600), ("6 h", 21600), ("1 d", 86400)];

    /// <summary>Hosts report at their own moments, mostly once a minute: a finer automatic step would show who reported when.</summary>
    const int LeastAutomaticStep = 60;

    public static ExploreQuery Parse(string uri)
    {
        var at = uri.IndexOf('?', StringComparison.Ordinal);
        var query = QueryHelpers.ParseQuery(at < 0 ? "" : uri[at..]);
        var aggregation = One("agg")?.ToLowerInvariant();
        var kind = One("chart");
        return new(One("metric") ?? "",
            [.. Values("filter").Take(MostFilters)],
            [.. Values("group").SelectMany(g => g.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Distinct().Take(MostGroups)],
            aggregation is not null && Aggregations.Contains(aggregation) ? aggregation : "avg",
            int.TryParse(One("step"), out var step) && Steps.Any(s => s.Seconds == step) ? step : null,
            kind is not null && Kinds.Contains(kind) ? kind : "line");

        string? One(string key) => Values(key).FirstOrDefault();
        IEnumerable<string> Values(string key) => query.TryGetValue(key, out var values) ? values.Where(v => !string.IsNullOrEmpty(v)).Select(v => v!) : [];
    }

    /// <summary>How figures of well-known metrics are written where their senders leave the unit out; null where the unit tells.</summary>
    string? KnownFormat(string unit)
    {
        if (Aggregation == "count") return "count";
        if (Metric.EndsWith(".utilization", StringComparison.Ordinal)) return unit is "" or "1" ? "percent" : null;
        if (unit.Length > 0) return null;
        var isBytes = Metric.EndsWith(".memory.usage", StringComparison.Ordinal) || Metric.EndsWith(".memory.virtual", StringComparison.Ordinal)
            || Metric.EndsWith(".filesystem.usage", StringComparison.Ordinal) || Metric.EndsWith(".io", StringComparison.Ordinal);
        return !isBytes ? null : Aggregation == "rate" ? "bytes/s" : "bytes";
    }

    public string Href(ViewState view) => view.Href("/explore",
    [
        ("metric", Metric), .. Filters.Select(f => ("filter", (string?)f)), ("group", Group.Count == 0 ? null : string.Join(',', Group)),
        ("agg", Aggregation == "avg" ? null : Aggregation), ("step", StepSeconds?.ToString()), ("chart", Kind == "line" ? null : Kind),
    ]);

    /// <summary>The filters of the query and of the view's scope.</summary>
    /// <param name="hostFilter">Selects the view's host; null where it shows all.</param>
    /// <param name="unit">The metric's unit as sent; empty where none was, as stock NRDOT does.</param>
    public ChartSpec Chart(ViewState view, string? hostFilter, string unit = "")
    {
        List<string> filters = [.. Filters];
        if (view.Tenant is { } tenant) filters.Add(SeriesLabels.TenantFilter(tenant));
        if (hostFilter is not null) filters.Add(hostFilter);
        return new($"{Aggregation} of {Metric}{(Group.Count > 0 ? " by " + string.Join(", ", Group) : "")}", view.Range.Text,
            ChartQuery.Metric(Metric, Aggregation, null, Group, [.. filters]))
        {
            Kind = Kind == "stacked" ? "area" : Kind, Stacked = Kind == "stacked", Height = 360, Step = StepSeconds, LeastStep = LeastAutomaticStep,
            Format = KnownFormat(unit), Rate = Aggregation == "rate" ? true : null, Empty = "No points fit in this range. Widen the range or take a filter away.",
        };
    }
}
