using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.Core.Fleet;

/// <summary>Healthy: fresh data, nothing refused or dropped. Degraded: data flows, something is wrong. Stale: no data within three expected intervals. Unknown: not yet judged.</summary>
public enum HostHealth { Healthy, Degraded, Stale, Unknown }

/// <summary>
/// A collector's health from its self-telemetry over the last window; null where the collector does not report it.
/// Acceptance is accepted / (accepted + refused), 0..1; the queue's share is size / capacity in batches.
/// </summary>
public sealed record CollectorHealth(
    double? Acceptance, double? DroppedPerSecond, double? SendFailedPerSecond, double? QueueShare, double? MemoryRssBytes,
    double? CpuShare, TimeSpan? Uptime, string? Version, DateTimeOffset? At)
{
    /// <summary>What <see cref="Acceptance"/> is made of: ratios of several hosts are sums over sums.</summary>
    public double? AcceptedPerSecond { get; init; }
    public double? RefusedPerSecond { get; init; }
}

/// <summary>
/// One row of the fleet table. Ring and profile are what the host's self-telemetry says, empty where it says nothing.
/// Points a minute and dollars an hour are null until the host has been heard for long enough to have a rate.
/// </summary>
public sealed record HostRow(
    string Tenant, string HostKey, string Name, HostHealth Health, string HealthReason, string Ring, string Profile, string Os,
    DateTimeOffset LastSeen, int ActiveSeries, double? PointsPerMinute, decimal? UsdPerHour, double? Coverage, int OpenAnomalies,
    CollectorHealth? Collector)
{
    /// <summary>Critical processes known to run; 0 where the denominator of coverage is unknown.</summary>
    public int CriticalKnown { get; init; }

    /// <summary>Those of them whose metrics are fresh.</summary>
    public int CriticalFresh { get; init; }

    /// <summary>Those of them in the host's newest scrape: it tells a loss after one scrape, where coverage waits until data is stale.</summary>
    public int CriticalReporting { get; init; }

    /// <summary>Series with a point in the newest scrape, without the inventory's and the collector's own; and how many of them are processes'.</summary>
    public int SeriesInScrape { get; init; }
    public int ProcessSeriesInScrape { get; init; }

    /// <summary>Series first seen since the console started, counted like <see cref="SeriesInScrape"/>. Only differences mean something.</summary>
    public long SeriesMinted { get; init; }

    /// <summary>Process identities with fresh metrics.</summary>
    public int Processes { get; init; }

    /// <summary>Process series that come, of those that would come without a profile.</summary>
    public ReductionTally Reduction { get; init; }

    /// <summary>How often the host sends.</summary>
    public long IntervalMs { get; init; }
}

public sealed record FleetSummary(
    SignalScope Scope, DateTimeOffset At, int Hosts, IReadOnlyDictionary<HostHealth, int> ByHealth, IReadOnlyList<HostRow> Rows);
