using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>
/// Turns an ExportMetricsServiceRequest in JSON into its protobuf bytes, so that one reader serves both.
/// Proto3's JSON mapping: 64-bit integers are strings or numbers, enums names or numbers, doubles also <c>"NaN"</c>, <c>"Infinity"</c> and
/// <c>"-Infinity"</c>, bytes base64 of either alphabet; null is absent; unknown fields are ignored.
/// An instance keeps its memory and serves one request at a time.
/// </summary>
public sealed class OtlpJsonTranscoder
{
    /// <summary>The deepest attribute value that the reader takes, in JSON's own levels.</summary>
    const int MaxDepth = 16 + (4 * Wire.MaxDepth);
    const int KeptBytes = 1 << 20;

    /// <summary>Longer names, escaped, are none that is known.</summary>
    const int LongestName = 6 * 24;

    static readonly JsonReaderOptions Options = new() { MaxDepth = MaxDepth };

    readonly List<(string Name, int Index)> _path = [];
    byte[] _out = new byte[4096];
    int _length;
    int _most;

    /// <param name="maxBytes">Most bytes of the answer.</param>
    /// <param name="request">Valid until the next call.</param>
    /// <param name="fault">What is wrong, with its line, byte and path.</param>
    public bool TryTranscode(ReadOnlySpan<byte> json, int maxBytes, out ReadOnlySpan<byte> request, out string fault)
    {
        if (_out.Length > KeptBytes) _out = new byte[4096];
        _path.Clear();
        _length = 0;
        _most = maxBytes;
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Wrong(json, reader, "an object is wanted");
            Message(json, ref reader, OtlpMessage.Request);
            if (reader.Read()) throw Wrong(json, reader, "nothing may follow the request");
            request = _out.AsSpan(0, _length);
            fault = "";
            return true;
        }
        catch (JsonException wrong)
        {
            request = default;
            fault = $"JSON, line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine}{Path()}: {FirstSentence(wrong.Message)}";
            return false;
        }
    }

    void Message(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, OtlpMessage message)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(json, reader, message);
            reader.Read();
            if (field is null)
            {
                reader.Skip();
                continue;
            }
            if (reader.TokenType == JsonTokenType.Null) continue;
            _path.Add((field.Name, -1));
            if (field.Packed) Packed(json, ref reader, field);
            else if (field.Repeated) Repeated(json, ref reader, field);
            else Single(json, ref reader, field);
            _path.RemoveAt(_path.Count - 1);
        }
    }

    static OtlpField? Find(ReadOnlySpan<byte> json, in Utf8JsonReader reader, OtlpMessage message)
    {
        Span<byte> unescaped = stackalloc byte[LongestName];
        scoped var name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            if (name.Length > LongestName) return null;
            name = unescaped[..Unescape(json, reader, unescaped)];
        }
        foreach (var field in message.Fields)
        {
            if (field.IsNamed(name)) return field;
        }
        return null;
    }

    void Repeated(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, OtlpField field)
    {
        Expect(json, reader, JsonTokenType.StartArray, "an array is wanted");
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            _path[^1] = (field.Name, i);
            Single(json, ref reader, field);
        }
    }

    void Packed(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, OtlpField field)
    {
        Expect(json, reader, JsonTokenType.StartArray, "an array is wanted");
        Raw(field.Tag);
        var start = Begin();
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            _path[^1] = (field.Name, i);
            Number(json, reader, field.Kind);
        }
        End(start);
    }

    void Single(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, OtlpField field)
    {
        Raw(field.Tag);
        switch (field.Kind)
        {
            case FieldKind.Message:
                Expect(json, reader, JsonTokenType.StartObject, "an object is wanted");
                var start = Begin();
                Message(json, ref reader, field.Message!);
                End(start);
                break;
            case FieldKind.Text:
                Expect(json, reader, JsonTokenType.String, "a string is wanted");
                Text(json, reader);
                break;
            case FieldKind.Base64:
                Expect(json, reader, JsonTokenType.String, "a base64 string is wanted");
                Base64(json, reader);
                break;
            default:
                Number(json, reader, field.Kind);
                break;
        }
    }

    void Text(ReadOnlySpan<byte> json, in Utf8JsonReader reader)
    {
        var start = Begin();
        var room = Room(reader.ValueSpan.Length);
        if (!reader.ValueIsEscaped)
        {
            reader.ValueSpan.CopyTo(room);
            _length += reader.ValueSpan.Length;
        }
        else
        {
            _length += Unescape(json, reader, room);
        }
        End(start);
    }

    void Base64(ReadOnlySpan<byte> json, in Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan).Replace("\\/", "/", StringComparison.Ordinal).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        var start = Begin();
        if (Base64Url.DecodeFromChars(text, Room(text.Length), out _, out var written) != OperationStatus.Done) throw Wrong(json, reader, "not base64");
        _length += written;
        End(start);
    }

    void Number(ReadOnlySpan<byte> json, in Utf8JsonReader reader, FieldKind kind)
    {
        switch (kind)
        {
            case FieldKind.Bool:
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False)) throw Wrong(json, reader, "true or false is wanted");
                Raw(reader.TokenType == JsonTokenType.True ? (byte)1 : (byte)0);
                break;
            case FieldKind.Double:
                Fixed64(BitConverter.DoubleToUInt64Bits(Double(json, reader)));
                break;
            case FieldKind.Fixed64:
                Fixed64(Unsigned(json, reader, ulong.MaxValue));
                break;
            case FieldKind.SFixed64:
                Fixed64((ulong)Signed(json, reader, long.MinValue, long.MaxValue));
                break;
            case FieldKind.Int64:
                Varint((ulong)Signed(json, reader, long.MinValue, long.MaxValue));
                break;
            case FieldKind.UInt64:
                Varint(Unsigned(json, reader, ulong.MaxValue));
                break;
            case FieldKind.UInt32:
                Varint(Unsigned(json, reader, uint.MaxValue));
                break;
            case FieldKind.SInt32:
                var value = (int)Signed(json, reader, int.MinValue, int.MaxValue);
                Varint((uint)((value << 1) ^ (value >> 31)));
                break;
            default:
                Varint(Temporality(json, reader));
                break;
        }
    }

    static ulong Temporality(ReadOnlySpan<byte> json, in Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number) return (uint)Signed(json, reader, int.MinValue, int.MaxValue);
        Expect(json, reader, JsonTokenType.String, "a name or number is wanted");
        if (reader.ValueTextEquals("AGGREGATION_TEMPORALITY_UNSPECIFIED"u8)) return 0;
        if (reader.ValueTextEquals("AGGREGATION_TEMPORALITY_DELTA"u8)) return 1;
        if (reader.ValueTextEquals("AGGREGATION_TEMPORALITY_CUMULATIVE"u8)) return 2;
        throw Wrong(json, reader, "not an aggregation temporality");
    }

    static double Double(ReadOnlySpan<byte> json, in Utf8JsonReader reader)
    {
        var digits = Digits(json, reader);
        if (Utf8Parser.TryParse(digits, out double value, out var consumed) && consumed == digits.Length && double.IsFinite(value)) return value;
        if (reader.TokenType == JsonTokenType.String)
        {
            if (digits.SequenceEqual("NaN"u8)) return double.NaN;
            if (digits.SequenceEqual("Infinity"u8)) return double.PositiveInfinity;
            if (digits.SequenceEqual("-Infinity"u8)) return double.NegativeInfinity;
        }
        throw Wrong(json, reader, "not a double");
    }

    static long Signed(ReadOnlySpan<byte> json, in Utf8JsonReader reader, long least, long most)
    {
        var digits = Digits(json, reader);
        if (!(Utf8Parser.TryParse(digits, out long value, out var consumed) && consumed == digits.Length) && !TryWhole(digits, out value)) throw Wrong(json, reader, "not a whole number, or too large");
        return value >= least && value <= most ? value : throw Wrong(json, reader, "a number out of range");
    }

    static ulong Unsigned(ReadOnlySpan<byte> json, in Utf8JsonReader reader, ulong most)
    {
        var digits = Digits(json, reader);
        if (!(Utf8Parser.TryParse(digits, out ulong value, out var consumed) && consumed == digits.Length))
        {
            if (!TryWhole(digits, out var whole) || whole < 0) throw Wrong(json, reader, "not a whole number of 0 or more, or too large");
            value = (ulong)whole;
        }
        return value <= most ? value : throw Wrong(json, reader, "a number out of range");
    }

    /// <summary>1.0 and 1e3 are whole numbers too.</summary>
    static bool TryWhole(ReadOnlySpan<byte> digits, out long value)
    {
        value = 0;
        if (!decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number != decimal.Truncate(number) || number is < long.MinValue or > long.MaxValue) return false;
        value = (long)number;
        return true;
    }

    static ReadOnlySpan<byte> Digits(ReadOnlySpan<byte> json, scoped in Utf8JsonReader reader) =>
        reader.TokenType is JsonTokenType.Number or JsonTokenType.String
            ? json.Slice((int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0), reader.ValueSpan.Length)
            : throw Wrong(json, reader, "a number is wanted");

    static int Unescape(ReadOnlySpan<byte> json, scoped in Utf8JsonReader reader, scoped Span<byte> into)
    {
        try
        {
            return reader.CopyString(into);
        }
        catch (InvalidOperationException)
        {
            throw Wrong(json, reader, "a string with half a surrogate pair or invalid UTF-8");
        }
    }

    static void Expect(ReadOnlySpan<byte> json, in Utf8JsonReader reader, JsonTokenType type, string wanted)
    {
        if (reader.TokenType != type) throw Wrong(json, reader, wanted);
    }

    /// <summary>Only bytes that are refused come here, once a request.</summary>
    static JsonException Wrong(ReadOnlySpan<byte> json, scoped in Utf8JsonReader reader, string what)
    {
        var before = json[..(int)reader.TokenStartIndex];
        return new JsonException(what, null, before.Count((byte)'\n'), before.Length - before.LastIndexOf((byte)'\n') - 1);
    }

    string Path()
    {
        if (_path.Count == 0) return "";
        var text = new StringBuilder(", ");
        foreach (var (name, index) in _path)
        {
            if (text.Length > 2) text.Append('.');
            text.Append(name);
            if (index >= 0) text.Append(CultureInfo.InvariantCulture, $"[{index}]");
        }
        return text.ToString();
    }

    /// <summary>The parser appends its own idea of line and byte.</summary>
    static string FirstSentence(string message) => message.Split(" LineNumber:")[0].Split(" Path:")[0];

    /// <summary>Leaves one byte for the length of what follows.</summary>
    int Begin()
    {
        Raw(0);
        return _length;
    }

    void End(int start)
    {
        var length = _length - start;
        var more = 0;
        for (var rest = (uint)length >> 7; rest != 0; rest >>= 7) more++;
        if (more > 0)
        {
            Room(more);
            _out.AsSpan(start, length).CopyTo(_out.AsSpan(start + more));
        }
        var end = _length + more;
        _length = start - 1;
        Varint((ulong)length);
        _length = end;
    }

    void Raw(byte value)
    {
        Room(1)[0] = value;
        _length++;
    }

    void Fixed64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Room(8), value);
        _length += 8;
    }

    void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Raw((byte)(value | 0x80));
        Raw((byte)value);
    }

    Span<byte> Room(int count)
    {
        if (_out.Length - _length < count)
        {
            if ((long)_length + count > _most) throw new JsonException($"more than {_most} bytes in protobuf");
            Array.Resize(ref _out, (int)Math.Clamp(2L * _out.Length, _length + count, Array.MaxLength));
        }
        return _out.AsSpan(_length);
    }
}
