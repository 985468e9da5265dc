using System.Buffers;
using System.Buffers.Binary;

namespace NrdotConsole.Core.Telemetry;

/// <summary>
/// Many series of one metric over a window: the form that is fast to read and small to keep. Exact for every bit pattern.
/// <code>
/// version (1) | series count | bytes of the identities | bytes of the times          varints
/// identities   per series: resource, attributes                                      folded differences to the series before
/// times        per series: 0 = the same times as the series before, else points + 1  varint
///              then the first time (folded difference to the first time of the series before), the first step, the changes of the step
/// values       per series: mode (1 byte), then
///              0       one value for all points, 8 bytes
///              1..7    integers of value x 10^(mode - 1): the first, then differences, folded
///              8..14   integers of value x 10^(mode - 8): the first, the first difference, then changes of the difference, folded
///              15      8 bytes each, xor with the one before
/// </code>
/// </summary>
public static class BlockCodec
{
    internal const byte Version = 1, Constant = 0, Differences = 1, SecondDifferences = 8, Raw = 15;
    internal const int MaxDecimals = 6;
    internal static readonly double[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

    /// <summary>Collects series and writes them as one block; used again after <see cref="Finish"/>.</summary>
    public sealed class Writer
    {
        readonly ArrayBufferWriter<byte> _identities = new(), _times = new(), _values = new();
        long[] _previousTimes = [], _integers = [];
        int _previousCount;
        long _resource, _attributes, _firstTime;

        public int Series { get; private set; }
        public int Points { get; private set; }
        public long FromMs { get; private set; } = long.MaxValue;
        public long ToMs { get; private set; } = long.MinValue;

        /// <param name="times">Ascending, at least one.</param>
        public void Add(int resource, int attributes, ReadOnlySpan<long> times, ReadOnlySpan<double> values)
        {
            Put(_identities, Varint.Fold(resource - _resource));
            Put(_identities, Varint.Fold(attributes - _attributes));
            (_resource, _attributes) = (resource, attributes);
            AddTimes(times);
            AddValues(values);
            Series++;
            Points += times.Length;
            FromMs = Math.Min(FromMs, times[0]);
            ToMs = Math.Max(ToMs, times[^1]);
        }

        void AddTimes(ReadOnlySpan<long> times)
        {
            if (times.SequenceEqual(_previousTimes.AsSpan(0, _previousCount)))
            {
                Put(_times, 0);
                return;
            }
            Put(_times, (ulong)times.Length + 1);
            Put(_times, Varint.Fold(times[0] - _firstTime));
            _firstTime = times[0];
            long step = 0;
            for (var i = 1; i < times.Length; i++)
            {
                var next = times[i] - times[i - 1];
                Put(_times, Varint.Fold(next - step));
                step = next;
            }
            if (_previousTimes.Length < times.Length) _previousTimes = new long[times.Length * 2];
            times.CopyTo(_previousTimes);
            _previousCount = times.Length;
        }

        void AddValues(ReadOnlySpan<double> values)
        {
            var bits = System.Runtime.InteropServices.MemoryMarshal.Cast<double, long>(values);
            if (!bits.ContainsAnyExcept(bits[0]))
            {
                PutByte(Constant);
                PutBits(bits[0]);
                return;
            }
            if (_integers.Length < values.Length) _integers = new long[values.Length * 2];
            var decimals = Decimals(values, _integers);
            if (decimals >= 0) AddIntegers(_integers.AsSpan(0, values.Length), decimals);
            else AddRaw(bits);
        }

        /// <summary>The fewest decimals with which all values are exact integers, written to <paramref name="integers"/>; -1 for none.</summary>
        static int Decimals(ReadOnlySpan<double> values, Span<long> integers)
        {
            var decimals = 0;
            for (var i = 0; i < values.Length; i++)
            {
                while (!TryScale(values[i], decimals, out integers[i]))
                {
                    if (++decimals > MaxDecimals) return -1;
                    i = 0;
                }
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

        void AddIntegers(ReadOnlySpan<long> integers, int decimals)
        {
            long first = 0, second = 0;
            for (var i = 2; i < integers.Length; i++)
            {
                var difference = integers[i] - integers[i - 1];
                first += Varint.Length(Varint.Fold(difference));
                second += Varint.Length(Varint.Fold(difference - (integers[i - 1] - integers[i - 2])));
            }
            var useSecond = second < first;
            PutByte((byte)((useSecond ? SecondDifferences : Differences) + decimals));
            Put(_values, Varint.Fold(integers[0]));
            long last = 0;
            for (var i = 1; i < integers.Length; i++)
            {
                var difference = integers[i] - integers[i - 1];
                Put(_values, Varint.Fold(useSecond ? difference - last : difference));
                last = difference;
            }
        }

        void AddRaw(ReadOnlySpan<long> bits)
        {
            PutByte(Raw);
            long last = 0;
            foreach (var value in bits)
            {
                PutBits(value ^ last);
                last = value;
            }
        }

        void PutByte(byte value)
        {
            _values.GetSpan(1)[0] = value;
            _values.Advance(1);
        }

        void PutBits(long bits)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_values.GetSpan(8), bits);
            _values.Advance(8);
        }

        static void Put(ArrayBufferWriter<byte> to, ulong value) => to.Advance(Varint.Write(to.GetSpan(Varint.MaxBytes), value));

        public byte[] Finish()
        {
            var head = new ArrayBufferWriter<byte>(32);
            Put(head, Version);
            Put(head, (ulong)Series);
            Put(head, (ulong)_identities.WrittenCount);
            Put(head, (ulong)_times.WrittenCount);
            byte[] block = [.. head.WrittenSpan, .. _identities.WrittenSpan, .. _times.WrittenSpan, .. _values.WrittenSpan];
            _identities.ResetWrittenCount();
            _times.ResetWrittenCount();
            _values.ResetWrittenCount();
            (_previousCount, _resource, _attributes, _firstTime, Series, Points, FromMs, ToMs) = (0, 0, 0, 0, 0, 0, long.MaxValue, long.MinValue);
            return block;
        }
    }

    /// <summary>Reads a block series by series; its arrays are used again for the next series and the next block.</summary>
    /// <exception cref="InvalidDataException">From every method: the bytes are not what a <see cref="Writer"/> wrote.</exception>
    public sealed class Reader
    {
        ReadOnlyMemory<byte> _block;
        long[] _times = new long[256];
        double[] _values = new double[256];
        int _left, _count, _identityAt, _identityEnd, _timeAt, _timeEnd, _valueAt;
        long _resource, _attributes, _firstTime;
        bool _skipped;

        public int Resource => (int)_resource;
        public int Attributes => (int)_attributes;
        public ReadOnlySpan<long> Times => _times.AsSpan(0, _count);

        /// <summary>True when the series bears the same times as the one before.</summary>
        public bool SameTimes { get; private set; }

        public void Open(ReadOnlyMemory<byte> block)
        {
            _block = block;
            var span = block.Span;
            var at = 0;
            if (Varint.Read(span, ref at) != Version) throw new InvalidDataException("A block of an unknown version.");
            _left = Checked(Varint.Read(span, ref at), span.Length);
            var identities = Checked(Varint.Read(span, ref at), span.Length);
            var times = Checked(Varint.Read(span, ref at), span.Length);
            _identityAt = at;
            _timeAt = _identityEnd = at + identities;
            _valueAt = _timeEnd = _timeAt + times;
            if (_timeEnd > span.Length) throw new InvalidDataException("A block that ends too early.");
            (_resource, _attributes, _firstTime, _count, _skipped) = (0, 0, 0, 0, false);
        }

        static int Checked(ulong value, int limit) => value <= (ulong)limit ? (int)value : throw new InvalidDataException("A block that ends too early.");

        /// <summary>Moves to the next series: its identity and times; its values are decoded when asked for. False after the last.</summary>
        public bool Next()
        {
            if (_left == 0) return false;
            if (_skipped) ReadValues();
            _left--;
            var span = _block.Span;
            _resource += Varint.Unfold(Varint.Read(span[.._identityEnd], ref _identityAt));
            _attributes += Varint.Unfold(Varint.Read(span[.._identityEnd], ref _identityAt));
            ReadTimes(span[.._timeEnd]);
            _skipped = true;
            return true;
        }

        void ReadTimes(ReadOnlySpan<byte> span)
        {
            var points = Varint.Read(span, ref _timeAt);
            SameTimes = points == 0;
            if (SameTimes) return;
            _count = Checked(points - 1, span.Length);
            if (_times.Length < _count)
            {
                _times = new long[_count * 2];
                _values = new double[_count * 2];
            }
            var time = _firstTime += Varint.Unfold(Varint.Read(span, ref _timeAt));
            if (_count > 0) _times[0] = time;
            long step = 0;
            for (var i = 1; i < _count; i++)
            {
                step += Varint.Unfold(Varint.Read(span, ref _timeAt));
                _times[i] = time += step;
            }
        }

        public ReadOnlySpan<double> Values()
        {
            if (_skipped) ReadValues();
            return _values.AsSpan(0, _count);
        }

        ReadOnlySpan<double> ReadValues()
        {
            _skipped = false;
            var span = _block.Span;
            var values = _values.AsSpan(0, _count);
            if (_valueAt >= span.Length) throw new InvalidDataException("A block that ends too early.");
            var mode = span[_valueAt++];
            if (mode is >= Differences and < Raw)
            {
                if (mode < SecondDifferences) ReadDifferences(span, values, Powers[mode - Differences]);
                else ReadSecondDifferences(span, values, Powers[mode - SecondDifferences]);
                return values;
            }
            if (mode > Raw || _valueAt + (mode == Raw ? 8L * _count : 8) > span.Length) throw new InvalidDataException("A block that ends too early.");
            long bits = 0;
            for (var i = 0; i < values.Length; i++)
            {
                if (i == 0 || mode == Raw)
                {
                    bits ^= BinaryPrimitives.ReadInt64LittleEndian(span[_valueAt..]);
                    _valueAt += 8;
                }
                values[i] = BitConverter.Int64BitsToDouble(bits);
            }
            return values;
        }

        void ReadDifferences(ReadOnlySpan<byte> span, Span<double> values, double power)
        {
            var at = _valueAt;
            long integer = 0;
            for (var i = 0; i < values.Length; i++)
            {
                integer += Varint.Unfold(Varint.Read(span, ref at));
                values[i] = integer;
            }
            _valueAt = at;
            Divide(values, power);
        }

        void ReadSecondDifferences(ReadOnlySpan<byte> span, Span<double> values, double power)
        {
            var at = _valueAt;
            long integer = 0, difference = 0;
            for (var i = 0; i < values.Length; i++)
            {
                var read = Varint.Unfold(Varint.Read(span, ref at));
                if (i == 0) integer = read;
                else integer += difference += read;
                values[i] = integer;
            }
            _valueAt = at;
            Divide(values, power);
        }

        static void Divide(Span<double> values, double power)
        {
            if (power == 1) return;
            for (var i = 0; i < values.Length; i++) values[i] /= power;
        }
    }
}
