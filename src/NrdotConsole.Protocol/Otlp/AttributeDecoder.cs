using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>
/// Turns raw attributes, as an <see cref="Core.Telemetry.IPointSink"/> receives them, into strings.
/// A string stands as it is; a boolean is <c>true</c> or <c>false</c>; numbers are invariant and round-trip; bytes are base64;
/// an array or a list of pairs is compact JSON; an absent value is the empty string. Invalid UTF-8 becomes U+FFFD.
/// </summary>
public static class AttributeDecoder
{
    static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 4 * Wire.MaxDepth };

    /// <summary>Adds the pairs in wire order; a key that was sent twice is added twice. False only for bytes that <see cref="OtlpReader"/> would have refused.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> attributes, List<KeyValuePair<string, string>> into)
    {
        for (var pos = 0; pos < attributes.Length;)
        {
            if (!Wire.TryTag(attributes, ref pos, attributes.Length, out var tag) || (tag & 7) != 2
                || !Wire.TryLength(attributes, ref pos, attributes.Length, out var length)) return false;
            var pair = attributes.Slice(pos, length);
            if (!AttributeShape.IsKeyValue(pair)) return false;
            var (key, value) = Split(pair);
            into.Add(new(Encoding.UTF8.GetString(pair[key]), Text(pair[value])));
            pos += length;
        }
        return true;
    }

    /// <summary>Where the key and the value stand in a well-formed KeyValue; of a repeated field the last one counts.</summary>
    static (Range Key, Range Value) Split(ReadOnlySpan<byte> pair)
    {
        Range key = default, value = default;
        for (var pos = 0; pos < pair.Length;)
        {
            Wire.TryTag(pair, ref pos, pair.Length, out var tag);
            if (tag is AttributeShape.KeyTag or AttributeShape.ValueTag)
            {
                Wire.TryLength(pair, ref pos, pair.Length, out var length);
                if (tag == AttributeShape.KeyTag) key = pos..(pos + length);
                else value = pos..(pos + length);
                pos += length;
            }
            else
            {
                Wire.TrySkip(pair, ref pos, pair.Length, tag);
            }
        }
        return (key, value);
    }

    static string Text(ReadOnlySpan<byte> value)
    {
        var (tag, bytes, number) = Content(value);
        return tag switch
        {
            AttributeShape.StringTag => Encoding.UTF8.GetString(value[bytes]),
            AttributeShape.BoolTag => number != 0 ? "true" : "false",
            AttributeShape.IntTag => ((long)number).ToString(CultureInfo.InvariantCulture),
            AttributeShape.DoubleTag => BitConverter.UInt64BitsToDouble(number).ToString("R", CultureInfo.InvariantCulture),
            AttributeShape.BytesTag => Convert.ToBase64String(value[bytes]),
            AttributeShape.ArrayTag or AttributeShape.ListTag => Json(value),
            _ => "",
        };
    }

    /// <summary>The alternative that an AnyValue holds (0: none), and its bytes or its number; the last one sent counts.</summary>
    static (uint Tag, Range Bytes, ulong Number) Content(ReadOnlySpan<byte> value)
    {
        uint found = 0;
        Range bytes = default;
        ulong number = 0;
        for (var pos = 0; pos < value.Length;)
        {
            Wire.TryTag(value, ref pos, value.Length, out var tag);
            switch (tag)
            {
                case AttributeShape.BoolTag or AttributeShape.IntTag:
                    Wire.TryVarint(value, ref pos, value.Length, out number);
                    found = tag;
                    break;
                case AttributeShape.DoubleTag:
                    Wire.TryFixed64(value, ref pos, value.Length, out number);
                    found = tag;
                    break;
                case AttributeShape.StringTag or AttributeShape.BytesTag or AttributeShape.ArrayTag or AttributeShape.ListTag:
                    Wire.TryLength(value, ref pos, value.Length, out var length);
                    bytes = pos..(pos + length);
                    pos += length;
                    found = tag;
                    break;
                default:
                    Wire.TrySkip(value, ref pos, value.Length, tag);
                    break;
            }
        }
        return (found, bytes, number);
    }

    static string Json(ReadOnlySpan<byte> value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonOptions)) Write(json, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> value)
    {
        var (tag, bytes, number) = Content(value);
        switch (tag)
        {
            case AttributeShape.BoolTag:
                json.WriteBooleanValue(number != 0);
                break;
            case AttributeShape.IntTag:
                json.WriteNumberValue((long)number);
                break;
            case AttributeShape.DoubleTag when double.IsFinite(BitConverter.UInt64BitsToDouble(number)):
                json.WriteNumberValue(BitConverter.UInt64BitsToDouble(number));
                break;
            case AttributeShape.ArrayTag:
                json.WriteStartArray();
                foreach (var element in new Elements(value[bytes])) Write(json, element);
                json.WriteEndArray();
                break;
            case AttributeShape.ListTag:
                json.WriteStartObject();
                foreach (var element in new Elements(value[bytes]))
                {
                    var (key, inner) = Split(element);
                    json.WritePropertyName(Encoding.UTF8.GetString(element[key]));
                    Write(json, element[inner]);
                }
                json.WriteEndObject();
                break;
            case 0:
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    /// <summary>The messages in a well-formed ArrayValue or KeyValueList.</summary>
    ref struct Elements(ReadOnlySpan<byte> data)
    {
        readonly ReadOnlySpan<byte> _data = data;
        int _pos;

        public ReadOnlySpan<byte> Current { get; private set; }

        public readonly Elements GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_pos < _data.Length)
            {
                Wire.TryTag(_data, ref _pos, _data.Length, out var tag);
                if (tag != AttributeShape.ElementTag)
                {
                    Wire.TrySkip(_data, ref _pos, _data.Length, tag);
                    continue;
                }
                Wire.TryLength(_data, ref _pos, _data.Length, out var length);
                Current = _data.Slice(_pos, length);
                _pos += length;
                return true;
            }
            return false;
        }
    }
}
