namespace NrdotConsole.App.Shell.Parts;

/// <summary>A chart's history: a URL that takes <c>from</c>, <c>to</c> (Unix ms) and <c>step</c> and answers series of points.</summary>
public sealed record ChartQuery(string Url, string? Name = null, IReadOnlyList<string>? Group = null)
{
    /// <summary>A stored metric. Filters are <c>key=value</c>, <c>key!=value</c>, <c>key=~regex</c> or <c>key!~regex</c>.</summary>
    public static ChartQuery Metric(string metric, string aggregation, string? name = null, IReadOnlyList<string>? group = null, params ReadOnlySpan<string> filters)
    {
        var url = $"ui/series?metric={Uri.EscapeDataString(metric)}&agg={aggregation}";
        foreach (var filter in filters) url += "&filter=" + Uri.EscapeDataString(filter);
        foreach (var key in group ?? []) url += "&group=" + Uri.EscapeDataString(key);
        return new(url, name, group);
    }
}

/// <summary>A value of a hub summary that a chart draws live: <c>Path</c> as in <c>usdPerHour</c> or <c>tiers.0.coverage.fresh</c>.</summary>
public sealed record ChartLive(string Panel, string Scope, string Path, string Name);
