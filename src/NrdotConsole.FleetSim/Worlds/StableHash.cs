using System.Runtime.InteropServices;
using System.Text;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>
/// Chance as a function: the same words give the same number on every machine and in every order of asking.
/// The world draws all its noise from here, so it needs no generator state and can be replayed from any point.
/// </summary>
public static class StableHash
{
    /// <summary>SplitMix64's finaliser: every input bit moves every output bit.</summary>
    public static ulong Mix(ulong value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    public static ulong Mix(ulong a, ulong b) => Mix(Mix(a) ^ b);

    public static ulong Mix(ulong a, ulong b, ulong c) => Mix(Mix(a, b) ^ c);

    public static ulong Of(string text)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var b in Encoding.UTF8.GetBytes(text)) hash = (hash ^ b) * 0x100000001b3;
        return Mix(hash);
    }

    /// <summary>0 (inclusive) to 1 (exclusive).</summary>
    public static double Unit(ulong hash) => (hash >> 11) * (1.0 / (1ul << 53));

    /// <summary>0 to <paramref name="count"/> - 1.</summary>
    public static int Below(ulong hash, int count) => (int)(hash % (ulong)count);

    /// <summary>A version-4-shaped identifier.</summary>
    public static Guid Guid(ulong a, ulong b)
    {
        Span<ulong> words = [Mix(a, b, 1), Mix(a, b, 2)];
        var bytes = MemoryMarshal.AsBytes(words);
        bytes[7] = (byte)((bytes[7] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes);
    }

    /// <summary>White noise in -1..1 for one instant.</summary>
    public static double White(ulong key, long unixMs) => (Unit(Mix(key, (ulong)unixMs)) * 2) - 1;

    /// <summary>Noise in -1..1 that wanders: random values at every multiple of the period, joined by a cosine.</summary>
    public static double Wander(ulong key, long unixMs, long periodMs)
    {
        var step = unixMs / periodMs;
        var share = (double)(unixMs % periodMs) / periodMs;
        var ease = (1 - Math.Cos(share * Math.PI)) / 2;
        return (White(key, step) * (1 - ease)) + (White(key, step + 1) * ease);
    }
}
