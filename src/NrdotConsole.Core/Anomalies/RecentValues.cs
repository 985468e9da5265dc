using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NrdotConsole.Core.Anomalies;

/// <summary>
/// The last <see cref="Capacity"/> values, kept sorted beside their order of arrival (about 350 bytes), so that median
/// and MAD need no sorting: adding is one search and one move, the MAD one walk outwards from the median.
/// </summary>
sealed class RecentValues
{
    public const int Capacity = 64;

    Values _values;
    Arrivals _arrivals;
    int _count;
    byte _next;

    public int Count => _count;
    public ReadOnlySpan<float> Sorted => ((ReadOnlySpan<float>)_values)[.._count];

    /// <summary>Adds a finite value; the oldest makes room.</summary>
    public void Add(float value)
    {
        Span<float> values = _values;
        Span<byte> arrivals = _arrivals;
        if (_count == Capacity)
        {
            // Arrival numbers go round, so the next number is still the oldest value's.
            var oldest = arrivals.IndexOf(_next);
            values[(oldest + 1)..].CopyTo(values[oldest..]);
            arrivals[(oldest + 1)..].CopyTo(arrivals[oldest..]);
            _count--;
        }
        var slot = Sorted.BinarySearch(value);
        if (slot < 0) slot = ~slot;
        values[slot.._count].CopyTo(values[(slot + 1)..]);
        arrivals[slot.._count].CopyTo(arrivals[(slot + 1)..]);
        (values[slot], arrivals[slot]) = (value, _next);
        _next = (byte)((_next + 1) % Capacity);
        _count++;
    }

    public void Save(BinaryWriter to)
    {
        to.Write((byte)_count);
        to.Write(_next);
        to.Write(MemoryMarshal.AsBytes(Sorted));
        to.Write(((ReadOnlySpan<byte>)_arrivals)[.._count]);
    }

    /// <summary>Null where nothing was kept.</summary>
    public static RecentValues? Load(BinaryReader from)
    {
        var (count, next) = (from.ReadByte(), from.ReadByte());
        if (count > Capacity || next >= Capacity) throw new InvalidDataException($"{count} recent values, the next at {next}; there are at most {Capacity}.");
        if (count == 0) return null;
        var recent = new RecentValues { _count = count, _next = next };
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(((Span<float>)recent._values)[..count]));
        from.BaseStream.ReadExactly(((Span<byte>)recent._arrivals)[..count]);
        return recent;
    }

    /// <summary>Median of sorted values, and the median of their distances from it.</summary>
    public static (double Median, double Mad) Spread(ReadOnlySpan<float> sorted)
    {
        var middle = sorted.Length / 2;
        var even = sorted.Length % 2 == 0;
        var median = even ? ((double)sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle];

        // Distances grow outwards on both sides: merge the sides up to the middle one.
        var (left, right) = (middle - 1, middle);
        double before = 0, distance = 0;
        for (var i = 0; i <= middle; i++)
        {
            before = distance;
            var toLeft = left >= 0 ? median - sorted[left] : double.PositiveInfinity;
            var toRight = right < sorted.Length ? sorted[right] - median : double.PositiveInfinity;
            if (toLeft <= toRight) left--;
            else right++;
            distance = Math.Min(toLeft, toRight);
        }
        return (median, even ? (before + distance) / 2 : distance);
    }

    [InlineArray(Capacity)]
    struct Values
    {
        float _first;
    }

    [InlineArray(Capacity)]
    struct Arrivals
    {
        byte _first;
    }
}
