using Microsoft.Data.Sqlite;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>Reads the blocks of one metric, one at a time, in order of time.</summary>
internal sealed class BlockScan(SqliteConnection reader, StoredLabels labels, SeriesScan scan, CancellationToken ct) : IDisposable
{
    readonly BlockFile _file = new(reader);
    readonly Dictionary<long, QueriedSeries?> _series = [];
    readonly double[][] _columns = new double[RollUpCell.Columns][];

    /// <summary>Late blocks say which series have points out of order: those are gathered from all blocks and ordered at the end.</summary>
    public void Raw(MetricDescriptor metric, IReadOnlyList<BlockRef> blocks, long fromMs, long toMs)
    {
        var late = blocks.Where(b => b.IsLate).OrderBy(b => b.Id).ToList();
        foreach (var block in late)
            Read(block.Id, r =>
            {
                if (Find(metric, r.Resource, r.Attributes) is { } series) series.Gathered ??= [];
            });
        foreach (var block in blocks.Where(b => !b.IsLate).OrderBy(b => b.FromMs).Concat(late))
            Read(block.Id, r =>
            {
                var times = r.Times;
                if (times[^1] < fromMs || times[0] > toMs || Find(metric, r.Resource, r.Attributes) is not { } series) return;
                if (times[0] >= fromMs && times[^1] <= toMs)
                {
                    scan.Add(series, times, r.Values());
                    return;
                }
                var (begin, end) = (Below(times, fromMs), Below(times, toMs + 1));
                scan.Add(series, times[begin..end], r.Values()[begin..end]);
            });
    }

    static int Below(ReadOnlySpan<long> times, long limit)
    {
        var at = times.BinarySearch(limit);
        return at < 0 ? ~at : at;
    }

    public void Cells(MetricDescriptor metric, IReadOnlyList<BlockRef> blocks, long fromMs, long toMs, long cellMs)
    {
        foreach (var block in blocks.OrderBy(b => b.FromMs))
            Read(block.Id, r =>
            {
                var column = r.Attributes % 8;
                if (Find(metric, r.Resource, r.Attributes / 8) is not { } series) return;
                _columns[column] = r.Values().ToArray();
                if (column == RollUpCell.Columns - 1) scan.AddCells(series, r.Times, _columns, fromMs, toMs, cellMs);
            });
    }

    void Read(long id, Action<BlockCodec.Reader> each)
    {
        ct.ThrowIfCancellationRequested();
        if (!scan.IsFull) _file.Read(id, each);
    }

    QueriedSeries? Find(MetricDescriptor metric, int resource, int attributes)
    {
        var key = ((long)resource << 32) | (uint)attributes;
        if (_series.TryGetValue(key, out var known)) return known;
        var (tenant, resourceLabels) = labels.Resource(resource, reader);
        return _series[key] = scan.Admit(metric, tenant, resourceLabels, labels.Attributes(attributes, reader));
    }

    public void Dispose() => _file.Dispose();
}
