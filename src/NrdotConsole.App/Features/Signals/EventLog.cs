using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// Gathers what happens within a tick and numbers it. More than <see cref="ApartLimit"/> of one kind in one tenant become
/// one event that counts them, so a fleet that arrives or a site that fails is a line, not a thousand.
/// </summary>
internal sealed class EventLog
{
    public const int ApartLimit = 5;
    public const int NamedLimit = 3;

    readonly List<FleetEvent> _gathered = [];
    long _lastId;

    public void Resume(long lastId) => _lastId = lastId;

    public void Add(DateTimeOffset at, EventSeverity severity, string kind, string tenant, string host, string text) =>
        _gathered.Add(new(0, at, severity, kind, tenant, host, text));

    public IReadOnlyList<FleetEvent> Drain()
    {
        if (_gathered.Count == 0) return [];
        var events = new List<FleetEvent>();
        foreach (var group in _gathered.GroupBy(e => (e.Kind, e.Tenant)))
        {
            var same = group.ToList();
            if (same.Count <= ApartLimit) events.AddRange(same.Select(e => e with { Id = ++_lastId }));
            else events.Add(Together(same) with { Id = ++_lastId });
        }
        _gathered.Clear();
        return events;
    }

    static FleetEvent Together(List<FleetEvent> events)
    {
        var named = string.Join("; ", events.Take(NamedLimit).Select(e => e.Text)) + $"; and {events.Count - NamedLimit} more";
        return events[0] with { Severity = events.Max(e => e.Severity), Host = "", Text = $"{events.Count} at once: {named}" };
    }
}
