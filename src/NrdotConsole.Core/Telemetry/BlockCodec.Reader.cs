using System.Buffers.Binary;
using System.Numerics;

namespace NrdotConsole.Core.Telemetry;

public static partial class BlockCodec
{
    /// <summary>Reads a block series by series; its arrays are used again for the next series and the next block.</summary>
    /// <exception cref="InvalidDataException">From every method: the bytes are not what a <see cref="Writer"/> wrote.</exception>
    public sealed class Reader
    {
        readonly int[] _planeAt = new int[Planes], _planeEnd = new int[Planes];
        ReadOnlyMemory<byte> _block;
        long[] _times = new long[1024], _residuals = new long[256];
        double[] _values = new double[256];
        int[] _columnAt = new int[16];
        int _left, _columns, _at, _headEnd, _form, _width, _residualCount;
        long _resource, _attributes, _column, _base, _firstDifference, _smallest;
        bool _isPending;

        public int Resource => (int)_resource;
        public int Attributes => (int)_attributes;

        /// <summary>Which of the block's time columns the series bears: a series of the same column has the same <see cref="Times"/>.</summary>
        public int Column => (int)_column;

        public ReadOnlySpan<long> Times => TimesOf(Column);

        /// <summary>All values are decimal numbers: none is NaN, infinite or not recorded.</summary>
        public bool AreNumbers => _form < Constant;

        public void Open(ReadOnlyMemory<byte> block)
        {
            _block = block;
            var span = block.Span;
            if (span.IsEmpty) throw Short();
            if (span[0] != Version) throw new InvalidDataException($"A block of version {span[0]}; this program reads version {Version}. Start the program that wrote it, or begin with an empty data directory.");
            var at = 1;
            _left = Checked(Varint.Read(span, ref at), span.Length);
            _columns = Checked(Varint.Read(span, ref at), span.Length);
            var head = Checked(Varint.Read(span, ref at), span.Length);
            for (var plane = 0; plane < Planes; plane++) _planeEnd[plane] = Checked(Varint.Read(span, ref at), span.Length);
            _headEnd = at + head;
            long end = _headEnd;
            for (var plane = 0; plane < Planes; plane++)
            {
                _planeAt[plane] = (int)end;
                end += _planeEnd[plane];
                if (end > span.Length) throw Short();
                _planeEnd[plane] = (int)end;
            }
            _at = at;
            (_resource, _attributes, _column, _isPending) = (0, 0, 0, false);
            ReadColumns(span[.._headEnd]);
        }

        static InvalidDataException Short() => new("A block that ends too early.");

        static int Checked(ulong value, int limit) => value <= (ulong)limit ? (int)value : throw Short();

        void ReadColumns(ReadOnlySpan<byte> head)
        {
            if (_columnAt.Length <= _columns) _columnAt = new int[_columns * 2 + 1];
            long firstTime = 0;
            var end = 0;
            _columnAt[0] = 0;
            for (var column = 0; column < _columns; column++)
            {
                var count = Checked(Varint.Read(head, ref _at), head.Length);
                if (_times.Length < end + count) Array.Resize(ref _times, Math.Max(end + count, _times.Length * 2));
                var times = _times.AsSpan(end, count);
                var time = firstTime += Varint.Unfold(Varint.Read(head, ref _at));
                if (count > 0) times[0] = time;
                long step = 0;
                for (var i = 1; i < times.Length; i++)
                {
                    step += Varint.Unfold(Varint.Read(head, ref _at));
                    times[i] = time += step;
                }
                _columnAt[column + 1] = end += count;
            }
        }

        public ReadOnlySpan<long> TimesOf(int column) => _times.AsSpan(_columnAt[column], _columnAt[column + 1] - _columnAt[column]);

        /// <summary>Moves to the next series: its identity and times; its values are decoded when asked for. False after the last.</summary>
        public bool Next()
        {
            if (_left == 0) return false;
            if (_isPending) Pass();
            _left--;
            var head = _block.Span[.._headEnd];
            _resource += Varint.Unfold(Varint.Read(head, ref _at));
            _attributes += Varint.Unfold(Varint.Read(head, ref _at));
            _column += Varint.Unfold(Varint.Read(head, ref _at));
            if (_column < 0 || _column >= _columns || _at + 2 > head.Length) throw Short();
            _form = head[_at++];
            _width = head[_at++];
            if (_form > Raw || _width > Planes || (_form < Constant && (_form & 7) > MaxDecimals)) throw new InvalidDataException("A block with values of an unknown form.");
            _residualCount = _columnAt[Column + 1] - _columnAt[Column];
            if (_form == Constant) ReadConstant(head);
            else if (_form < Constant) ReadBases(head);
            for (var plane = 0; plane < _width; plane++)
                if (_planeAt[plane] + _residualCount > _planeEnd[plane]) throw Short();
            _isPending = true;
            return true;
        }

        void ReadConstant(ReadOnlySpan<byte> head)
        {
            if (_at + 8 > head.Length || _width != 0) throw Short();
            _base = BinaryPrimitives.ReadInt64LittleEndian(head[_at..]);
            _at += 8;
        }

        void ReadBases(ReadOnlySpan<byte> head)
        {
            if (_form >= Differences) _base = Varint.Unfold(Varint.Read(head, ref _at));
            if (_form >= SecondDifferences) _firstDifference = Varint.Unfold(Varint.Read(head, ref _at));
            _smallest = Varint.Unfold(Varint.Read(head, ref _at));
            _residualCount -= _form >> 3;
            if (_residualCount < 0) throw Short();
        }

        void Pass()
        {
            for (var plane = 0; plane < _width; plane++) _planeAt[plane] += _residualCount;
            _isPending = false;
        }

        public ReadOnlySpan<double> Values()
        {
            var count = _columnAt[Column + 1] - _columnAt[Column];
            if (!_isPending) return _values.AsSpan(0, count);
            if (_values.Length < count) (_values, _residuals) = (new double[count * 2], new long[count * 2]);
            var values = _values.AsSpan(0, count);
            if (_form == Constant) values.Fill(BitConverter.Int64BitsToDouble(_base));
            else if (_form == Raw) ReadBits(values);
            else ReadNumbers(values);
            Pass();
            return values;
        }

        void ReadBits(Span<double> values)
        {
            Gather();
            long bits = 0;
            for (var i = 0; i < values.Length; i++) values[i] = BitConverter.Int64BitsToDouble(bits ^= _residuals[i]);
        }

        void ReadNumbers(Span<double> values)
        {
            if (_form < Differences) ReadLevels(values);
            else if (_form < SecondDifferences) ReadDifferences(values);
            else ReadSecondDifferences(values);
            Divide(values, Powers[_form & 7]);
        }

        void ReadLevels(Span<double> values)
        {
            if (_width == 0)
            {
                values.Fill(_smallest);
                return;
            }
            if (_width == 1)
            {
                var low = Plane(0);
                for (var i = 0; i < values.Length && i < low.Length; i++) values[i] = _smallest + low[i];
                return;
            }
            Gather();
            for (var i = 0; i < values.Length; i++) values[i] = _smallest + _residuals[i];
        }

        void ReadDifferences(Span<double> values)
        {
            var (number, step) = (_base, _smallest);
            values[0] = number;
            var rest = values[1..];
            switch (_width)
            {
                case 0:
                    for (var i = 0; i < rest.Length; i++) rest[i] = number += step;
                    break;
                case 1:
                    var low = Plane(0);
                    for (var i = 0; i < rest.Length && i < low.Length; i++) rest[i] = number += step + low[i];
                    break;
                case 2:
                    var small = Plane(0);
                    var large = Plane(1);
                    for (var i = 0; i < rest.Length && i < small.Length && i < large.Length; i++) rest[i] = number += step + (small[i] | large[i] << 8);
                    break;
                default:
                    Gather();
                    for (var i = 0; i < rest.Length; i++) rest[i] = number += step + _residuals[i];
                    break;
            }
        }

        void ReadSecondDifferences(Span<double> values)
        {
            var (number, difference) = (_base, _firstDifference);
            Gather();
            values[0] = number;
            values[1] = number += difference;
            var rest = values[2..];
            for (var i = 0; i < rest.Length; i++)
            {
                difference += _smallest + _residuals[i];
                rest[i] = number += difference;
            }
        }

        ReadOnlySpan<byte> Plane(int plane) => _block.Span.Slice(_planeAt[plane], _residualCount);

        /// <summary>Joins the planes' bytes to residuals.</summary>
        void Gather()
        {
            var residuals = _residuals.AsSpan(0, _residualCount);
            residuals.Clear();
            for (var plane = 0; plane < _width; plane++)
            {
                var bytes = Plane(plane);
                for (var i = 0; i < residuals.Length && i < bytes.Length; i++) residuals[i] |= (long)bytes[i] << (8 * plane);
            }
        }

        /// <summary>A quotient, not a product with 0.01: only that is the double that was sent.</summary>
        static void Divide(Span<double> values, double power)
        {
            if (power == 1) return;
            var divisor = new Vector<double>(power);
            var i = 0;
            for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count) (new Vector<double>(values[i..]) / divisor).CopyTo(values[i..]);
            for (; i < values.Length; i++) values[i] /= power;
        }
    }
}
