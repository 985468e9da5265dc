using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>What memory held of one metric name at one moment. Copied under the lock, decoded outside it.</summary>
internal sealed class HeadSnapshot
{
    public readonly List<HeadItem> Items = [];
    byte[] _bytes = new byte[64 * 1024];
    int _used;

    /// <summary>Blocks of the database up to this one belong to the same moment.</summary>
    public long LastBlock { get; set; }

    /// <summary>Time before which the database holds roll-ups.</summary>
    public long RolledUpMs { get; init; }

    /// <summary>The metrics of that name, each with its number in the database (0: none yet).</summary>
    public List<(MetricDescriptor Metric, int StoredId)> Metrics { get; } = [];

    public ReadOnlySpan<byte> this[in CopiedChunk chunk] => _bytes.AsSpan(chunk.At, chunk.Bytes);

    public CopiedChunk Copy(HeadArena arena, in Chunk chunk)
    {
        var length = arena.Read(chunk, ref _bytes, _used);
        _used += length;
        return new(_used - length, length, chunk.Points);
    }
}

internal readonly record struct CopiedChunk(int At, int Bytes, int Points);

internal readonly record struct HeadItem(
    MetricDescriptor Metric, TelemetryResource Resource, Labels Attributes, CopiedChunk Sealing, CopiedChunk Head, KeyValuePair<long, double>[] Late);
