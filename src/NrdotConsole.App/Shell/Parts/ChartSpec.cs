using System.Text.Json;
using System.Text.Json.Serialization;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Shell.Parts;

/// <summary>What a chart shows, as <c>charts.js</c> reads it.</summary>
/// <param name="Range">A <see cref="TimeRange.Text"/>.</param>
public sealed record ChartSpec(string Title, string Range, params IReadOnlyList<ChartQuery> Queries)
{
    // ApexCharts breaks on keys that are present and null.
    static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What the hub adds at the right edge.</summary>
    public IReadOnlyList<ChartLive>? Live { get; init; }

    /// <summary>line, area or bar.</summary>
    public string Kind { get; init; } = "area";

    /// <summary>A name that <c>format.js</c> knows: usd/h, percent, bytes/s, count, …; else the metric's own unit.</summary>
    public string? Format { get; init; }
    public bool Stacked { get; init; }

    /// <summary>Pixels.</summary>
    public int Height { get; init; } = 170;
    public double? Min { get; init; }
    public double? Max { get; init; }

    /// <summary>The first series' place in the palette; without it colours follow the series' names.</summary>
    public int? Colour { get; init; }

    /// <summary>Stands where there is no data.</summary>
    public string? Empty { get; init; }

    /// <summary>Seconds a point; the range decides where null.</summary>
    public int? Step { get; init; }

    /// <summary>Seconds a point at least, where the range decides.</summary>
    public int? LeastStep { get; init; }

    /// <summary>Values are the metric's unit a second.</summary>
    public bool? Rate { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, s_json);
}

/// <summary>A chart's history: a URL that takes <c>from</c>, <c>to</c> (Unix ms) and <c>step</c> and answers series of points, as <c>/api/v1/query</c> does.</summary>
public sealed record ChartQuery(string Url, string? Name = null, IReadOnlyList<string>? Group = null)
{
    /// <param name="group">Labels to keep apart; all series in one where empty.</param>
    /// <param name="filters"><c>key=value</c>, <c>key!=value</c>, <c>key=~regex</c> or <c>key!~regex</c>.</param>
    public static ChartQuery Metric(string metric, string aggregation, string? name, IReadOnlyList<string> group, params ReadOnlySpan<string> filters)
    {
        var url = $"api/v1/query?metric={Uri.EscapeDataString(metric)}&agg={aggregation}&group={Uri.EscapeDataString(string.Join(',', group))}";
        foreach (var filter in filters) url += "&filter=" + Uri.EscapeDataString(filter);
        return new(url, name, group);
    }

    /// <summary>The history of one of the console's own signals, kept once a minute for the fleet and each tenant. A host's has none.</summary>
    public static IReadOnlyList<ChartQuery> Signal(string signal, SignalScope scope, string name) => scope.Host is not null
        ? []
        : [Metric("nrdot." + signal, "avg", name, [], $"nrdot.tenant={ReservedTenant.Name}", $"tenant={scope.Tenant}")];
}

/// <summary>A value of a hub summary that a chart draws live: <c>Path</c> as in <c>usdPerHour</c> or <c>tiers.0.fresh</c>.</summary>
public sealed record ChartLive(string Panel, string Scope, string Path, string Name);
