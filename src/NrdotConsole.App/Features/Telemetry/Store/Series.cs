namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// One series in memory. No object a series: these lie in arrays, and name the rest by number. What every point touches stands
/// first, within 64 bytes: a cache line's worth.
/// </summary>
internal struct Series
{
    public int Metric, Resource;

    /// <summary>The raw attribute bytes last seen, and the series that came after this one: what the next request is expected to repeat.</summary>
    public int Variant, Next;

    /// <summary>The newest points. <see cref="Never"/> where there is none.</summary>
    public long LastMs, PreviousMs;
    public double LastValue, PreviousValue;

    /// <summary>Points since the last seal (<see cref="NrdotConsole.Core.Telemetry.HeadCodec"/>).</summary>
    public Chunk Head;

    public uint ReceivedSeconds;
    public bool IsActive, IsUsed;

    public int Attributes;
    public int NextInMetric, PreviousInMetric, NextInResource;

    /// <summary>Points on their way to the database.</summary>
    public Chunk Sealing;

    public const long Never = long.MinValue;
}

/// <summary>Points in a block of the arena.</summary>
internal struct Chunk
{
    public int Block;
    public ushort Bytes, Points;
}
