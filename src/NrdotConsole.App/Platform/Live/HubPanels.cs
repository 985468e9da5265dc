using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Rollouts;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Platform.Live;

/// <summary>What the hub sends of each panel: the figures whole, the lists cut to <see cref="ListLimit"/>. <c>docs/hub.md</c> shows the shapes.</summary>
internal static class HubPanels
{
    public const int ListLimit = 20;

    public static readonly IReadOnlyList<HubPanel> All =
    [
        new HubPanel<OverviewSummary>("overview", Permissions.TelemetryRead, (board, scope) => board.Overview(scope), Overview),
        new HubPanel<OverviewSummary>("overview-with-cost", Permissions.CostRead, (board, scope) => board.Overview(scope), OverviewWithCost),
        new HubPanel<CoverageSummary>("coverage", Permissions.TelemetryRead, (board, scope) => board.Coverage(scope), Coverage),
        new HubPanel<CostSummary>("cost", Permissions.CostRead, (board, scope) => board.Cost(scope), Cost),
        new HubPanel<CardinalitySummary>("cardinality", Permissions.TelemetryRead, (board, scope) => board.Cardinality(scope), Cardinality),
        new HubPanel<AnomalySummary>("anomalies", Permissions.TelemetryRead, (board, scope) => board.Anomalies(scope), Anomalies),
        new HubPanel<FleetSummary>("fleet", Permissions.TelemetryRead, (board, scope) => board.Fleet(scope), Fleet),
        new HubPanel<IngestSummary>("ingest", Permissions.TelemetryRead, (board, _) => board.Ingest, Ingest) { WholeFleetOnly = true },
        new HubPanel<RolloutSummary>("rollout", Permissions.ConfigRead, (board, _) => board.Rollout, Rollout) { WholeFleetOnly = true },
    ];

    public static HubPanel? Find(string name) => All.FirstOrDefault(p => p.Name == name);

    static object Overview(OverviewSummary s) => new
    {
        s.At, s.Hosts, s.HostsFresh, s.CoverageScore, s.CoverageCritical, s.ActiveSeries, s.DailyCardinality, s.OpenAnomalies, s.PointsPerSecond, s.Reduction,
        Events = s.Events.Take(ListLimit),
    };

    static object OverviewWithCost(OverviewSummary s) => new
    {
        s.At, s.Hosts, s.HostsFresh, s.CoverageScore, s.CoverageCritical, s.UsdPerHour, s.UsdMonthProjected, s.ActiveSeries, s.DailyCardinality, s.OpenAnomalies,
        s.PointsPerSecond, s.Reduction, Events = s.Events.Take(ListLimit),
    };

    static object Coverage(CoverageSummary s) => new
    {
        s.At, s.Score, s.Critical, Tiers = s.Tiers.Select(t => new { t.Tier, t.Coverage.Fresh, t.Coverage.Known, t.Coverage.Ratio }), s.HostsKnown, s.HostsUnknown,
        s.MissingTotal, Missing = s.Missing.Take(ListLimit),
        WorstHosts = s.WorstHosts.Take(ListLimit).Select(h => new { h.Tenant, h.HostKey, h.HostName, h.Score, Critical = h.Critical.Ratio, h.DenominatorKnown }),
    };

    static object Cost(CostSummary s) => new
    {
        s.At, WindowSeconds = s.Window.TotalSeconds, s.UsdPerHour, s.BytesPerSecond, s.PointsPerSecond, s.BytesPerPoint, s.UsdPerGigabyte, s.FreeGigabytesPerMonth,
        s.UsdToday, s.UsdTodayProjected, s.UsdMonth, s.UsdMonthProjected, ByTenant = s.ByTenant.Take(ListLimit), ByHost = s.ByHost.Take(ListLimit),
        ByMetric = s.ByMetric.Take(ListLimit), ByProcessClass = s.ByProcessClass.Take(ListLimit),
    };

    static object Cardinality(CardinalitySummary s) => new
    {
        s.At, s.Active, s.Daily, s.DailyError, s.DailyLimit, s.GrowthPerHour, s.NewSeriesLastMinute, TopMetrics = s.TopMetrics.Take(ListLimit),
        TopAttributes = s.TopAttributes.Take(ListLimit).Select(a => new { a.Attribute, a.DistinctValues, a.Error, a.Series }), TopHosts = s.TopHosts.Take(ListLimit),
    };

    static object Anomalies(AnomalySummary s) => new
    {
        s.At, s.Active, s.Learning, s.Watched, s.ByLevel,
        Open = s.Open.Take(ListLimit).Select(v => new { v.Id, v.Tenant, v.HostKey, v.HostName, v.Executable, v.Owner, v.Level, v.Score, v.StartedAt, v.Explanation }),
    };

    static object Fleet(FleetSummary s) => new { s.At, s.Hosts, s.ByHealth };

    static object Ingest(IngestSummary s) => new
    {
        s.At, s.Requests, s.Points, s.Bytes, s.RequestsPerSecond, s.PointsPerSecond, s.BytesPerSecond, s.RequestsByStatus, s.Refusals, s.LatePoints, s.DuplicatePoints,
        s.Series, s.SeriesLimit, s.ActiveSeries, s.Hosts, s.Store,
    };

    static object Rollout(RolloutSummary s) => new
    {
        s.At, s.Id, s.Title, s.Phase, s.PausedBecause, s.Waiting, s.Reason, s.StartedAt, s.AppliedAt, s.RollbackStartedAt, s.RolledBackAt, s.Eta,
        ForwardSeconds = s.Forward?.TotalSeconds, BackSeconds = s.Back?.TotalSeconds, s.Agents,
        Waves = s.Waves.Select(w => new { w.Ring, w.Name, w.Role, w.Agents, w.BegunAt, w.SoakingSince, w.EndedAt, w.Verdict, Gate = w.Gate is { } g ? new { g.Look, g.At, g.Verdict, g.Reason } : null }),
    };
}

/// <summary>A panel as the hub knows it: who may hear it, where its record is, what is sent of it.</summary>
internal abstract class HubPanel(string name, string permission)
{
    public string Name { get; } = name;
    public string Permission { get; } = permission;

    /// <summary>No tenant or host has this panel of its own.</summary>
    public bool WholeFleetOnly { get; init; }

    /// <summary>Calls back at every publication until the answer is disposed.</summary>
    public abstract IDisposable Watch(SignalBoard board, SignalScope scope, Action changed);

    /// <summary>What to send now; null before the first publication.</summary>
    public abstract object? Current(SignalBoard board, SignalScope scope);
}

internal sealed class HubPanel<T>(string name, string permission, Func<SignalBoard, SignalScope, Live<T>> find, Func<T, object> project) : HubPanel(name, permission)
    where T : class
{
    public override IDisposable Watch(SignalBoard board, SignalScope scope, Action changed) => new Watcher(find(board, scope), changed);

    public override object? Current(SignalBoard board, SignalScope scope) => find(board, scope).Current is { } value ? project(value) : null;

    sealed class Watcher : IDisposable
    {
        readonly Live<T> _live;
        readonly Action _changed;

        public Watcher(Live<T> live, Action changed)
        {
            (_live, _changed) = (live, changed);
            _live.Changed += OnChanged;
        }

        public void Dispose() => _live.Changed -= OnChanged;

        void OnChanged(T value) => _changed();
    }
}
