using System.Runtime.InteropServices;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Points that came behind newer ones, ordered by time, until they are written to the database as late blocks.</summary>
internal sealed class LatePoints
{
    /// <summary>Beyond it, requests are told to come back later until a seal has made room.</summary>
    public const int Limit = 2_000_000;

    readonly Dictionary<int, SortedList<long, double>> _bySeries = [];

    readonly Dictionary<int, SortedList<long, double>> _sealing = [];

    public int Count { get; private set; }
    public bool IsFull => Count >= Limit;

    /// <summary>False when the series has a late point of that time: the first stands.</summary>
    public bool TryAdd(int series, long time, double value)
    {
        if (_sealing.TryGetValue(series, out var sealing) && sealing.ContainsKey(time)) return false;
        ref var points = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySeries, series, out _);
        points ??= [];
        if (!points.TryAdd(time, value)) return false;
        Count++;
        return true;
    }

    /// <summary>What waits and what is being written, for a reader.</summary>
    public KeyValuePair<long, double>[] Of(int series)
    {
        var waiting = _bySeries.GetValueOrDefault(series);
        var sealing = _sealing.GetValueOrDefault(series);
        if (waiting is null && sealing is null) return [];
        return [.. sealing ?? [], .. waiting ?? []];
    }

    public bool Has(int series) => _bySeries.ContainsKey(series) || _sealing.ContainsKey(series);

    /// <summary>Hands a series' points over to be written; a reader still sees them until <see cref="Sealed"/>.</summary>
    public SortedList<long, double>? Take(int series)
    {
        if (!_bySeries.Remove(series, out var points)) return null;
        Count -= points.Count;
        _sealing[series] = points;
        return points;
    }

    public void Sealed() => _sealing.Clear();
}
