using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Protocol.OpAmp;

/// <summary>Writes fields. What has its default value stays unwritten, as protobuf has it; a message that is there is written even when empty.</summary>
sealed class FieldWriter(int capacity)
{
    readonly OtlpBuffer _out = new(capacity);

    public byte[] ToArray() => _out.Written.ToArray();

    public void Byte(byte value) => _out.Byte(value);

    public void Varint(byte tag, ulong value)
    {
        if (value == 0) return;
        _out.Byte(tag);
        _out.Varint(value);
    }

    public void Flag(byte tag, bool value) => Varint(tag, value ? 1u : 0);

    public void Fixed64(byte tag, ulong value)
    {
        if (value == 0) return;
        _out.Byte(tag);
        _out.Fixed64(value);
    }

    public void Text(byte tag, string value)
    {
        if (value.Length == 0) return;
        _out.Byte(tag);
        _out.Text(value);
    }

    public void Bytes(byte tag, ReadOnlyMemory<byte> value)
    {
        if (value.Length == 0) return;
        _out.Byte(tag);
        _out.Bytes(value.Span);
    }

    public void Uid(byte tag, Guid value)
    {
        if (value == Guid.Empty) return;
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        _out.Byte(tag);
        _out.Bytes(bytes);
    }

    /// <summary>An element of a list, or a part of a oneof: written even where it is the default.</summary>
    public void Always(byte tag, Action<OtlpBuffer> value)
    {
        _out.Byte(tag);
        value(_out);
    }

    public void Message<T>(byte tag, T value, Action<FieldWriter, T> write)
    {
        var mark = _out.Open(tag, 1);
        write(this, value);
        _out.Close(mark, 1);
    }

    public void Optional<T>(byte tag, T? value, Action<FieldWriter, T> write) where T : class
    {
        if (value is not null) Message(tag, value, write);
    }

    public void All<T>(byte tag, IReadOnlyList<T> values, Action<FieldWriter, T> write)
    {
        foreach (var value in values) Message(tag, value, write);
    }

    public void Texts(byte tag, IReadOnlyList<string> values)
    {
        foreach (var value in values) Always(tag, o => o.Text(value));
    }

    /// <summary>A map: entries of { 1 key  2 value }, in the order of their keys, so that equal maps are equal bytes.</summary>
    public void Map<T>(byte tag, IReadOnlyDictionary<string, T> values, Action<FieldWriter, T> write)
    {
        foreach (var (key, value) in values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            Message(tag, (key, value, write), static (w, entry) =>
            {
                w.Text(0x0A, entry.key);
                w.Message(0x12, entry.value, entry.write);
            });
        }
    }

    public void Map(byte tag, IReadOnlyDictionary<string, string> values)
    {
        foreach (var entry in values.OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            Message(tag, entry, static (w, entry) =>
            {
                w.Text(0x0A, entry.Key);
                w.Text(0x12, entry.Value);
            });
        }
    }
}
