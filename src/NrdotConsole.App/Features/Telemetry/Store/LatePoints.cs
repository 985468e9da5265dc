using System.Runtime.InteropServices;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Points that came behind newer ones, ordered by time, until they are written to the database as late blocks.</summary>
internal sealed class LatePoints
{
    /// <summary>Beyond it, requests are told to come back later until a seal has made room.</summary>
    public const int Limit = 2_000_000;

    readonly Dictionary<int, SortedList<long, double>> _bySeries = [];

    public int Count { get; private set; }
    public bool IsFull => Count >= Limit;
    public IReadOnlyCollection<int> Series => _bySeries.Keys;

    /// <summary>False when the series has a late point of that time: the first stands.</summary>
    public bool TryAdd(int series, long time, double value)
    {
        ref var points = ref CollectionsMarshal.GetValueRefOrAddDefault(_bySeries, series, out _);
        points ??= [];
        if (!points.TryAdd(time, value)) return false;
        Count++;
        return true;
    }

    public bool Has(int series) => _bySeries.ContainsKey(series);
    public SortedList<long, double>? Of(int series) => _bySeries.GetValueOrDefault(series);

    public SortedList<long, double>? Take(int series)
    {
        if (!_bySeries.Remove(series, out var points)) return null;
        Count -= points.Count;
        return points;
    }
}
