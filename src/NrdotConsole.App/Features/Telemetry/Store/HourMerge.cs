using Microsoft.Data.Sqlite;
using NrdotConsole.Core.Telemetry;
using ZstdSharp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Hour roll-ups that no late point can change any more: those of <see cref="WindowMs"/> become one run of cells a series. A month of hours is then read
/// from six blocks instead of 120, and takes less room.
/// </summary>
internal sealed class HourMerge(TelemetryDatabase database, StoredHashes hashes) : IDisposable
{
    public const long WindowMs = 20 * RollUp.WindowMs;

    const int MaxSeriesPerBlock = 128, MaxCellsInMemory = 2_000_000;

    readonly BlockCodec.Writer _writer = new();
    readonly Compressor _compressor = new(3);

    sealed class Cells
    {
        public readonly List<long> Times = [];
        public readonly List<double>[] Columns = [.. Enumerable.Range(0, RollUpCell.Columns).Select(_ => new List<double>())];
    }

    /// <summary>Merges one metric's hours of the window that begins at <paramref name="fromMs"/>, in the caller's transaction. What is merged is left as it is.</summary>
    public void Run(int metric, long fromMs, SqliteTransaction transaction)
    {
        using var reader = database.OpenReader();
        var inputs = TelemetryDatabase.FindBlocks(reader, metric, BlockLevel.Hour, fromMs, fromMs + WindowMs - 1, long.MaxValue)
            .Where(b => !b.IsMerged && b.FromMs >= fromMs).OrderBy(b => b.FromMs).ToList();
        if (inputs.Count == 0) return;
        using var file = new BlockFile(reader);
        foreach (var slice in HostSlices.Of(inputs, MaxCellsInMemory)) Write(metric, Collect(inputs, slice, file, reader), transaction);
        foreach (var input in inputs) database.DeleteBlock(input.Id, transaction);
    }

    SortedDictionary<(uint Host, int Resource, int Attributes), Cells> Collect(List<BlockRef> inputs, (uint From, uint To) slice, BlockFile file, SqliteConnection reader)
    {
        var series = new SortedDictionary<(uint, int, int), Cells>();
        foreach (var input in inputs)
        {
            if (input.HostFrom > slice.To || input.HostTo < slice.From) continue;
            for (var r = file.Open(input.Id); r?.Next() == true;)
            {
                var host = hashes.Of(r.Resource, reader);
                if (host < slice.From || host > slice.To) continue;
                var (attributes, column) = (r.Attributes / 8, r.Attributes % 8);
                var key = (host, r.Resource, attributes);
                if (!series.TryGetValue(key, out var cells)) series[key] = cells = new();
                if (column == 0) cells.Times.AddRange(r.Times);
                cells.Columns[column].AddRange(r.Values());
            }
        }
        return series;
    }

    void Write(int metric, SortedDictionary<(uint Host, int Resource, int Attributes), Cells> series, SqliteTransaction transaction)
    {
        uint hostFrom = 0, hostTo = 0;
        foreach (var ((host, resource, attributes), cells) in series)
        {
            if (_writer.Series == 0) hostFrom = host;
            hostTo = host;
            var times = cells.Times.ToArray();
            for (var c = 0; c < RollUpCell.Columns; c++) _writer.Add(resource, attributes * 8 + c, times, cells.Columns[c].ToArray());
            if (_writer.Series >= MaxSeriesPerBlock * RollUpCell.Columns) Flush();
        }
        if (_writer.Series > 0) Flush();

        void Flush()
        {
            var block = new NewBlock(metric, BlockLevel.Hour, false, _writer.FromMs, _writer.ToMs, _writer.ToMs, hostFrom, hostTo, _writer.Series / RollUpCell.Columns, _writer.Points, RollUp.HourMs, []) { IsMerged = true };
            database.AddBlock(block with { Data = _compressor.Wrap(_writer.Finish()).ToArray() }, transaction);
        }
    }

    public void Dispose() => _compressor.Dispose();
}
