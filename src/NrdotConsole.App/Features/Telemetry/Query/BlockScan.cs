using Microsoft.Data.Sqlite;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;
using ZstdSharp;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>Reads the blocks of one metric, one at a time, in order of time.</summary>
internal sealed class BlockScan(SqliteConnection reader, StoredLabels labels, SeriesScan scan) : IDisposable
{
    readonly Decompressor _decompressor = new();
    readonly BlockCodec.Reader _block = new();
    readonly Dictionary<long, QueriedSeries?> _series = [];
    byte[] _plain = new byte[64 * 1024];

    /// <summary>Late blocks say which series have points out of order: those are gathered from all blocks and ordered at the end.</summary>
    public void Run(MetricDescriptor metric, IReadOnlyList<BlockRef> blocks, long fromMs, long toMs, CancellationToken ct)
    {
        var late = blocks.Where(b => b.IsLate).OrderBy(b => b.Id).ToList();
        foreach (var block in late) Read(metric, block.Id, fromMs, toMs, true, false, ct);
        foreach (var block in blocks.Where(b => !b.IsLate).OrderBy(b => b.FromMs)) Read(metric, block.Id, fromMs, toMs, false, true, ct);
        foreach (var block in late) Read(metric, block.Id, fromMs, toMs, false, true, ct);
    }

    void Read(MetricDescriptor metric, long id, long fromMs, long toMs, bool gather, bool add, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (scan.IsFull || Load(id) is not { Length: > 0 } bytes) return;
        _block.Open(bytes);
        while (_block.Next())
        {
            var times = _block.Times;
            if (times.IsEmpty || times[^1] < fromMs || times[0] > toMs) continue;
            if (Find(metric, _block.Resource, _block.Attributes) is not { } series) continue;
            if (gather) series.Gathered ??= [];
            if (add) scan.Add(series, times, _block.ReadValues());
        }
    }

    ReadOnlyMemory<byte> Load(long id)
    {
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT data FROM block WHERE id = @id";
        command.Parameters.AddWithValue("@id", id);
        if (command.ExecuteScalar() is not byte[] packed) return default;
        var length = (int)Decompressor.GetDecompressedSize(packed);
        if (_plain.Length < length) _plain = new byte[length * 2];
        return _plain.AsMemory(0, _decompressor.Unwrap(packed, _plain));
    }

    QueriedSeries? Find(MetricDescriptor metric, int resource, int attributes)
    {
        var key = ((long)resource << 32) | (uint)attributes;
        if (_series.TryGetValue(key, out var known)) return known;
        var (tenant, resourceLabels) = labels.Resource(resource, reader);
        return _series[key] = scan.Admit(metric, tenant, resourceLabels, labels.Attributes(attributes, reader));
    }

    public void Dispose() => _decompressor.Dispose();
}
