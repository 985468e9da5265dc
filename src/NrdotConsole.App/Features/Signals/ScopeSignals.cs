using System.Runtime.InteropServices;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// The sums of the fleet or of one tenant. They are kept by taking off a host's old share and adding its new one; every
/// part is a whole number, so they equal what a sum from scratch would give.
/// </summary>
internal sealed class ScopeSignals(SignalScope scope)
{
    public SignalScope Scope { get; } = scope;
    public readonly List<HostSignals> Hosts = [];

    public CoverageTally Coverage;
    public ReductionTally Reduction;
    public UsageRate Rate;
    public int HostsWithRate, HostsAwaitingRate;

    /// <summary>After a start hosts complete their windows one by one: the sum means little before four of five have.</summary>
    public bool IsRateKnown => HostsWithRate > 0 && HostsAwaitingRate * 4 <= HostsWithRate;

    public readonly UsageRate[] ByClass = new UsageRate[UsageClasses.Count];
    public readonly Dictionary<int, MetricShare> Metrics = [];
    public int Active;
    public readonly int[] ByHealth = new int[4];

    public readonly ScopeAnomalies Anomalies = new();
    public CardinalityGrowth Growth = new();
    public readonly PerSecond NewSeries = new();
    public IReadOnlyList<AttributeCardinality> Attributes = [];
    public readonly Queue<FleetEvent> Events = [];
    public SteadyState LowCritical;

    /// <summary>Where the board shows it; null for sums that nobody is shown.</summary>
    public SignalPanels? Panels;

    /// <summary>Counts changes, so that what has not moved is not computed again.</summary>
    public long Version;
    public long PublishedVersion = -1;
    public long PublishedUnixMs;

    public void Replace(HostShare old, HostShare @new)
    {
        Count(old, -1);
        Count(@new, 1);
        Version++;
    }

    void Count(HostShare share, int sign)
    {
        if (sign > 0)
        {
            Coverage.Add(share.Coverage);
            Reduction += share.Reduction;
            Rate += share.Rate;
        }
        else
        {
            Coverage.Subtract(share.Coverage);
            Reduction -= share.Reduction;
            Rate -= share.Rate;
        }
        if (share.HasRate) HostsWithRate += sign;
        if (share.AwaitsRate) HostsAwaitingRate += sign;
        Active += sign * share.Active;
        if (share.Health is { } health) ByHealth[(int)health] += sign;
        for (var i = 0; i < share.ByClass.Length; i++) ByClass[i] = sign > 0 ? ByClass[i] + share.ByClass[i] : ByClass[i] - share.ByClass[i];
        foreach (var metric in share.Metrics)
        {
            ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(Metrics, metric.Metric, out _);
            sum = new(metric.Metric, sum.Active + (sign * metric.Active), sum.PointsPerHour + (sign * metric.PointsPerHour));
            if (sum is { Active: 0, PointsPerHour: 0 }) Metrics.Remove(metric.Metric);
        }
    }
}

/// <summary>How many of something within the last minute.</summary>
internal sealed class PerSecond
{
    readonly int[] _counts = new int[60];
    readonly long[] _seconds = new long[60];

    public void Add(long unixMs, int count = 1)
    {
        var second = unixMs / 1000;
        var slot = (int)(second % 60);
        if (_seconds[slot] != second) (_seconds[slot], _counts[slot]) = (second, 0);
        _counts[slot] += count;
    }

    public long LastMinute(long nowUnixMs)
    {
        var sum = 0L;
        for (var i = 0; i < 60; i++)
            if (nowUnixMs / 1000 - _seconds[i] < 60) sum += _counts[i];
        return sum;
    }
}
