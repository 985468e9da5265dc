namespace NrdotConsole.Core.Telemetry;

/// <summary>How the points of a step, and the series of a group, become one value.</summary>
public enum Aggregation { Last, Avg, Sum, Min, Max, Count, Rate, P50, P95, P99 }

public enum LabelMatch { Equal, NotEqual, Regex, NotRegex }

/// <summary>One condition on a label; an absent label has the empty value.</summary>
public readonly record struct LabelFilter(string Key, LabelMatch Match, string Value);

/// <summary>
/// A window over the stored series of one metric.
/// Without <see cref="Step"/> each matching series is answered raw, its points at their own times.
/// With it, each group (by <see cref="GroupBy"/>; every series by itself when that is null; all in one when it is empty)
/// answers one value a step, at the step's start.
/// </summary>
public sealed record MetricQuery
{
    public required string Metric { get; init; }
    public IReadOnlyList<LabelFilter> Filters { get; init; } = [];
    public IReadOnlyList<string>? GroupBy { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
    public TimeSpan? Step { get; init; }
    public Aggregation Aggregation { get; init; } = Aggregation.Last;

    /// <summary>Most series answered; the rest are counted in <see cref="QueryResult.SeriesOmitted"/>.</summary>
    public int SeriesLimit { get; init; } = 1000;

    /// <summary>Tenants the asker may see; null for all.</summary>
    public IReadOnlyCollection<string>? Tenants { get; init; }
}

/// <summary>Value is NaN where the sender said so; <see cref="Recorded"/> is false for OTLP's no-recorded-value.</summary>
public readonly record struct QueryPoint(long UnixMs, double Value, bool Recorded = true);

public sealed record QuerySeries(Labels Labels, IReadOnlyList<QueryPoint> Points);

public sealed record QueryResult(string Metric, string Unit, MetricKind? Kind, IReadOnlyList<QuerySeries> Series, int SeriesOmitted, TimeSpan? Step)
{
    /// <summary>Why there is no answer: what was asked makes no sense, or is beyond a limit. Null for an answer.</summary>
    public string? Refusal { get; init; }
}
