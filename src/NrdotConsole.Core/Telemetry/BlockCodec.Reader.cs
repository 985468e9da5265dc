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
        int _left, _columns, _at, _headEnd, _order, _scale, _width, _residualCount;
        long _resource, _attributes, _column, _first, _firstDifference, _smallest, _unit;
        double _divisor;
        bool _isPending;

        public int Resource => (int)_resource;
        public int Attributes => (int)_attributes;

        /// <summary>Which of the block's time columns the series bears: a series of the same column has the same <see cref="Times"/>.</summary>
        public int Column => (int)_column;

        public ReadOnlySpan<long> Times => TimesOf(Column);

        /// <summary>All values are decimal numbers: none is NaN, infinite or not recorded.</summary>
        public bool AreNumbers => _scale != Bits;

        public void Open(ReadOnlyMemory<byte> block)
        {
            _block = block;
            var span = block.Span;
            if (span.IsEmpty) throw Short();
            if (span[0] is < OldestVersion or > Version) throw new InvalidDataException($"A block of version {span[0]}; this program reads version {Version}. Start the program that wrote it, or begin with an empty data directory.");
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
            ReadForm(head);
            _isPending = true;
            return true;
        }

        void ReadForm(ReadOnlySpan<byte> head)
        {
            (_order, _scale) = ((head[_at] >> 3) & ~Divided, head[_at] & 7);
            var isDivided = ((head[_at] >> 3) & Divided) != 0;
            _width = head[_at + 1];
            _at += 2;
            if (_order > 2 || _width > Planes || (isDivided && _scale != 0)) throw new InvalidDataException("A block with values of an unknown form.");
            _divisor = isDivided ? Varint.Read(head, ref _at) : _scale == Bits ? 1 : Powers[_scale];
            _unit = (long)Varint.Read(head, ref _at);
            if (_order >= 1) _first = Varint.Unfold(Varint.Read(head, ref _at));
            if (_order == 2) _firstDifference = Varint.Unfold(Varint.Read(head, ref _at));
            _smallest = Varint.Unfold(Varint.Read(head, ref _at));
            _residualCount = _columnAt[Column + 1] - _columnAt[Column] - _order;
            if (_residualCount < 0) throw Short();
            for (var plane = 0; plane < _width; plane++)
                if (_planeAt[plane] + _residualCount > _planeEnd[plane]) throw Short();
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
            if (_scale == Bits) ReadBits(values);
            else ReadNumbers(values);
            Pass();
            return values;
        }

        void ReadBits(Span<double> values)
        {
            Gather();
            var (integer, difference) = (_first, _firstDifference);
            for (var i = 0; i < values.Length; i++)
            {
                if (i >= _order) difference = (_order == 2 ? difference : 0) + _smallest + _unit * _residuals[i - _order];
                if (_order == 0) integer = difference;
                else if (i > 0) integer += difference;
                values[i] = BitConverter.Int64BitsToDouble(integer);
            }
        }

        void ReadNumbers(Span<double> values)
        {
            if (_order == 0) ReadLevels(values);
            else if (_order == 1) ReadDifferences(values);
            else ReadSecondDifferences(values);
            Divide(values, _divisor);
        }

        void ReadLevels(Span<double> values)
        {
            switch (_width)
            {
                case 0:
                    values.Fill(_smallest);
                    break;
                case 1:
                    var low = Plane(0);
                    for (var i = 0; i < values.Length && i < low.Length; i++) values[i] = _smallest + _unit * low[i];
                    break;
                default:
                    Gather();
                    for (var i = 0; i < values.Length; i++) values[i] = _smallest + _unit * _residuals[i];
                    break;
            }
        }

        void ReadDifferences(Span<double> values)
        {
            var (number, step, unit) = (_first, _smallest, _unit);
            values[0] = number;
            var rest = values[1..];
            switch (_width)
            {
                case 0:
                    for (var i = 0; i < rest.Length; i++) rest[i] = number += step;
                    break;
                case 1:
                    var low = Plane(0);
                    for (var i = 0; i < rest.Length && i < low.Length; i++) rest[i] = number += step + unit * low[i];
                    break;
                case 2:
                    var small = Plane(0);
                    var large = Plane(1);
                    for (var i = 0; i < rest.Length && i < small.Length && i < large.Length; i++) rest[i] = number += step + unit * (small[i] | large[i] << 8);
                    break;
                default:
                    Gather();
                    for (var i = 0; i < rest.Length; i++) rest[i] = number += step + unit * _residuals[i];
                    break;
            }
        }

        void ReadSecondDifferences(Span<double> values)
        {
            var (number, difference, step, unit) = (_first, _firstDifference, _smallest, _unit);
            Gather();
            values[0] = number;
            values[1] = number += difference;
            var rest = values[2..];
            for (var i = 0; i < rest.Length; i++) rest[i] = number += difference += step + unit * _residuals[i];
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
        static void Divide(Span<double> values, double by)
        {
            if (by == 1) return;
            var divisor = new Vector<double>(by);
            var i = 0;
            for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count) (new Vector<double>(values[i..]) / divisor).CopyTo(values[i..]);
            for (; i < values.Length; i++) values[i] /= by;
        }
    }
}
