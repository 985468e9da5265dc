using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Signals;

/// <summary>Makes the summaries of a scope and puts them on the board: at every tick where its sums moved, every five seconds where only time did.</summary>
internal sealed class SummaryPublisher(SignalEngine engine, SignalSettings settings, MetricRoles roles, SeriesStore store)
{
    const long IdleRefreshMs = 5_000;
    const double LowCriticalCoverage = HostHealthRule.LowestCriticalCoverage;
    const long LowCriticalHoldMs = 60_000;

    readonly HashSet<(string Tenant, string Metric)> _nearLimit = [];
    DateOnly _nearLimitDay;
    long _nearLimitUnixMs;

    public void Publish(DateTimeOffset now)
    {
        var moment = new SignalMoment(engine, settings, roles, store, now);
        foreach (var scope in engine.Tenants.Values.Append(engine.Fleet))
        {
            var nowUnixMs = now.ToUnixTimeMilliseconds();
            if (scope.Version == scope.PublishedVersion && nowUnixMs - scope.PublishedUnixMs < IdleRefreshMs) continue;
            (scope.PublishedVersion, scope.PublishedUnixMs) = (scope.Version, nowUnixMs);
            moment.Publish(scope, scope.Panels!);
        }
        foreach (var panels in engine.OnDemandPanels()) Fill(panels, now);
    }

    public void Fill(SignalPanels panels, DateTimeOffset now)
    {
        var moment = new SignalMoment(engine, settings, roles, store, now);
        if (engine.Host(panels.Scope) is { } host) moment.Publish(host, panels);
        else moment.Publish(Standing(panels.Scope) ?? new ScopeSignals(panels.Scope), panels);
    }

    ScopeSignals? Standing(SignalScope scope) =>
        scope.Tenant is null ? engine.Fleet : scope.Host is null ? engine.Tenants.GetValueOrDefault(scope.Tenant) : null;

    /// <summary>Events that follow from sums, not from one host.</summary>
    public void NoteEvents(DateTimeOffset now)
    {
        foreach (var tenant in engine.Tenants.Values) NoteCoverage(tenant, now);
        if (now.ToUnixTimeMilliseconds() - _nearLimitUnixMs < 10_000) return;
        _nearLimitUnixMs = now.ToUnixTimeMilliseconds();
        if (_nearLimitDay != engine.Daily.Day) _nearLimit.Clear();
        _nearLimitDay = engine.Daily.Day;
        foreach (var tenant in engine.Tenants.Keys) NoteCardinality(tenant, now);
    }

    void NoteCoverage(ScopeSignals tenant, DateTimeOffset now)
    {
        if (tenant.Coverage.Of(Tier.Critical).Ratio is not { } critical) return;
        var isLow = critical < LowCriticalCoverage;
        if (!tenant.LowCritical.Observe(isLow, now.ToUnixTimeMilliseconds(), LowCriticalHoldMs)) return;
        var name = tenant.Scope.Tenant!;
        if (isLow) engine.Events.Add(now, EventSeverity.Critical, "coverage.low", name, "", $"Coverage of critical processes fell to {critical:P1}, below {LowCriticalCoverage:P0}");
        else engine.Events.Add(now, EventSeverity.Info, "coverage.recovered", name, "", $"Coverage of critical processes is {critical:P1} again");
    }

    /// <summary>Told once a metric and day.</summary>
    void NoteCardinality(string tenant, DateTimeOffset now)
    {
        Near(tenant, "", engine.Daily.Total(tenant).Count, settings.Limits.PerAccount, now);
        foreach (var (metric, count) in engine.Daily.ByMetric(tenant)) Near(tenant, metric, count.Count, settings.Limits.PerMetric, now);
    }

    void Near(string tenant, string metric, long count, long limit, DateTimeOffset now)
    {
        if (count < CardinalityLimits.WarningShare * limit || !_nearLimit.Add((tenant, metric))) return;
        var what = metric.Length == 0 ? "The account" : metric;
        engine.Events.Add(now, EventSeverity.Warning, "cardinality.near_limit", tenant, "", $"{what} has {count:N0} distinct series today, {(double)count / limit:P0} of the limit of {limit:N0}");
    }
}
