using System.Buffers.Binary;
using System.Numerics;

namespace NrdotConsole.Core.Cardinality;

/// <summary>
/// Counts distinct 64-bit ids in bounded memory: exactly up to <see cref="ExactLimit"/>, above that with 2^precision
/// registers of one byte (Flajolet, Fusy, Gandouet, Meunier 2007) and Ertl's improved raw estimator (2017, "New
/// cardinality estimation algorithms for HyperLogLog sketches"), which needs no bias table and no switch of formula.
/// Relative standard error 1.04 / sqrt(2^precision): 0.81 % at 14 (16 kB), 1.63 % at 12 (4 kB).
/// The register histogram is kept along, so an estimate costs 65 steps, whatever the precision. Not thread-safe.
/// <code>
/// Bytes, little endian:  'H' 'L' version=1 precision | kind 0: int32 n, n x uint64 hash, ascending
///                                                    | kind 1: 2^precision register bytes
///                        0   1   2         3           4 kind
/// </code>
/// </summary>
public sealed class HyperLogLog
{
    public const int ExactLimit = 256;
    public const int MinimumPrecision = 4;
    public const int MaximumPrecision = 16;
    const int HeaderBytes = 5;

    /// <summary>Registers read from a damaged file may all be full, which estimates infinity.</summary>
    const double MaximumEstimate = 1e15;

    readonly int _precision;
    HashSet<ulong>? _exact = [];
    byte[] _registers = [];
    int[] _histogram = [];

    public HyperLogLog(int precision = 14)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, MinimumPrecision);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, MaximumPrecision);
        _precision = precision;
    }

    public int Precision => _precision;
    public bool IsExact => _exact is not null;

    /// <summary>Relative standard error of <see cref="Estimate"/>: 0 while exact.</summary>
    public double RelativeError => IsExact ? 0 : StandardError(_precision);

    public static double StandardError(int precision) => 1.04 / Math.Sqrt(1 << precision);

    /// <summary>Distinct ids added, exact or estimated.</summary>
    public long Estimate => _exact?.Count ?? (long)Math.Round(Math.Min(EstimateDense(), MaximumEstimate));

    /// <summary>Adds an id as the caller has it (it is mixed here); true where the sketch changed.</summary>
    public bool Add(ulong id) => AddHash(Hash64.Mix(id));

    /// <summary>Makes this sketch the union of both. Both must have one precision.</summary>
    public void Merge(HyperLogLog other)
    {
        if (other._precision != _precision) throw new ArgumentException($"Precision {other._precision} does not merge into {_precision}.", nameof(other));
        if (other._exact is not null)
        {
            if (ReferenceEquals(other, this)) return;
            foreach (var hash in other._exact) AddHash(hash);
            return;
        }
        if (_exact is not null) Densify();
        for (var i = 0; i < _registers.Length; i++) Raise(i, other._registers[i]);
    }

    public void Clear() => (_exact, _registers, _histogram) = ([], [], []);

    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderBytes + (_exact is null ? _registers.Length : sizeof(int) + _exact.Count * sizeof(ulong))];
        bytes[0] = (byte)'H';
        bytes[1] = (byte)'L';
        bytes[2] = 1;
        bytes[3] = (byte)_precision;
        bytes[4] = (byte)(_exact is null ? 1 : 0);
        if (_exact is null)
        {
            _registers.CopyTo(bytes, HeaderBytes);
            return bytes;
        }
        var sorted = _exact.ToArray();
        sorted.AsSpan().Sort();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderBytes), sorted.Length);
        for (var i = 0; i < sorted.Length; i++)
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(HeaderBytes + sizeof(int) + i * sizeof(ulong)), sorted[i]);
        return bytes;
    }

    /// <summary>Reads <see cref="ToBytes"/>'s form; false with the fault on anything else, however long or odd.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out HyperLogLog? sketch, out string fault)
    {
        sketch = null;
        fault = "";
        if (bytes.Length < HeaderBytes || bytes[0] != 'H' || bytes[1] != 'L' || bytes[2] != 1) fault = "not a version 1 sketch";
        else if (bytes[3] is < MinimumPrecision or > MaximumPrecision) fault = $"precision is {bytes[3]}, allowed are {MinimumPrecision} to {MaximumPrecision}";
        else if (bytes[4] > 1) fault = $"kind is {bytes[4]}, allowed are 0 and 1";
        if (fault.Length > 0) return false;
        var read = new HyperLogLog(bytes[3]);
        fault = bytes[4] == 0 ? read.ReadExact(bytes[HeaderBytes..]) : read.ReadRegisters(bytes[HeaderBytes..]);
        if (fault.Length > 0) return false;
        sketch = read;
        return true;
    }

    bool AddHash(ulong hash)
    {
        if (_exact is not null)
        {
            if (!_exact.Add(hash)) return false;
            if (_exact.Count > ExactLimit) Densify();
            return true;
        }
        // The marker bit bounds the run of zeros by 64 - precision.
        var rest = hash << _precision | 1UL << (_precision - 1);
        return Raise((int)(hash >> (64 - _precision)), (byte)(BitOperations.LeadingZeroCount(rest) + 1));
    }

    bool Raise(int register, byte rank)
    {
        var old = _registers[register];
        if (rank <= old) return false;
        _registers[register] = rank;
        _histogram[old]--;
        _histogram[rank]++;
        return true;
    }

    void Densify()
    {
        var hashes = _exact!;
        _exact = null;
        _registers = new byte[1 << _precision];
        _histogram = new int[MaximumRank + 1];
        _histogram[0] = _registers.Length;
        foreach (var hash in hashes) AddHash(hash);
    }

    int MaximumRank => 64 - _precision + 1;

    string ReadExact(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(int)) return "cut short";
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (count is < 0 or > ExactLimit) return $"count is {count}, allowed are 0 to {ExactLimit}";
        if (bytes.Length != sizeof(int) + count * sizeof(ulong)) return $"{count} hashes do not fit {bytes.Length} bytes";
        for (var i = 0; i < count; i++)
            if (!_exact!.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes[(sizeof(int) + i * sizeof(ulong))..]))) return "a hash stands twice";
        return "";
    }

    string ReadRegisters(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1 << _precision) return $"{bytes.Length} registers, not {1 << _precision}";
        Densify();
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] > MaximumRank) return $"register {i} is {bytes[i]}, at most {MaximumRank} is allowed";
            Raise(i, bytes[i]);
        }
        return "";
    }

    double EstimateDense()
    {
        double m = _registers.Length;
        var z = m * Tau(1 - _histogram[MaximumRank] / m);
        for (var k = MaximumRank - 1; k >= 1; k--) z = 0.5 * (z + _histogram[k]);
        z += m * Sigma(_histogram[0] / m);
        return m / (2 * Math.Log(2)) * m / z;
    }

    static double Sigma(double x)
    {
        if (x == 1) return double.PositiveInfinity;
        double y = 1, z = x, before;
        do
        {
            x *= x;
            before = z;
            z += x * y;
            y += y;
        }
        while (z != before);
        return z;
    }

    static double Tau(double x)
    {
        if (x is 0 or 1) return 0;
        double y = 1, z = 1 - x, before;
        do
        {
            x = Math.Sqrt(x);
            before = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (z != before);
        return z / 3;
    }
}
