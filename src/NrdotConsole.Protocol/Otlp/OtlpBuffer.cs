using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>
/// A growing byte array with protobuf's primitives. A nested message is opened with a guess of how many bytes its
/// length will take; <see cref="Close"/> moves the content only where the guess was wrong, so that lengths are
/// as short as Go's and nothing is measured twice.
/// </summary>
internal sealed class OtlpBuffer(int capacity)
{
    byte[] _bytes = new byte[capacity];
    int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);
    public int Length => _length;
    public void Clear() => _length = 0;

    public void Byte(byte value)
    {
        Reserve(1);
        _bytes[_length++] = value;
    }

    public void Varint(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _bytes[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[_length++] = (byte)value;
    }

    public void ZigZag(int value) => Varint((uint)((value << 1) ^ (value >> 31)));

    public void Fixed64(ulong value)
    {
        Reserve(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_length), value);
        _length += 8;
    }

    public void Double(double value) => Fixed64(BitConverter.DoubleToUInt64Bits(value));

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        Reserve(value.Length);
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
    }

    public void Text(string value)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(value.Length) + 5);
        if (value.Length < 0x80 / 3)
        {
            // At most three bytes a character: the length fits in one byte, known only after the copy.
            var written = Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length + 1));
            _bytes[_length] = (byte)written;
            _length += 1 + written;
            return;
        }
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        _length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(_length));
    }

    /// <returns>A mark for <see cref="Close"/>.</returns>
    public int Open(byte tag, int lengthBytes)
    {
        Byte(tag);
        Reserve(lengthBytes);
        _length += lengthBytes;
        return _length;
    }

    public void Close(int mark, int lengthBytes)
    {
        var size = _length - mark;
        var needed = (BitOperations.Log2((uint)size | 1) / 7) + 1;
        if (needed != lengthBytes)
        {
            Reserve(needed);
            _bytes.AsSpan(mark, size).CopyTo(_bytes.AsSpan(mark - lengthBytes + needed));
        }
        _length = mark - lengthBytes;
        Varint((ulong)size);
        _length += size;
    }

    void Reserve(int count)
    {
        if (_bytes.Length - _length >= count) return;
        Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
    }
}
