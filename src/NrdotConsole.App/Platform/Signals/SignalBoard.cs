using NrdotConsole.App.Platform.Live;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Rollouts;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Platform.Signals;

/// <summary>
/// The present, as everybody sees it: pages, the hub, REST and /metrics read the same objects. The fleet and every tenant
/// always stand here, published once a second on average at most. A host, or a tenant that has sent nothing, is computed when it is
/// asked for and refreshed while somebody watches it or has asked within <see cref="KeptFor"/>.
/// </summary>
internal sealed class SignalBoard(TimeProvider time)
{
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    /// <summary>Most scopes refreshed on demand. Beyond it a scope is computed for the asker once and not kept.</summary>
    public const int OnDemandLimit = 256;

    readonly Lock _lock = new();
    readonly Dictionary<SignalScope, SignalPanels> _standing = new() { [SignalScope.Fleet] = new(SignalScope.Fleet) };
    readonly Dictionary<SignalScope, SignalPanels> _onDemand = [];

    /// <summary>Publishes the present summaries into the panels of a scope nobody asked for before. Set by who computes them.</summary>
    public Action<SignalPanels>? Fill { get; set; }

    /// <summary>How often a scope was asked for that could not be kept.</summary>
    public long Unkept { get; private set; }

    public Live<IngestSummary> Ingest { get; } = new();

    /// <summary>The Change that rolls, or the last that did.</summary>
    public Live<RolloutSummary> Rollout { get; } = new();
    public Live<OverviewSummary> Overview(SignalScope scope) => Panels(scope).Overview;
    public Live<CoverageSummary> Coverage(SignalScope scope) => Panels(scope).Coverage;
    public Live<CostSummary> Cost(SignalScope scope) => Panels(scope).Cost;
    public Live<CardinalitySummary> Cardinality(SignalScope scope) => Panels(scope).Cardinality;
    public Live<AnomalySummary> Anomalies(SignalScope scope) => Panels(scope).Anomalies;
    public Live<FleetSummary> Fleet(SignalScope scope) => Panels(scope).Fleet;

    /// <summary>Tenants that have sent data, in order.</summary>
    public IReadOnlyList<string> Tenants
    {
        get
        {
            lock (_lock) return [.. _standing.Keys.Where(s => s.Tenant is not null).Select(s => s.Tenant!).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Makes a tenant's panels stand. What was on demand becomes standing, so that who watches it goes on watching.</summary>
    public SignalPanels Stand(SignalScope scope)
    {
        lock (_lock)
        {
            if (_standing.TryGetValue(scope, out var panels)) return panels;
            if (!_onDemand.Remove(scope, out panels)) panels = new(scope);
            return _standing[scope] = panels;
        }
    }

    /// <summary>The scopes to refresh beside the standing ones; lets go of those that nobody wants any more.</summary>
    public IReadOnlyList<SignalPanels> OnDemand()
    {
        var oldest = time.GetUtcNow().ToUnixTimeMilliseconds() - (long)KeptFor.TotalMilliseconds;
        lock (_lock)
        {
            foreach (var panels in _onDemand.Values.Where(p => !p.IsWatched && p.AskedUnixMs < oldest).ToList()) _onDemand.Remove(panels.Scope);
            return [.. _onDemand.Values];
        }
    }

    SignalPanels Panels(SignalScope scope)
    {
        SignalPanels? panels;
        lock (_lock)
        {
            if (_standing.TryGetValue(scope, out panels)) return panels;
            if (_onDemand.TryGetValue(scope, out panels))
            {
                panels.AskedUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
                return panels;
            }
            panels = new(scope) { AskedUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds() };
            if (_onDemand.Count < OnDemandLimit) _onDemand[scope] = panels;
            else Unkept++;
        }
        // Outside the lock: it may wait for a running tick, which asks the board in turn.
        Fill?.Invoke(panels);
        return panels;
    }
}
