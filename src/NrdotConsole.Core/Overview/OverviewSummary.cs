namespace NrdotConsole.Core.Overview;

public enum EventSeverity { Info, Warning, Critical }

/// <summary>Something that happened and that an operator would want to see; kept in the control-plane database.</summary>
public sealed record FleetEvent(long Id, DateTimeOffset At, EventSeverity Severity, string Kind, string Tenant, string Host, string Text);

/// <summary>The KPI strip and the latest events of a scope. A null figure is unknown, and shown so.</summary>
public sealed record OverviewSummary(
    SignalScope Scope, DateTimeOffset At, int Hosts, int HostsFresh, double? CoverageScore, double? CoverageCritical,
    decimal? UsdPerHour, decimal? UsdMonthProjected, int ActiveSeries, long DailyCardinality, int OpenAnomalies,
    double PointsPerSecond, double? Reduction, IReadOnlyList<FleetEvent> Events);
