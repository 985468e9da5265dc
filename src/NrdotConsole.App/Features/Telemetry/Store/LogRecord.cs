using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using ZstdSharp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// One accepted request in the log. Numbers are little endian.
/// <code>
/// 0   length of what follows the checksum    u32
/// 4   CRC-32 of what follows                 u32
/// 8   sequence                               i64
/// 16  received at, Unix ms                   i64
/// 24  length of the request; 0: stored plain i32
/// 28  length of the tenant; 65535: none      u16
/// 30  tenant, UTF-8 | the request, zstd level 1 where that is shorter
/// </code>
/// An instance is a buffer to write one in, and is used again.
/// </summary>
internal sealed class LogRecord : IDisposable
{
    public const int HeaderBytes = 30, MaxBytes = 1 << 28;
    const int NoTenant = ushort.MaxValue, WorthCompressing = 512;

    readonly Compressor _compressor = new(1);
    byte[] _bytes = new byte[4096];
    int _length;

    /// <summary>Everything but what is known only under the lock.</summary>
    public void Fill(string? tenant, ReadOnlySpan<byte> request)
    {
        var name = tenant is null ? 0 : Encoding.UTF8.GetByteCount(tenant);
        var at = HeaderBytes + name;
        var room = at + Compressor.GetCompressBound(request.Length);
        if (_bytes.Length < room) _bytes = new byte[room];
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(28), (ushort)(tenant is null ? NoTenant : name));
        if (tenant is not null) Encoding.UTF8.GetBytes(tenant, _bytes.AsSpan(HeaderBytes));
        var length = request.Length < WorthCompressing ? int.MaxValue : _compressor.Wrap(request, _bytes.AsSpan(at));
        var isCompressed = length < request.Length;
        if (!isCompressed)
        {
            request.CopyTo(_bytes.AsSpan(at));
            length = request.Length;
        }
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(24), isCompressed ? request.Length : 0);
        _length = at + length;
    }

    public ReadOnlySpan<byte> Seal(long sequence, long receivedMs)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(8), sequence);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(16), receivedMs);
        BinaryPrimitives.WriteInt32LittleEndian(_bytes, _length - 8);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(4), Crc32.HashToUInt32(_bytes.AsSpan(8, _length - 8)));
        return _bytes.AsSpan(0, _length);
    }

    public void Dispose() => _compressor.Dispose();

    /// <summary>A record as it was read. False when the bytes at <paramref name="at"/> are no whole, undamaged record; <paramref name="length"/> is then 0 if not even its end is known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> segment, int at, Decompressor decompressor, out LoggedRequest request, out int length)
    {
        request = default;
        length = 0;
        var rest = segment[at..];
        if (rest.Length < HeaderBytes) return false;
        var following = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (following < HeaderBytes - 8 || following > MaxBytes || following + 8 > rest.Length) return false;
        length = (int)following + 8;
        rest = rest[..length];
        if (Crc32.HashToUInt32(rest[8..]) != BinaryPrimitives.ReadUInt32LittleEndian(rest[4..])) return false;
        var name = BinaryPrimitives.ReadUInt16LittleEndian(rest[28..]);
        var tenant = name == NoTenant ? null : Encoding.UTF8.GetString(rest.Slice(HeaderBytes, name));
        var body = rest[(HeaderBytes + (name == NoTenant ? 0 : name))..];
        var plain = BinaryPrimitives.ReadInt32LittleEndian(rest[24..]);
        request = new(
            BinaryPrimitives.ReadInt64LittleEndian(rest[8..]), BinaryPrimitives.ReadInt64LittleEndian(rest[16..]), tenant,
            plain == 0 ? body.ToArray() : decompressor.Unwrap(body, plain).ToArray());
        return true;
    }
}

internal readonly record struct LoggedRequest(long Sequence, long ReceivedMs, string? Tenant, byte[] Body);
