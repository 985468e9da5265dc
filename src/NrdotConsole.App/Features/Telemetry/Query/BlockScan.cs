using Microsoft.Data.Sqlite;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>Reads the blocks of one metric, one at a time, in order of time.</summary>
internal sealed class BlockScan(SqliteConnection reader, StoredLabels labels, SeriesScan scan, CancellationToken ct) : IDisposable
{
    readonly BlockFile _file = new(reader);
    readonly Dictionary<long, QueriedSeries?> _series = [];
    readonly List<StepTimes> _steps = [];
    readonly double[][] _columns = [.. Enumerable.Range(0, RollUpCell.Columns).Select(_ => new double[RollUp.WindowMs / RollUp.MinuteMs])];
    readonly bool[] _reads = [.. Enumerable.Range(0, RollUpCell.Columns).Select(scan.Reads)];

    /// <summary>Late blocks say which series have points out of order: those are gathered from all blocks and ordered at the end.</summary>
    public void Raw(MetricDescriptor metric, IReadOnlyList<BlockRef> blocks, long fromMs, long toMs)
    {
        var late = blocks.Where(b => b.IsLate).OrderBy(b => b.Id).ToList();
        foreach (var block in late)
            for (var r = Open(block); r?.Next() == true;)
                if (Find(metric, r.Resource, r.Attributes) is { } series) series.Gathered ??= [];
        foreach (var block in BlockRef.Ordered(blocks).Concat(late))
        {
            if (Open(block) is not { } r) continue;
            var seen = 0;
            while (r.Next())
            {
                for (; seen <= r.Column; seen++) Steps(seen, r.TimesOf(seen), fromMs, toMs);
                var steps = _steps[r.Column];
                if (steps.Begin == steps.End || Find(metric, r.Resource, r.Attributes) is not { } series) continue;
                if (series.Gathered is null) scan.Add(series, r.Times, r.Values(), steps, r.AreNumbers);
                else scan.Add(series, r.Times[steps.Begin..steps.End], r.Values()[steps.Begin..steps.End]);
            }
        }
    }

    void Steps(int column, ReadOnlySpan<long> times, long fromMs, long toMs)
    {
        if (_steps.Count == column) _steps.Add(scan.NewTimes());
        _steps[column].Set(times, fromMs, toMs);
    }

    /// <summary>The columns of a series' cells follow one another; only those that the query looks at are decoded.</summary>
    public void Cells(MetricDescriptor metric, IReadOnlyList<BlockRef> blocks, long fromMs, long toMs)
    {
        foreach (var block in blocks.OrderBy(b => b.FromMs))
        {
            if (Open(block) is not { } r) continue;
            var seen = 0;
            QueriedSeries? series = null;
            while (r.Next())
            {
                for (; seen <= r.Column; seen++) Steps(seen, r.TimesOf(seen), fromMs, toMs);
                var column = r.Attributes % 8;
                if (column == 0) series = Find(metric, r.Resource, r.Attributes / 8);
                if (series is null) continue;
                if (_reads[column]) r.Values().CopyTo(Column(column, r.Times.Length));
                if (column == RollUpCell.Columns - 1) scan.AddCells(series, r.Times, block.IntervalMs, _columns, _steps[r.Column]);
            }
        }
    }

    double[] Column(int column, int length) => _columns[column].Length >= length ? _columns[column] : _columns[column] = new double[length];

    BlockCodec.Reader? Open(in BlockRef block)
    {
        ct.ThrowIfCancellationRequested();
        return scan.IsFull ? null : _file.Open(block.Id);
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
