using NrdotConsole.Core.Overview;

namespace NrdotConsole.Core.Cardinality;

/// <summary>Distinct identities of one metric or attribute. <see cref="Daily"/> is estimated above the exact limit; <see cref="DailyError"/> is its relative standard error, 0 where exact.</summary>
public sealed record MetricCardinality(string Metric, int Active, long Daily, double DailyError, long DailyLimit)
{
    public double DailyLimitShare => DailyLimit > 0 ? (double)Daily / DailyLimit : 0;
}

/// <summary>How many distinct values an attribute takes across active series, and how many series carry it.</summary>
public sealed record AttributeCardinality(string Attribute, long DistinctValues, double Error, long Series, IReadOnlyList<AttributeValue> TopValues);

public sealed record AttributeValue(string Value, long Series);

/// <summary>
/// Both cardinalities of a scope: series active within 5 minutes, and distinct identities since UTC midnight
/// (New Relic's limits: 100,000 a metric, 15,000,000 an account). Growth is active series now against one hour ago, null while unknown.
/// </summary>
public sealed record CardinalitySummary(
    SignalScope Scope, DateTimeOffset At, int Active, long Daily, double DailyError, long DailyLimit,
    double? GrowthPerHour, long NewSeriesLastMinute,
    IReadOnlyList<MetricCardinality> TopMetrics, IReadOnlyList<AttributeCardinality> TopAttributes, IReadOnlyList<HostCardinality> TopHosts);

public sealed record HostCardinality(string Tenant, string HostKey, string HostName, int Active);
