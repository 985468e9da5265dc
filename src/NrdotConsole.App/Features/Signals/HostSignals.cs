using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

/// <summary>A resource of a host, as last visited.</summary>
internal sealed class ResourceSignals(TelemetryResource resource)
{
    public TelemetryResource Resource { get; } = resource;
    public string Executable { get; init; } = "";
    public string Owner { get; init; } = "";
    public bool IsInventory { get; init; }
    public ulong Hash { get; init; }

    public ProcessSignals? Process;
    public int UsageClass;
    public long SeenBytes, SeenPoints;
    public long NewestProcessUnixMs;
    public int ProcessSeries;
    public int Visit;
}

/// <summary>Active series of one metric on one host, and the points an hour they bring.</summary>
internal readonly record struct MetricShare(int Metric, int Active, long PointsPerHour);

/// <summary>What one host adds to its tenant and the fleet: added, and taken off again, as a whole.</summary>
internal sealed class HostShare
{
    public static readonly HostShare None = new();

    public CoverageTally Coverage;
    public ReductionTally Reduction;
    public UsageRate Rate;
    public bool HasRate;

    /// <summary>It has sent, and its first window is not complete.</summary>
    public bool AwaitsRate;
    public UsageRate[] ByClass = [];
    public MetricShare[] Metrics = [];
    public int Active;
    public HostHealth? Health;
}

/// <summary>All that the signals remember of one host between visits. Times are Unix milliseconds, 0 for never.</summary>
internal sealed class HostSignals(TelemetryHost host, ScopeSignals? tenant)
{
    /// <summary>The store's host; another object of the same key once the store has forgotten and met it again.</summary>
    public TelemetryHost Host = host;

    /// <summary>Null beyond the limit of tenants.</summary>
    public ScopeSignals? Tenant { get; set; } = tenant;

    public SignalScope Scope { get; } = new(host.Tenant, host.Key);

    public readonly Dictionary<(string Executable, string Owner), ProcessSignals> Processes = [];
    public readonly Dictionary<int, ResourceSignals> Resources = [];

    public Cadence MetricCadence, ProcessCadence, InventoryCadence;
    public long MetricPointUnixMs, ProcessPointUnixMs, InventoryPointUnixMs;
    public long LastProcessMetricUnixMs, InventoryUnixMs;

    public UsageWindow Usage;
    public long SeenBytes, SeenPoints, PointAgeMs, WatchedSinceUnixMs;
    public readonly UsageRate[] ClassTotals = new UsageRate[UsageClasses.Count];
    public UsageRate[]? ClassTotalsBefore, ClassTotalsEarlier;
    public long ClassesTurnedUnixMs;
    public long DayBytes, DayPoints, MonthBytes, MonthPoints;
    public DateOnly UsageDay;

    public double LogicalCpus;
    public CollectorHealth? Collector;
    public MissingProcess[] Missing = [];
    public ReductionTally Reduction;
    public int OpenAnomalies, Watched, Learning;

    /// <summary>As in <see cref="HostRow.SeriesMinted"/>.</summary>
    public long MintedSeries;

    /// <summary>Critical processes in the newest scrape.</summary>
    public int CriticalReporting;

    public HostShare Share = HostShare.None;
    public HostRow? Row;
    public HostCoverage? Coverage;

    public SteadyState StaleState;

    /// <summary>While what was kept of it is joined with what the log holds.</summary>
    public bool IsResuming;

    /// <summary>Identities of the series that were there before the last restart, in order: none of them is new. Null once that is long ago.</summary>
    public ulong[]? KnownSeries;

    /// <summary>The console's last start, where what was known before it was kept: silence before it was the console's own.</summary>
    public long ResumedUnixMs;

    /// <summary>When to look again though nothing came; and when to feed the detectors with a scrape that may still be arriving.</summary>
    public long DueUnixMs;
    public long SettleUnixMs;

    public long MetricIntervalMs => MetricCadence.IntervalMs(CoverageRule.DefaultMetricIntervalMs);
    public long ProcessIntervalMs => ProcessCadence.IntervalMs(MetricIntervalMs);
    public long InventoryIntervalMs => InventoryCadence.IntervalMs(CoverageRule.DefaultInventoryIntervalMs);

    /// <summary>Joins what was kept a while ago with the store's counters, which have begun anew, and with the time that has passed.</summary>
    public void Resume(DateTimeOffset keptAt, DateTimeOffset now)
    {
        var nowUnixMs = now.ToUnixTimeMilliseconds();
        (IsResuming, ResumedUnixMs) = (true, nowUnixMs);
        if ((now - keptAt).TotalMilliseconds > UsageWindow.LongestMs) Usage = default;
        else Usage.Rebase(Math.Min(Host.LastReceivedUnixMs, nowUnixMs), Host.Bytes, Host.Points);
        // One whose processes have little time left to be heard in time gets as much as any that the console begins to watch. (After a kill
        // they are known as of the snapshot, where their points were sealed since.)
        if (nowUnixMs - LastProcessMetricUnixMs > CoverageRule.FreshWindowMs(ProcessIntervalMs) / 2) WatchedSinceUnixMs = 0;
    }

    public HostSighting Sighting(bool hasDeclared) => new(LastProcessMetricUnixMs, ProcessIntervalMs, InventoryUnixMs, InventoryIntervalMs, hasDeclared, WatchedSinceUnixMs, Host.SeriesRefusedUnixMs);
}
