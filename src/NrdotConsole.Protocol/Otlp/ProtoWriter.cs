using System.Buffers;
using System.Text;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>Writes protobuf fields one after the other; a message within a message is written first and added as bytes.</summary>
sealed class ProtoWriter
{
    readonly ArrayBufferWriter<byte> _out = new();

    public ReadOnlySpan<byte> Written => _out.WrittenSpan;

    /// <summary>A varint field; 0 is the default and stays unwritten.</summary>
    public ProtoWriter Varint(uint tag, long value)
    {
        if (value == 0) return this;
        Raw(tag);
        Raw((ulong)value);
        return this;
    }

    public ProtoWriter Text(uint tag, string value) => value.Length == 0 ? this : Bytes(tag, Encoding.UTF8.GetBytes(value));

    public ProtoWriter Message(uint tag, ProtoWriter message) => Bytes(tag, message.Written);

    ProtoWriter Bytes(uint tag, ReadOnlySpan<byte> bytes)
    {
        Raw(tag);
        Raw((ulong)bytes.Length);
        _out.Write(bytes);
        return this;
    }

    void Raw(ulong value)
    {
        var span = _out.GetSpan(10);
        var n = 0;
        for (; value >= 0x80; value >>= 7) span[n++] = (byte)(value | 0x80);
        span[n++] = (byte)value;
        _out.Advance(n);
    }
}
