using NrdotConsole.Core.Overview;

namespace NrdotConsole.Core.Cost;

/// <summary>Dollars an hour of one slice (a tenant, host, metric or process class) over the last complete window.</summary>
public sealed record CostSlice(string Key, string Label, decimal UsdPerHour, double BytesPerSecond, double PointsPerSecond)
{
    /// <summary>0..1 of the scope's total; 0 where the total is 0.</summary>
    public double Share { get; init; }

    /// <summary>Whose host it is: a host's key is one only within its tenant. Null for slices that are no host.</summary>
    public string? Tenant { get; init; }
}

/// <summary>
/// Cost of a scope from measured uncompressed OTLP bytes: bytes / 1e9 x dollars a GB, by the price list in force.
/// Rates are over <see cref="Window"/>; <see cref="UsdPerHour"/> is null until one window is complete.
/// Projections integrate what was measured since midnight / the month's start (UTC) and continue at the present rate.
/// </summary>
public sealed record CostSummary(
    SignalScope Scope, DateTimeOffset At, TimeSpan Window, decimal? UsdPerHour, double BytesPerSecond, double PointsPerSecond,
    double? BytesPerPoint, decimal UsdPerGigabyte, decimal FreeGigabytesPerMonth,
    decimal UsdToday, decimal? UsdTodayProjected, decimal UsdMonth, decimal? UsdMonthProjected,
    IReadOnlyList<CostSlice> ByTenant, IReadOnlyList<CostSlice> ByHost, IReadOnlyList<CostSlice> ByMetric, IReadOnlyList<CostSlice> ByProcessClass);
