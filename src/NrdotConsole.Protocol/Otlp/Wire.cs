using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>
/// The protobuf wire: a message is a run of fields; a field is a varint tag (number &lt;&lt; 3 | wire type) and
/// <code>
/// 0 varint            1 to 10 bytes, seven bits each, low first
/// 1 fixed64           8 bytes, little endian
/// 2 length-delimited  varint length, then that many bytes: string, bytes, message, packed numbers
/// 3 4 group           fields between a start and an end tag; nobody writes them, a reader must skip them
/// 5 fixed32           4 bytes
/// </code>
/// Every method stays within <c>data[..end]</c> and answers false where the bytes end too early or make no sense.
/// </summary>
static class Wire
{
    /// <summary>Deepest nesting of groups and of attribute values.</summary>
    public const int MaxDepth = 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryVarint(ReadOnlySpan<byte> data, ref int pos, int end, out ulong value)
    {
        if ((uint)pos < (uint)data.Length && pos < end && data[pos] < 0x80)
        {
            value = data[pos++];
            return true;
        }
        return TryLongVarint(data, ref pos, end, out value);
    }

    static bool TryLongVarint(ReadOnlySpan<byte> data, ref int pos, int end, out ulong value)
    {
        value = 0;
        var at = pos;
        for (var shift = 0; shift < 70 && at < end; shift += 7)
        {
            var b = data[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b >= 0x80) continue;
            pos = at;
            return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTag(ReadOnlySpan<byte> data, ref int pos, int end, out uint tag)
    {
        var at = pos;
        if (TryVarint(data, ref at, end, out var value) && value is >= 8 and <= uint.MaxValue)
        {
            pos = at;
            tag = (uint)value;
            return true;
        }
        tag = 0;
        return false;
    }

    /// <summary>The length of a length-delimited field, checked to lie within <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLength(ReadOnlySpan<byte> data, ref int pos, int end, out int length)
    {
        var at = pos;
        if (TryVarint(data, ref at, end, out var value) && value <= (ulong)(end - at))
        {
            pos = at;
            length = (int)value;
            return true;
        }
        length = 0;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryFixed64(ReadOnlySpan<byte> data, ref int pos, int end, out ulong value)
    {
        if (end - pos < 8)
        {
            value = 0;
            return false;
        }
        value = BinaryPrimitives.ReadUInt64LittleEndian(data[pos..]);
        pos += 8;
        return true;
    }

    /// <summary>Steps over a field whose tag was just read.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> data, ref int pos, int end, uint tag, int depth = 0)
    {
        switch (tag & 7)
        {
            case 0:
                return TryVarint(data, ref pos, end, out _);
            case 1 when end - pos >= 8:
                pos += 8;
                return true;
            case 2 when TryLength(data, ref pos, end, out var length):
                pos += length;
                return true;
            case 3:
                return depth < MaxDepth && TrySkipGroup(data, ref pos, end, tag + 1, depth + 1);
            case 5 when end - pos >= 4:
                pos += 4;
                return true;
            default:
                return false;
        }
    }

    static bool TrySkipGroup(ReadOnlySpan<byte> data, ref int pos, int end, uint endTag, int depth)
    {
        while (TryTag(data, ref pos, end, out var tag))
        {
            if (tag == endTag) return true;
            if (!TrySkip(data, ref pos, end, tag, depth)) return false;
        }
        return false;
    }
}
