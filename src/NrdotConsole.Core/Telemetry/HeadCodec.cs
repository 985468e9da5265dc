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
/// v = 1         integers: the folded difference follows as a varint
/// v = 2..31     integers: the folded difference is v - 1
/// v = 32, 33    numbers of at most 2 or 4 decimals: the folded difference of value x 100 or x 10,000 follows
/// v = 64..127   01 zzz lll: the xor with the value before, without its zzz low zero bytes, in lll + 1 bytes (the first point: xor with 0)
/// </code>
/// </summary>
public static class HeadCodec
{
    /// <summary>Room that <see cref="Append"/> may need.</summary>
    public const int MaxPointBytes = 1 + Varint.MaxBytes + Varint.MaxBytes;

    const int Integer = 1, SmallInteger = 2, LastSmallInteger = 31, Cents = 32, Decimals4 = 33, Xor = 64;
    const double Exact = 1L << 53;

    /// <summary>Writes a point behind <paramref name="count"/> others and answers its length. <paramref name="last"/> and <paramref name="before"/> are the times of the two newest.</summary>
    public static int Append(Span<byte> to, int count, long last, long before, double lastValue, long time, double value)
    {
        if (count == 0)
        {
            var start = Varint.Write(to, Varint.Fold(time));
            return start + Value(to, start, start + 1, 0, 0d, value);
        }
        var change = time - last - (count > 1 ? last - before : 0);
        if (change == 0) return Value(to, 0, 1, 0, lastValue, value);
        return Value(to, 0, 1 + Varint.Write(to[1..], Varint.Fold(change)), 0x80, lastValue, value);
    }

    /// <summary>Writes control at <paramref name="control"/> and the value at <paramref name="at"/>; answers the bytes from <paramref name="control"/> on.</summary>
    static int Value(Span<byte> to, int control, int at, int flag, double last, double value)
    {
        var xor = BitConverter.DoubleToUInt64Bits(last) ^ BitConverter.DoubleToUInt64Bits(value);
        if (xor == 0)
        {
            to[control] = (byte)flag;
            return at - control;
        }
        if (IsInteger(last) && IsInteger(value))
        {
            var folded = Varint.Fold((long)value - (long)last);
            if (folded <= LastSmallInteger - SmallInteger + 1)
            {
                to[control] = (byte)(flag | (int)(folded + SmallInteger - 1));
                return at - control;
            }
            to[control] = (byte)(flag | Integer);
            return at - control + Varint.Write(to[at..], folded);
        }
        var zeros = BitOperations.TrailingZeroCount(xor) >> 3;
        var length = 8 - (BitOperations.LeadingZeroCount(xor) >> 3) - zeros;
        if (length > 3)
        {
            if (TryScaled(last, value, 100, out var cents))
            {
                to[control] = (byte)(flag | Cents);
                return at - control + Varint.Write(to[at..], cents);
            }
            if (TryScaled(last, value, 10_000, out var decimals))
            {
                to[control] = (byte)(flag | Decimals4);
                return at - control + Varint.Write(to[at..], decimals);
            }
        }
        to[control] = (byte)(flag | Xor | (zeros << 3) | (length - 1));
        xor >>= zeros * 8;
        for (var i = 0; i < length; i++, xor >>= 8) to[at + i] = (byte)xor;
        return at - control + length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IsInteger(double value) =>
        Math.Abs(value) <= Exact && BitConverter.DoubleToInt64Bits((long)value) == BitConverter.DoubleToInt64Bits(value);

    static bool TryScaled(double last, double value, double scale, out ulong folded)
    {
        var from = Math.Round(last * scale);
        var to = Math.Round(value * scale);
        folded = 0;
        if (!(Math.Abs(from) < Exact / 4 && Math.Abs(to) < Exact / 4)) return false;
        var difference = (long)to - (long)from;
        if (BitConverter.DoubleToInt64Bits(Scaled(last, scale, difference)) != BitConverter.DoubleToInt64Bits(value)) return false;
        folded = Varint.Fold(difference);
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
            if ((control & 0x80) != 0) step += Varint.Unfold(Varint.Read(from, ref at));
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
        if (code == Integer) return (long)last + Varint.Unfold(Varint.Read(from, ref at));
        if (code <= LastSmallInteger) return (long)last + Varint.Unfold((ulong)(code - SmallInteger + 1));
        if (code == Cents) return Scaled(last, 100, Varint.Unfold(Varint.Read(from, ref at)));
        if (code == Decimals4) return Scaled(last, 10_000, Varint.Unfold(Varint.Read(from, ref at)));
        var length = (code & 7) + 1;
        if (code < Xor || at + length > from.Length) throw new InvalidDataException("Stored points are damaged: a value does not end.");
        ulong xor = 0;
        if (at + 8 <= from.Length) xor = BinaryPrimitives.ReadUInt64LittleEndian(from[at..]) & (ulong.MaxValue >> (64 - length * 8));
        else for (var i = length - 1; i >= 0; i--) xor = (xor << 8) | from[at + i];
        at += length;
        return BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(last) ^ (xor << (((code >> 3) & 7) * 8)));
    }
}
