using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.App.Features.Signals;

/// <summary>The verdicts of a scope: all that are open, and the last that closed.</summary>
internal sealed class ScopeAnomalies
{
    public const int RecentLimit = 100;

    readonly Dictionary<long, AnomalyVerdict> _open = [];
    readonly LinkedList<AnomalyVerdict> _recent = [];

    public int Watched;
    public int Learning;

    public int Active => _open.Count;
    public IEnumerable<AnomalyVerdict> Open => _open.Values;

    /// <summary>Newest first.</summary>
    public IEnumerable<AnomalyVerdict> Recent => _recent;

    /// <summary>By how many the open verdicts changed: 1, 0 or -1.</summary>
    public int Apply(AnomalyVerdict verdict)
    {
        if (verdict.EndedAt is null)
        {
            var isNew = !_open.ContainsKey(verdict.Id);
            _open[verdict.Id] = verdict;
            return isNew ? 1 : 0;
        }
        var wasOpen = _open.Remove(verdict.Id);
        _recent.AddFirst(verdict);
        if (_recent.Count > RecentLimit) _recent.RemoveLast();
        return wasOpen ? -1 : 0;
    }
}
