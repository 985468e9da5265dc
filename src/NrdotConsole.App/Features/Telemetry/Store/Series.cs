using System.Runtime.InteropServices;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// A series in memory: what every point touches, in 64 bytes, one cache line. No object a series: these lie in arrays, and name the rest by number.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Series
{
    /// <summary>The newest points. <see cref="Never"/> where there is none.</summary>
    public long LastMs, PreviousMs;
    public double LastValue, PreviousValue;

    public int Metric, Resource;

    /// <summary>The raw attribute bytes last seen, and the series that came after this one: what the next request is expected to repeat.</summary>
    public int Variant, Next;

    /// <summary>Points since the last seal (<see cref="NrdotConsole.Core.Telemetry.HeadCodec"/>).</summary>
    public Chunk Head;

    public bool IsActive;
    public uint ReceivedSeconds;

    public const long Never = long.MinValue;
}

/// <summary>What a point does not touch.</summary>
internal struct SeriesLinks
{
    public bool IsUsed;
    public int Attributes;
    public int NextInMetric, PreviousInMetric, NextInResource;

    /// <summary>Points on their way to the database.</summary>
    public Chunk Sealing;
}

/// <summary>Points in a chain of the arena's blocks.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct Chunk
{
    public int First, Last;
    public ushort Points;

    /// <summary>Bytes used of the last block.</summary>
    public byte Used;
}
