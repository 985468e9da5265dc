using System.Runtime.CompilerServices;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// All series in memory, in segments that never move, found by (metric, resource, attributes) through an open-addressed table of numbers.
/// Series 0 does not exist.
/// </summary>
internal sealed unsafe class SeriesTable
{
    const int SegmentBits = 13, SegmentSize = 1 << SegmentBits;

    readonly List<CacheLines> _lines = [];
    Series*[] _segments = [];
    SeriesLinks[][] _links = [];
    int[] _slots = new int[1024];
    int _freeList;

    public SeriesTable() => AddSegment();

    public int Count { get; private set; }

    /// <summary>One past the highest number ever used.</summary>
    public int End { get; private set; } = 1;

    public ref Series this[int series]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _segments[series >> SegmentBits][series & (SegmentSize - 1)];
    }

    public ref SeriesLinks Links(int series) => ref _links[series >> SegmentBits][series & (SegmentSize - 1)];

    void AddSegment()
    {
        var lines = new CacheLines(SegmentSize);
        _lines.Add(lines);
        _segments = [.. _segments, (Series*)lines.First];
        _links = [.. _links, new SeriesLinks[SegmentSize]];
    }

    public int Find(int metric, int resource, int attributes)
    {
        for (var i = Slot(metric, resource, attributes); ; i = (i + 1) & (_slots.Length - 1))
        {
            var series = _slots[i];
            if (series == 0) return 0;
            ref var s = ref this[series];
            if (s.Resource == resource && s.Metric == metric && Links(series).Attributes == attributes) return series;
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
            if (series >> SegmentBits == _segments.Length) AddSegment();
        }
        this[series] = new() { Metric = metric, Resource = resource, LastMs = Series.Never, PreviousMs = Series.Never };
        Links(series) = new() { Attributes = attributes, IsUsed = true };
        Place(series);
        Count++;
        return series;
    }

    public void Remove(int series)
    {
        var mask = _slots.Length - 1;
        var hole = SlotOf(series);
        while (_slots[hole] != series) hole = (hole + 1) & mask;
        for (var i = (hole + 1) & mask; _slots[i] != 0; i = (i + 1) & mask)
        {
            var home = SlotOf(_slots[i]);
            if (((i - home) & mask) < ((i - hole) & mask)) continue;
            _slots[hole] = _slots[i];
            hole = i;
        }
        _slots[hole] = 0;
        this[series] = new() { Metric = -1, Next = _freeList };
        Links(series) = default;
        _freeList = series;
        Count--;
    }

    void Place(int series)
    {
        var i = SlotOf(series);
        while (_slots[i] != 0) i = (i + 1) & (_slots.Length - 1);
        _slots[i] = series;
    }

    void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        for (var series = 1; series < End; series++)
            if (Links(series).IsUsed) Place(series);
    }

    int SlotOf(int series) => Slot(this[series].Metric, this[series].Resource, Links(series).Attributes);

    int Slot(int metric, int resource, int attributes)
    {
        var hash = (uint)metric * 0x9E3779B1u ^ (uint)resource * 0x85EBCA77u ^ (uint)attributes * 0xC2B2AE3Du;
        return (int)((hash ^ (hash >> 15)) * 0x2545F491u >> 7) & (_slots.Length - 1);
    }
}
