using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>
/// The data points.
/// <code>
/// all            start_time fixed64 and time fixed64 in 2 and 3, flags varint, exemplars (skipped)
/// Number         4 as_double  6 as_int sfixed64  7 attributes*  8 flags
/// Histogram      4 count fixed64  5 sum  6 bucket_counts fixed64*  7 explicit_bounds double*  9 attributes*  10 flags  11 min  12 max
/// Exponential    1 attributes*  4 count  5 sum  6 scale sint32  7 zero_count fixed64  8 positive  9 negative  10 flags  12 min  13 max
///                14 zero_threshold    Buckets { 1 offset sint32  2 bucket_counts varint* }
/// Summary        4 count  5 sum  6 quantiles { 1 quantile  2 value }*  7 attributes*  8 flags
/// </code>
/// </summary>
public sealed partial class OtlpReader
{
    const uint StartTag = 0x11, TimeTag = 0x19, DoubleTag = 0x21, IntegerTag = 0x31;

    /// <summary>Flag bit 0: the series is known to have no value at this time.</summary>
    const ulong NoRecordedValue = 1;

    readonly Scratch<ulong> _counts = new();
    readonly Scratch<ulong> _moreCounts = new();
    readonly Scratch<double> _bounds = new();
    readonly Scratch<double> _values = new();

    /// <summary>
    /// A point as nearly all senders write it, the attributes last, whose sink expects just these attributes: no field is looked at twice.
    /// <code>[11 start] | 19 time | 21 double or 31 integer | attributes</code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryExpectedNumber<TSink>(ReadOnlySpan<byte> point, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        const int field = 1 + sizeof(ulong);
        if (point.Length < 2 * field) return false;
        ulong start = 0;
        if (point[0] == StartTag)
        {
            start = BinaryPrimitives.ReadUInt64LittleEndian(point[1..]);
            point = point[field..];
        }
        if (point.Length < 2 * field || point[0] != TimeTag || (uint)point[field] is not (DoubleTag or IntegerTag)) return false;
        var bits = BinaryPrimitives.ReadUInt64LittleEndian(point[(field + 1)..]);
        var value = point[field] == DoubleTag ? BitConverter.UInt64BitsToDouble(bits) : (long)bits;
        return sink.TryNumber(point[(2 * field)..], new(start, BinaryPrimitives.ReadUInt64LittleEndian(point[1..]), false), value);
    }

    /// <remarks>A point without a value records nothing, whether it says so in its flags or not.</remarks>
    bool Number<TSink>(ReadOnlySpan<byte> data, int pos, int end, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        ulong start = 0, time = 0, flags = 0;
        var value = double.NaN;
        var hasValue = false;
        var attributes = default(AttributeRun);
        while (pos < end)
        {
            var at = pos;
            if (!Tag(data, ref pos, end, out var tag)) return false;
            switch (tag)
            {
                case StartTag:
                    if (!Fixed64(data, ref pos, end, out start)) return false;
                    break;
                case TimeTag:
                    if (!Fixed64(data, ref pos, end, out time)) return false;
                    break;
                case DoubleTag:
                    if (!Double(data, ref pos, end, out value)) return false;
                    hasValue = true;
                    break;
                case IntegerTag:
                    if (!Fixed64(data, ref pos, end, out var integer)) return false;
                    value = (long)integer;
                    hasValue = true;
                    break;
                case 0x3A:
                    if (!Attributes(data, ref pos, end, at, tag, ref attributes)) return false;
                    break;
                case 0x40:
                    if (!Varint(data, ref pos, end, out flags)) return false;
                    break;
                default:
                    if (!Skip(data, ref pos, end, tag)) return false;
                    break;
            }
        }
        sink.Number(Bytes(data, attributes), new(start, time, !hasValue || (flags & NoRecordedValue) != 0), value);
        return true;
    }

    bool Histogram<TSink>(ReadOnlySpan<byte> data, int pos, int end, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        ulong start = 0, time = 0, flags = 0, count = 0;
        double sum = double.NaN, min = double.NaN, max = double.NaN;
        var attributes = default(AttributeRun);
        _counts.Clear();
        _bounds.Clear();
        while (pos < end)
        {
            var at = pos;
            if (!Tag(data, ref pos, end, out var tag)) return false;
            var ok = tag switch
            {
                StartTag => Fixed64(data, ref pos, end, out start),
                TimeTag => Fixed64(data, ref pos, end, out time),
                0x21 => Fixed64(data, ref pos, end, out count),
                0x29 => Double(data, ref pos, end, out sum),
                0x31 => OneFixed64(data, ref pos, end, _counts),
                0x32 => PackedFixed64(data, ref pos, end, _counts),
                0x39 => OneDouble(data, ref pos, end, _bounds),
                0x3A => PackedDouble(data, ref pos, end, _bounds),
                0x4A => Attributes(data, ref pos, end, at, tag, ref attributes),
                0x50 => Varint(data, ref pos, end, out flags),
                0x59 => Double(data, ref pos, end, out min),
                0x61 => Double(data, ref pos, end, out max),
                _ => Skip(data, ref pos, end, tag),
            };
            if (!ok) return false;
        }
        sink.Histogram(Bytes(data, attributes), new(start, time, (flags & NoRecordedValue) != 0), new HistogramPoint
        {
            Count = count,
            Sum = sum,
            Min = min,
            Max = max,
            BucketCounts = _counts.Values,
            Bounds = _bounds.Values,
        });
        return true;
    }

    bool ExponentialHistogram<TSink>(ReadOnlySpan<byte> data, int pos, int end, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        ulong start = 0, time = 0, flags = 0, count = 0, zeroCount = 0;
        double sum = double.NaN, min = double.NaN, max = double.NaN, zeroThreshold = 0;
        int scale = 0, positiveOffset = 0, negativeOffset = 0;
        var attributes = default(AttributeRun);
        _counts.Clear();
        _moreCounts.Clear();
        while (pos < end)
        {
            var at = pos;
            if (!Tag(data, ref pos, end, out var tag)) return false;
            var ok = tag switch
            {
                0x0A => Attributes(data, ref pos, end, at, tag, ref attributes),
                StartTag => Fixed64(data, ref pos, end, out start),
                TimeTag => Fixed64(data, ref pos, end, out time),
                0x21 => Fixed64(data, ref pos, end, out count),
                0x29 => Double(data, ref pos, end, out sum),
                0x30 => Signed32(data, ref pos, end, ref scale),
                0x39 => Fixed64(data, ref pos, end, out zeroCount),
                0x42 => Buckets(data, ref pos, end, ref positiveOffset, _counts),
                0x4A => Buckets(data, ref pos, end, ref negativeOffset, _moreCounts),
                0x50 => Varint(data, ref pos, end, out flags),
                0x61 => Double(data, ref pos, end, out min),
                0x69 => Double(data, ref pos, end, out max),
                0x71 => Double(data, ref pos, end, out zeroThreshold),
                _ => Skip(data, ref pos, end, tag),
            };
            if (!ok) return false;
        }
        sink.ExponentialHistogram(Bytes(data, attributes), new(start, time, (flags & NoRecordedValue) != 0), new ExponentialHistogramPoint
        {
            Count = count,
            Sum = sum,
            Min = min,
            Max = max,
            Scale = scale,
            ZeroCount = zeroCount,
            ZeroThreshold = zeroThreshold,
            PositiveOffset = positiveOffset,
            PositiveCounts = _counts.Values,
            NegativeOffset = negativeOffset,
            NegativeCounts = _moreCounts.Values,
        });
        return true;
    }

    bool Buckets(ReadOnlySpan<byte> data, ref int pos, int end, ref int offset, Scratch<ulong> counts)
    {
        if (!Length(data, ref pos, end, out var length)) return false;
        for (end = pos + length; pos < end;)
        {
            if (!Tag(data, ref pos, end, out var tag)) return false;
            var ok = tag switch
            {
                0x08 => Signed32(data, ref pos, end, ref offset),
                0x10 => OneVarint(data, ref pos, end, counts),
                0x12 => PackedVarint(data, ref pos, end, counts),
                _ => Skip(data, ref pos, end, tag),
            };
            if (!ok) return false;
        }
        return true;
    }

    bool Summary<TSink>(ReadOnlySpan<byte> data, int pos, int end, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        ulong start = 0, time = 0, flags = 0, count = 0;
        double sum = 0;
        var attributes = default(AttributeRun);
        _bounds.Clear();
        _values.Clear();
        while (pos < end)
        {
            var at = pos;
            if (!Tag(data, ref pos, end, out var tag)) return false;
            var ok = tag switch
            {
                StartTag => Fixed64(data, ref pos, end, out start),
                TimeTag => Fixed64(data, ref pos, end, out time),
                0x21 => Fixed64(data, ref pos, end, out count),
                0x29 => Double(data, ref pos, end, out sum),
                0x32 => Quantile(data, ref pos, end),
                0x3A => Attributes(data, ref pos, end, at, tag, ref attributes),
                0x40 => Varint(data, ref pos, end, out flags),
                _ => Skip(data, ref pos, end, tag),
            };
            if (!ok) return false;
        }
        sink.Summary(Bytes(data, attributes), new(start, time, (flags & NoRecordedValue) != 0), new SummaryPoint
        {
            Count = count,
            Sum = sum,
            Quantiles = _bounds.Values,
            Values = _values.Values,
        });
        return true;
    }

    bool Quantile(ReadOnlySpan<byte> data, ref int pos, int end)
    {
        if (!Length(data, ref pos, end, out var length)) return false;
        double quantile = 0, value = 0;
        for (end = pos + length; pos < end;)
        {
            if (!Tag(data, ref pos, end, out var tag)) return false;
            var ok = tag switch
            {
                0x09 => Double(data, ref pos, end, out quantile),
                0x11 => Double(data, ref pos, end, out value),
                _ => Skip(data, ref pos, end, tag),
            };
            if (!ok) return false;
        }
        return (_bounds.TryAdd(quantile) && _values.TryAdd(value)) || Fail(pos, TooManyNumbers);
    }
}
