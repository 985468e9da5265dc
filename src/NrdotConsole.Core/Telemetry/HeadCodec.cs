using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace NrdotConsole.Core.Telemetry;

/// <summary>
/// Points of one series as they arrive, ascending in time: byte-aligned, append-only, exact for every bit pattern.
/// <code>
/// first point   time (folded varint, ms) | value
/// other points  control | [step change]  | value          control = S vvvvvvv
///
/// S = 1         the step differs from the one before: its change follows as a folded varint
/// v = 0         the same bits as before
/// v = 1..31     integers: the folded difference is v
/// v = 32..39    integers: the folded difference follows in v - 31 bytes, the low ones first
/// v = 40..47    numbers of at most 2 decimals: the folded difference of value x 100 follows in v - 39 bytes
/// v = 48..55    numbers of at most 4 decimals: the folded difference of value x 10,000 follows in v - 47 bytes
/// v = 64..127   01 zzz lll: the xor with the value before, without its zzz low zero bytes, in lll + 1 bytes (the first point: xor with 0)
/// </code>
/// </summary>
public static class HeadCodec
{
    /// <summary>Room that <see cref="Append"/> may need.</summary>
    public const int MaxPointBytes = 1 + Varint.MaxBytes + sizeof(ulong);

    const int LastSmallInteger = 31, Integers = 32, Hundredths = 40, TenThousandths = 48, Xor = 64;
    const int StepChanges = 0x80;
    const double Exact = 1L << 53;

    /// <summary>Writes a point behind <paramref name="count"/> others and answers its length. <paramref name="last"/> and <paramref name="before"/> are the times of the two newest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Append(Span<byte> to, int count, long last, long before, double lastValue, long time, double value)
    {
        if (count <= 1 || time - last != last - before) return AppendUneven(to, count, last, before, lastValue, time, value);
        var payload = Encode(lastValue, value, out var code, out var length);
        BinaryPrimitives.WriteUInt64LittleEndian(to[1..], payload);
        to[0] = (byte)code;
        return 1 + length;
    }

    static int AppendUneven(Span<byte> to, int count, long last, long before, double lastValue, long time, double value)
    {
        var change = count == 0 ? time : time - last - (count > 1 ? last - before : 0);
        var payload = Encode(count == 0 ? 0d : lastValue, value, out var code, out var length);
        var control = count == 0 ? Varint.Write(to, Varint.Fold(time)) : 0;
        var at = control + 1;
        if (count > 0 && change != 0)
        {
            code |= StepChanges;
            at += Varint.Write(to[at..], Varint.Fold(change));
        }
        to[control] = (byte)code;
        BinaryPrimitives.WriteUInt64LittleEndian(to[at..], payload);
        return at + length;
    }

    /// <summary>The value's code, and the bytes that follow: the low <paramref name="length"/> of what is answered.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Encode(double last, double value, out int code, out int length)
    {
        length = 0;
        var xor = BitConverter.DoubleToUInt64Bits(last) ^ BitConverter.DoubleToUInt64Bits(value);
        code = 0;
        if (xor == 0) return 0;
        if (IsInteger(last) && IsInteger(value))
        {
            var folded = Varint.Fold((long)value - (long)last);
            code = (int)folded;
            return folded <= LastSmallInteger ? 0 : InBytes(folded, Integers, out code, out length);
        }
        return EncodeFraction(last, value, xor, out code, out length);
    }

    static ulong EncodeFraction(double last, double value, ulong xor, out int code, out int length)
    {
        var zeros = BitOperations.TrailingZeroCount(xor) >> 3;
        length = 8 - (BitOperations.LeadingZeroCount(xor) >> 3) - zeros;
        if (length > 3)
        {
            if (TryScaled(last, value, 100, out var folded)) return InBytes(folded, Hundredths, out code, out length);
            if (TryScaled(last, value, 10_000, out folded)) return InBytes(folded, TenThousandths, out code, out length);
        }
        code = Xor | (zeros << 3) | (length - 1);
        return xor >> (zeros * 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong InBytes(ulong folded, int family, out int code, out int length)
    {
        length = (71 - BitOperations.LeadingZeroCount(folded | 1)) >> 3;
        code = family + length - 1;
        return folded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IsInteger(double value) =>
        Math.Abs(value) <= Exact && BitConverter.DoubleToInt64Bits((long)value) == BitConverter.DoubleToInt64Bits(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryScaled(double last, double value, double scale, out ulong folded)
    {
        var from = Math.Round(last * scale);
        var to = Math.Round(value * scale);
        folded = 0;
        if (!(Math.Abs(from) < Exact / 4 && Math.Abs(to) < Exact / 4)) return false;
        if (BitConverter.DoubleToInt64Bits((long)to / scale) != BitConverter.DoubleToInt64Bits(value)) return false;
        folded = Varint.Fold((long)to - (long)from);
        return true;
    }

    static double Scaled(double last, double scale, long difference) => ((long)Math.Round(last * scale) + difference) / scale;

    /// <summary>Reads all points into <paramref name="times"/> and <paramref name="values"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Append"/> wrote.</exception>
    public static void Read(ReadOnlySpan<byte> from, int count, Span<long> times, Span<double> values)
    {
        if (count == 0) return;
        var at = 0;
        var time = Varint.Unfold(Varint.Read(from, ref at));
        long step = 0;
        var value = 0d;
        for (var i = 0; ; )
        {
            if ((uint)at >= (uint)from.Length) throw new InvalidDataException("Stored points are damaged: fewer than counted.");
            var control = from[at++];
            if ((control & StepChanges) != 0) step += Varint.Unfold(Varint.Read(from, ref at));
            if (i > 0) time += step;
            value = ReadValue(from, ref at, control & 0x7F, value);
            times[i] = time;
            values[i] = value;
            if (++i == count) return;
        }
    }

    static double ReadValue(ReadOnlySpan<byte> from, ref int at, int code, double last)
    {
        if (code == 0) return last;
        if (code <= LastSmallInteger) return (long)last + Varint.Unfold((ulong)code);
        var bytes = ReadBytes(from, ref at, (code & 7) + 1);
        return code switch
        {
            < Hundredths => (long)last + Varint.Unfold(bytes),
            < TenThousandths => Scaled(last, 100, Varint.Unfold(bytes)),
            < TenThousandths + 8 => Scaled(last, 10_000, Varint.Unfold(bytes)),
            >= Xor => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(last) ^ (bytes << (((code >> 3) & 7) * 8))),
            _ => throw new InvalidDataException("Stored points are damaged: a value of an unknown kind."),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong ReadBytes(ReadOnlySpan<byte> from, ref int at, int length)
    {
        if (at + length > from.Length) throw new InvalidDataException("Stored points are damaged: a value does not end.");
        ulong value = 0;
        if (at + 8 <= from.Length) value = BinaryPrimitives.ReadUInt64LittleEndian(from[at..]) & (ulong.MaxValue >> (64 - length * 8));
        else for (var i = length - 1; i >= 0; i--) value = (value << 8) | from[at + i];
        at += length;
        return value;
    }
}
