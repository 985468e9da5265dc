using System.Text;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Protocol.OpAmp;

/// <summary>
/// Walks the fields of one message. The first fault ends the walk of this message and of all around it: after it every
/// value read is empty, and <see cref="Next"/> says no more.
/// </summary>
ref struct FieldReader
{
    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    readonly ReadOnlySpan<byte> _data;
    readonly ReadState _state;
    readonly string _name;
    readonly int _start, _depth;
    int _pos;
    uint _tag;

    public FieldReader(ReadOnlySpan<byte> data, ReadState state, string name) : this(data, state, name, 0, 0) { }

    FieldReader(ReadOnlySpan<byte> data, ReadState state, string name, int start, int depth)
    {
        _data = data;
        (_state, _name, _start, _depth) = (state, name, start, depth);
    }

    /// <summary>The next field's tag; its value must be read, or stepped over by <see cref="Skip"/>, before the next call.</summary>
    public bool Next(out uint tag)
    {
        tag = 0;
        if (_state.Fault is not null || _pos == _data.Length) return false;
        if (!Wire.TryTag(_data, ref _pos, _data.Length, out tag)) return Fail("no field begins here");
        _tag = tag;
        return true;
    }

    public void Skip()
    {
        if (!Wire.TrySkip(_data, ref _pos, _data.Length, _tag)) Fail($"field {_tag >> 3} is cut off or of no known wire type");
    }

    public ulong Varint()
    {
        if (!Wire.TryVarint(_data, ref _pos, _data.Length, out var value)) Fail($"the number of field {_tag >> 3} is cut off");
        return value;
    }

    public bool Flag() => Varint() != 0;

    public ulong Fixed64()
    {
        if (!Wire.TryFixed64(_data, ref _pos, _data.Length, out var value)) Fail($"the number of field {_tag >> 3} is cut off");
        return value;
    }

    public ReadOnlyMemory<byte> Bytes() => Span().ToArray();

    public string Text()
    {
        var bytes = Span();
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            Fail($"the text of field {_tag >> 3} is not UTF-8");
            return "";
        }
    }

    /// <summary>An identifier: 16 bytes, or none.</summary>
    public Guid Uid()
    {
        var bytes = Span();
        if (bytes.Length == 16) return new Guid(bytes, bigEndian: true);
        if (bytes.Length > 0) Fail($"an instance_uid has 16 bytes (a UUID), not {bytes.Length}");
        return Guid.Empty;
    }

    /// <summary>The message within this field.</summary>
    public FieldReader Message(string name)
    {
        var bytes = Span();
        if (_depth == Wire.MaxDepth) Fail($"messages nest deeper than {Wire.MaxDepth}");
        return new(bytes, _state, name, _start + _pos - bytes.Length, _depth + 1);
    }

    /// <summary>As <see cref="Message"/>, of a list or a map: counted, as a few bytes on the wire become an object here.</summary>
    public FieldReader Element(string name)
    {
        Count();
        return Message(name);
    }

    /// <summary>A text of a list.</summary>
    public string Entry()
    {
        Count();
        return Text();
    }

    void Count()
    {
        if (++_state.Elements > ReadState.MaxElements) Fail($"the message has more than {ReadState.MaxElements} entries");
    }

    ReadOnlySpan<byte> Span()
    {
        if (!Wire.TryLength(_data, ref _pos, _data.Length, out var length))
        {
            Fail($"the length of field {_tag >> 3} runs past the end");
            return default;
        }
        _pos += length;
        return _data.Slice(_pos - length, length);
    }

    bool Fail(string why)
    {
        _state.Fault ??= $"{_name}, byte {_start + _pos}: {why}.";
        return false;
    }
}

/// <summary>What all readers of one message share.</summary>
sealed class ReadState
{
    public const int MaxElements = 50_000;

    public string? Fault;
    public int Elements;
}
