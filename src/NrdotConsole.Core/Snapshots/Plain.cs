using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NrdotConsole.Core.Snapshots;

/// <summary>
/// Values without references, as they lie in memory: quick, and tied to their layout. Each bears its size, so that another
/// layout is refused; who changes a meaning and no size raises the version of the file.
/// </summary>
public static class Plain
{
    public static void Write<T>(BinaryWriter to, in T value) where T : unmanaged
    {
        to.Write((ushort)Unsafe.SizeOf<T>());
        to.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
    }

    public static void Write<T>(BinaryWriter to, ReadOnlySpan<T> values) where T : unmanaged
    {
        to.Write(values.Length);
        to.Write(MemoryMarshal.AsBytes(values));
    }

    /// <exception cref="InvalidDataException">It was written with another layout.</exception>
    public static T Read<T>(BinaryReader from) where T : unmanaged
    {
        if (from.ReadUInt16() is var size && size != Unsafe.SizeOf<T>()) throw new InvalidDataException($"A {typeof(T).Name} of {size} bytes, not {Unsafe.SizeOf<T>()}: another version wrote it.");
        T value = default;
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    /// <exception cref="InvalidDataException">There are more values than <paramref name="limit"/>.</exception>
    public static T[] ReadArray<T>(BinaryReader from, int limit) where T : unmanaged
    {
        var values = new T[Count(from, limit)];
        from.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <exception cref="InvalidDataException">It is negative or above <paramref name="limit"/>.</exception>
    public static int Count(BinaryReader from, int limit) =>
        from.ReadInt32() is var count && count >= 0 && count <= limit ? count : throw new InvalidDataException($"{count} entries where 0 to {limit} can be.");
}
