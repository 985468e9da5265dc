using System.Runtime.InteropServices;

namespace NrdotConsole.Core.Cardinality;

/// <summary>64-bit hashes for sketches: stable across starts and machines of one byte order, not secret.</summary>
public static class Hash64
{
    /// <summary>A bijection that spreads every bit over all (MurmurHash3's finaliser): consecutive ids become independent-looking, distinct ones stay distinct.</summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCD;
        x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53;
        return x ^ (x >> 33);
    }

    public static ulong Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = 0x9E3779B97F4A7C15 ^ (ulong)bytes.Length;
        for (; bytes.Length >= 8; bytes = bytes[8..]) hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes));
        ulong rest = 0;
        foreach (var b in bytes) rest = rest << 8 | b;
        return Mix(hash ^ rest);
    }

    /// <summary>One identity of two parts, in order.</summary>
    public static ulong Combine(ulong first, ulong second) => Mix(Mix(first) + second);
}
