using System.Runtime.CompilerServices;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// All series in memory, in segments that never move, found by (metric, resource, attributes) through an open-addressed table of numbers.
/// Series 0 does not exist.
/// </summary>
internal sealed class SeriesTable
{
    const int SegmentBits = 13, SegmentSize = 1 << SegmentBits;

    Series[][] _segments = [new Series[SegmentSize]];
    int[] _slots = new int[1024];
    int _freeList;

    public int Count { get; private set; }

    /// <summary>One past the highest number ever used.</summary>
    public int End { get; private set; } = 1;

    public ref Series this[int series]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _segments[series >> SegmentBits][series & (SegmentSize - 1)];
    }

    public int Find(int metric, int resource, int attributes)
    {
        for (var i = Slot(metric, resource, attributes); ; i = (i + 1) & (_slots.Length - 1))
        {
            var series = _slots[i];
            if (series == 0) return 0;
            ref var s = ref this[series];
            if (s.Attributes == attributes && s.Resource == resource && s.Metric == metric) return series;
        }
    }

    /// <summary>Adds a series that <see cref="Find"/> did not find.</summary>
    public int Add(int metric, int resource, int attributes)
    {
        if ((Count + 1) * 3 > _slots.Length * 2) Rehash();
        var series = _freeList;
        if (series != 0)
        {
            _freeList = this[series].Next;
        }
        else
        {
            series = End++;
            if (series >> SegmentBits == _segments.Length) _segments = [.. _segments, new Series[SegmentSize]];
        }
        this[series] = new() { Metric = metric, Resource = resource, Attributes = attributes, LastMs = Series.Never, PreviousMs = Series.Never, IsUsed = true };
        Place(series);
        Count++;
        return series;
    }

    public void Remove(int series)
    {
        ref var s = ref this[series];
        var mask = _slots.Length - 1;
        var hole = Slot(s.Metric, s.Resource, s.Attributes);
        while (_slots[hole] != series) hole = (hole + 1) & mask;
        for (var i = (hole + 1) & mask; _slots[i] != 0; i = (i + 1) & mask)
        {
            ref var other = ref this[_slots[i]];
            var home = Slot(other.Metric, other.Resource, other.Attributes);
            if (((i - home) & mask) < ((i - hole) & mask)) continue;
            _slots[hole] = _slots[i];
            hole = i;
        }
        _slots[hole] = 0;
        s = new() { Metric = -1, Next = _freeList };
        _freeList = series;
        Count--;
    }

    void Place(int series)
    {
        ref var s = ref this[series];
        var i = Slot(s.Metric, s.Resource, s.Attributes);
        while (_slots[i] != 0) i = (i + 1) & (_slots.Length - 1);
        _slots[i] = series;
    }

    void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        for (var series = 1; series < End; series++)
            if (this[series].IsUsed) Place(series);
    }

    int Slot(int metric, int resource, int attributes)
    {
        var hash = (uint)metric * 0x9E3779B1u ^ (uint)resource * 0x85EBCA77u ^ (uint)attributes * 0xC2B2AE3Du;
        return (int)((hash ^ (hash >> 15)) * 0x2545F491u >> 7) & (_slots.Length - 1);
    }
}
