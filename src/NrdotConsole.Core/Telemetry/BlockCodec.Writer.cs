using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace NrdotConsole.Core.Telemetry;

public static partial class BlockCodec
{
    /// <summary>Collects series and writes them as one block; used again after <see cref="Finish"/>.</summary>
    public sealed class Writer
    {
        readonly ArrayBufferWriter<byte> _columns = new(), _series = new();
        readonly ArrayBufferWriter<byte>[] _planes = [.. Enumerable.Range(0, Planes).Select(_ => new ArrayBufferWriter<byte>())];
        readonly Dictionary<(long From, long To, int Points), int> _columnOf = [];
        readonly List<long[]> _columnTimes = [];
        long[] _scaled = [], _first = [], _second = [];
        long _resource, _attributes, _column, _firstTime;

        public int Series { get; private set; }
        public int Points { get; private set; }
        public long FromMs { get; private set; } = long.MaxValue;
        public long ToMs { get; private set; } = long.MinValue;

        /// <param name="times">Ascending, at least one.</param>
        public void Add(int resource, int attributes, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
        {
            var column = Column(times);
            Put(_series, Varint.Fold(resource - _resource));
            Put(_series, Varint.Fold(attributes - _attributes));
            Put(_series, Varint.Fold(column - _column));
            (_resource, _attributes, _column) = (resource, attributes, column);
            AddValues(values);
            Series++;
            Points += times.Length;
            FromMs = Math.Min(FromMs, times[0]);
            ToMs = Math.Max(ToMs, times[^1]);
        }

        int Column(ReadOnlySpan<long> times)
        {
            var key = (times[0], times[^1], times.Length);
            if (_columnOf.TryGetValue(key, out var known) && times.SequenceEqual(_columnTimes[known])) return known;
            Put(_columns, (ulong)times.Length);
            Put(_columns, Varint.Fold(times[0] - _firstTime));
            _firstTime = times[0];
            long step = 0;
            for (var i = 1; i < times.Length; i++)
            {
                var next = times[i] - times[i - 1];
                Put(_columns, Varint.Fold(next - step));
                step = next;
            }
            _columnTimes.Add(times.ToArray());
            return _columnOf[key] = _columnTimes.Count - 1;
        }

        void AddValues(ReadOnlySpan<double> values)
        {
            if (_scaled.Length < values.Length) (_scaled, _first, _second) = (new long[values.Length * 2], new long[values.Length * 2], new long[values.Length * 2]);
            var scaled = _scaled.AsSpan(0, values.Length);
            var decimals = Decimals(values, scaled);
            if (decimals >= 0) AddIntegers(scaled, decimals);
            else if (Quotient.Divisor(values, scaled) is > 0 and var divisor) AddIntegers(scaled, 0, divisor);
            else AddIntegers(MemoryMarshal.Cast<double, long>(values), Bits);
        }

        /// <summary>The fewest decimals with which all values are exact integers, written to <paramref name="integers"/>; -1 for none.</summary>
        static int Decimals(ReadOnlySpan<double> values, Span<long> integers)
        {
            var decimals = 0;
            for (var i = 0; i < values.Length;)
            {
                if (TryScale(values[i], decimals, out integers[i])) i++;
                else if (++decimals > MaxDecimals) return -1;
                else i = 0;
            }
            return decimals;
        }

        static bool TryScale(double value, int decimals, out long integer)
        {
            var scaled = Math.Round(value * Powers[decimals]);
            integer = 0;
            if (!(Math.Abs(scaled) < 1L << 53)) return false;
            integer = (long)scaled;
            return BitConverter.DoubleToInt64Bits(integer / Powers[decimals]) == BitConverter.DoubleToInt64Bits(value);
        }

        /// <summary>Of the integers, their differences and the differences of those, the ones that vary least. Bits may overflow: the reader's sums do too.</summary>
        void AddIntegers(ReadOnlySpan<long> integers, int scale, long divisor = 0)
        {
            var first = Difference(integers, _first);
            var second = Difference(first, _second);
            var levels = Spread(integers);
            var differences = first.Length < 2 ? int.MaxValue : Spread(first) + 8;
            var seconds = second.Length < 2 ? int.MaxValue : Spread(second) + 16;
            var order = levels <= differences && levels <= seconds ? 0 : differences <= seconds ? 1 : 2;
            var numbers = order == 0 ? integers : order == 1 ? first : second;
            var (smallest, largest) = (long.MaxValue, long.MinValue);
            foreach (var number in numbers) (smallest, largest) = (Math.Min(smallest, number), Math.Max(largest, number));
            var unit = Unit(numbers, smallest);
            var width = Bytes((ulong)(largest - smallest) / unit);
            PutByte(_series, (byte)((divisor > 0 ? order | Divided : order) * 8 + scale));
            PutByte(_series, (byte)width);
            if (divisor > 0) Put(_series, (ulong)divisor);
            Put(_series, unit);
            if (order >= 1) Put(_series, Varint.Fold(integers[0]));
            if (order == 2) Put(_series, Varint.Fold(first[0]));
            Put(_series, Varint.Fold(smallest));
            AddResiduals(numbers, smallest, unit, width);
        }

        /// <summary>What divides all residuals: memory comes in pages, disks in sectors.</summary>
        static ulong Unit(ReadOnlySpan<long> numbers, long smallest)
        {
            ulong unit = 0;
            foreach (var number in numbers)
            {
                for (var (a, b) = (unit, (ulong)(number - smallest)); ; (a, b) = (b, a % b))
                {
                    unit = a;
                    if (b == 0) break;
                }
                if (unit == 1) break;
            }
            return Math.Max(unit, 1);
        }

        static ReadOnlySpan<long> Difference(ReadOnlySpan<long> of, long[] into)
        {
            if (of.Length < 2) return [];
            for (var i = 1; i < of.Length; i++) into[i - 1] = of[i] - of[i - 1];
            return into.AsSpan(0, of.Length - 1);
        }

        /// <summary>Bits that the numbers need beside a typical one: a single leap does not decide.</summary>
        static int Spread(ReadOnlySpan<long> numbers)
        {
            var (a, b, c) = (numbers[0], numbers[numbers.Length / 2], numbers[^1]);
            var typical = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            var bits = 0;
            foreach (var number in numbers) bits += 64 - BitOperations.LeadingZeroCount(Varint.Fold(number - typical));
            return bits;
        }

        static int Bytes(ulong largest) => (71 - BitOperations.LeadingZeroCount(largest)) / 8;

        void AddResiduals(ReadOnlySpan<long> numbers, long smallest, ulong unit, int width)
        {
            for (var plane = 0; plane < width; plane++)
            {
                var to = _planes[plane].GetSpan(numbers.Length)[..numbers.Length];
                if (unit == 1)
                    for (var i = 0; i < to.Length; i++) to[i] = (byte)((ulong)(numbers[i] - smallest) >> (8 * plane));
                else
                    for (var i = 0; i < to.Length; i++) to[i] = (byte)((ulong)(numbers[i] - smallest) / unit >> (8 * plane));
                _planes[plane].Advance(numbers.Length);
            }
        }

        static void PutByte(ArrayBufferWriter<byte> to, byte value)
        {
            to.GetSpan(1)[0] = value;
            to.Advance(1);
        }

        static void Put(ArrayBufferWriter<byte> to, ulong value) => to.Advance(Varint.Write(to.GetSpan(Varint.MaxBytes), value));

        public byte[] Finish()
        {
            var start = new ArrayBufferWriter<byte>(128);
            PutByte(start, Version);
            Put(start, (ulong)Series);
            Put(start, (ulong)_columnTimes.Count);
            Put(start, (ulong)(_columns.WrittenCount + _series.WrittenCount));
            foreach (var plane in _planes) Put(start, (ulong)plane.WrittenCount);
            ArrayBufferWriter<byte>[] parts = [start, _columns, _series, .. _planes];
            var block = new byte[parts.Sum(p => p.WrittenCount)];
            var at = 0;
            foreach (var part in parts)
            {
                part.WrittenSpan.CopyTo(block.AsSpan(at));
                at += part.WrittenCount;
                part.ResetWrittenCount();
            }
            _columnOf.Clear();
            _columnTimes.Clear();
            (_resource, _attributes, _column, _firstTime, Series, Points, FromMs, ToMs) = (0, 0, 0, 0, 0, 0, long.MaxValue, long.MinValue);
            return block;
        }
    }
}
