using System.Runtime.CompilerServices;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>
/// Checks that a <c>KeyValue</c> message can be decoded later, without decoding it: attributes are only ever turned into
/// strings for a series that is new.
/// <code>
/// KeyValue   1 key: string   2 value: AnyValue
/// AnyValue   1 string  2 bool: varint  3 int: varint  4 double: fixed64  5 ArrayValue  6 KeyValueList  7 bytes
/// ArrayValue 1 values: AnyValue*          KeyValueList 1 values: KeyValue*
/// </code>
/// </summary>
static class AttributeShape
{
    public const uint KeyTag = 0x0A, ValueTag = 0x12;
    public const uint StringTag = 0x0A, BoolTag = 0x10, IntTag = 0x18, DoubleTag = 0x21, ArrayTag = 0x2A, ListTag = 0x32, BytesTag = 0x3A;
    public const uint ElementTag = 0x0A;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsKeyValue(ReadOnlySpan<byte> keyValue) => IsShortString(keyValue) || IsKeyValue(keyValue, 0);

    /// <summary>A key and a string of under 128 bytes each, written in order: nearly every attribute there is.</summary>
    static bool IsShortString(ReadOnlySpan<byte> kv)
    {
        if (kv.Length < 6 || kv[0] != KeyTag || kv[1] >= 0x80) return false;
        var value = kv[1] + 2;
        return value + 4 <= kv.Length
            && kv[value] == ValueTag && kv[value + 1] == kv.Length - value - 2 && kv[value + 1] < 0x80
            && kv[value + 2] == StringTag && kv[value + 3] == kv.Length - value - 4;
    }

    static bool IsKeyValue(ReadOnlySpan<byte> data, int depth)
    {
        for (var pos = 0; pos < data.Length;)
        {
            if (!Wire.TryTag(data, ref pos, data.Length, out var tag)) return false;
            if (tag != ValueTag)
            {
                if (!Wire.TrySkip(data, ref pos, data.Length, tag)) return false;
                continue;
            }
            if (!Wire.TryLength(data, ref pos, data.Length, out var length) || !IsAnyValue(data.Slice(pos, length), depth + 1)) return false;
            pos += length;
        }
        return true;
    }

    static bool IsAnyValue(ReadOnlySpan<byte> data, int depth)
    {
        if (depth > Wire.MaxDepth) return false;
        for (var pos = 0; pos < data.Length;)
        {
            if (!Wire.TryTag(data, ref pos, data.Length, out var tag)) return false;
            if (tag is not (ArrayTag or ListTag))
            {
                if (!Wire.TrySkip(data, ref pos, data.Length, tag)) return false;
                continue;
            }
            if (!Wire.TryLength(data, ref pos, data.Length, out var length) || !AreElements(data.Slice(pos, length), tag == ListTag, depth)) return false;
            pos += length;
        }
        return true;
    }

    static bool AreElements(ReadOnlySpan<byte> data, bool keyed, int depth)
    {
        for (var pos = 0; pos < data.Length;)
        {
            if (!Wire.TryTag(data, ref pos, data.Length, out var tag)) return false;
            if (tag != ElementTag)
            {
                if (!Wire.TrySkip(data, ref pos, data.Length, tag)) return false;
                continue;
            }
            if (!Wire.TryLength(data, ref pos, data.Length, out var length)) return false;
            var element = data.Slice(pos, length);
            if (!(keyed ? IsKeyValue(element, depth) : IsAnyValue(element, depth + 1))) return false;
            pos += length;
        }
        return true;
    }
}
