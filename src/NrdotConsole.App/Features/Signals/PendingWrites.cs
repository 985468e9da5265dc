using NrdotConsole.App.Features.Cardinality;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Signals;

/// <summary>What was kept of an earlier run. Verdicts and events newest first.</summary>
internal sealed record KeptSignals
{
    public IReadOnlyCollection<(string Tenant, string HostKey)> Hosts { get; init; } = [];
    public IReadOnlyList<DayUsage> Usage { get; init; } = [];
    public DateOnly SketchDay { get; init; }
    public IReadOnlyList<KeptSketch> Sketches { get; init; } = [];
    public IReadOnlyList<AnomalyVerdict> Verdicts { get; init; } = [];
    public IReadOnlyList<FleetEvent> Events { get; init; } = [];
    public long LastEventId { get; init; }
    public long LastVerdictId { get; init; }

    /// <summary>Null where none could be used: detectors, rates and growth begin anew.</summary>
    public SignalSnapshot? Snapshot { get; init; }
}

/// <summary>
/// What a tick leaves to be written down. It waits while the database cannot be written, up to <see cref="Limit"/> of
/// each kind; beyond it the oldest are dropped and counted. Touched under the engine's lock only.
/// </summary>
internal sealed class PendingWrites
{
    public const int Limit = 10_000;

    List<FleetEvent> _events = [];
    List<AnomalyVerdict> _verdicts = [];
    List<(string Tenant, string HostKey)> _hosts = [];

    public long Dropped { get; private set; }
    public bool HistoryDue { get; set; }

    public void Add(FleetEvent happened) => Add(_events, happened);
    public void Add(AnomalyVerdict verdict) => Add(_verdicts, verdict);
    public void Add((string Tenant, string HostKey) host) => _hosts.Add(host);

    public (List<FleetEvent> Events, List<AnomalyVerdict> Verdicts, List<(string Tenant, string HostKey)> Hosts) Take()
    {
        var taken = (_events, _verdicts, _hosts);
        (_events, _verdicts, _hosts) = ([], [], []);
        return taken;
    }

    /// <summary>Puts back, before what came meanwhile, what could not be written.</summary>
    public void PutBack((List<FleetEvent> Events, List<AnomalyVerdict> Verdicts, List<(string Tenant, string HostKey)> Hosts) unwritten)
    {
        _events = Joined(unwritten.Events, _events);
        _verdicts = Joined(unwritten.Verdicts, _verdicts);
        _hosts = [.. unwritten.Hosts, .. _hosts];
    }

    void Add<T>(List<T> list, T item)
    {
        list.Add(item);
        Trim(list);
    }

    List<T> Joined<T>(List<T> first, List<T> then)
    {
        first.AddRange(then);
        Trim(first);
        return first;
    }

    void Trim<T>(List<T> list)
    {
        var over = list.Count - Limit;
        if (over <= 0) return;
        list.RemoveRange(0, over);
        Dropped += over;
    }
}
