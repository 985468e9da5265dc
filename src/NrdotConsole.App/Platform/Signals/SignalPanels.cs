using NrdotConsole.App.Platform.Live;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Platform.Signals;

/// <summary>The newest summaries of one scope.</summary>
internal sealed class SignalPanels(SignalScope scope)
{
    public SignalScope Scope { get; } = scope;
    public Live<OverviewSummary> Overview { get; } = new();
    public Live<CoverageSummary> Coverage { get; } = new();
    public Live<CostSummary> Cost { get; } = new();
    public Live<CardinalitySummary> Cardinality { get; } = new();
    public Live<AnomalySummary> Anomalies { get; } = new();
    public Live<FleetSummary> Fleet { get; } = new();

    public bool IsWatched =>
        Overview.IsWatched || Coverage.IsWatched || Cost.IsWatched || Cardinality.IsWatched || Anomalies.IsWatched || Fleet.IsWatched;

    /// <summary>When somebody last asked for it, Unix milliseconds; the board lets go of what nobody watches.</summary>
    public long AskedUnixMs { get; set; }
}
