using Microsoft.Data.Sqlite;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Query;

/// <summary>Answers windows over stored series: from memory and from the database's blocks, as of one moment.</summary>
internal sealed class QueryEngine(SeriesStore store) : IDisposable
{
    /// <summary>Most steps of an answer.</summary>
    public const int MaxSteps = 11_000;

    readonly StoredLabels _labels = new();
    /// <summary>Blocks that queries have read since the start.</summary>
    public long BlocksRead => Interlocked.Read(ref _blocksRead);

    long _blocksRead;
    readonly SemaphoreSlim _running = new(Math.Max(2, Environment.ProcessorCount));

    public async Task<QueryResult> RunAsync(MetricQuery query, CancellationToken ct = default)
    {
        if (Fault(query) is { } fault) return Refuse(query, fault);
        if (LabelSelector.TryCreate(query.Filters, out var reason) is not { } selector) return Refuse(query, reason!);
        await _running.WaitAsync(ct);
        try
        {
            return await Task.Run(() => Run(query, selector, ct), ct);
        }
        finally
        {
            _running.Release();
        }
    }

    static string? Fault(MetricQuery query)
    {
        if (query.To < query.From) return "to: must not be before from";
        if (query.SeriesLimit < 1) return $"series limit {query.SeriesLimit}: must be at least 1";
        if (query.Step is not { } step) return null;
        if (step < TimeSpan.FromMilliseconds(1)) return $"step {step}: must be at least 1 ms";
        var steps = (query.To - query.From) / step;
        return steps > MaxSteps ? $"step {step}: the window has {steps:F0} of them, at most {MaxSteps} are answered" : null;
    }

    static QueryResult Refuse(MetricQuery query, string reason) => new(query.Metric, "", null, [], 0, query.Step) { Refusal = reason };

    QueryResult Run(MetricQuery query, LabelSelector selector, CancellationToken ct)
    {
        using var reader = store.Database?.OpenReader();
        var heads = store.Snapshot(query.Metric, reader);
        var metric = heads.Metrics.Select(m => m.Metric).MaxBy(m => m.Points);
        var scan = new SeriesScan(query, selector, metric?.Kind);
        var (from, to) = (query.From.ToUnixTimeMilliseconds() - scan.LookbackMs, query.To.ToUnixTimeMilliseconds());
        foreach (var item in heads.Items)
            if (item.Late.Length > 0 && scan.Admit(item) is { } late) late.Gathered ??= [];
        if (reader is not null && heads.LastBlock > 0) AddBlocks(reader, heads, scan, query, from, to, ct);
        AddHeads(heads, scan, from, to, ct);
        var result = scan.Finish(metric?.Unit ?? "", metric?.Kind);
        return scan.IsFull ? Refuse(query, $"more than {SeriesScan.MaxRawPoints} points: narrow the window or the filters, or ask with a step") : result;
    }

    /// <summary>
    /// Hours for what is rolled up, where the step is an hour or more, and for what is older than the minutes that are kept; then minutes for
    /// what is older than the raw points that are kept; then raw points.
    /// </summary>
    void AddBlocks(SqliteConnection reader, HeadSnapshot heads, SeriesScan scan, MetricQuery query, long fromMs, long toMs, CancellationToken ct)
    {
        var retention = store.Settings.Retention;
        var now = store.Now;
        var rolledUp = Math.Min(heads.RolledUpMs, toMs - toMs % RollUp.HourMs);
        var coarse = query.Step >= TimeSpan.FromHours(1) && query.Aggregation < Aggregation.P50;
        var hoursEnd = coarse ? rolledUp : Math.Min(rolledUp, (now - retention.Minute).ToUnixTimeMilliseconds() / RollUp.HourMs * RollUp.HourMs);
        var minutesEnd = Math.Clamp((now - retention.Raw).ToUnixTimeMilliseconds() / RollUp.MinuteMs * RollUp.MinuteMs, hoursEnd, Math.Max(hoursEnd, rolledUp));
        var hosts = HostPruning.Hosts(query.Filters, reader);
        foreach (var (metric, storedId) in heads.Metrics)
        {
            if (storedId == 0) continue;
            using var blocks = new BlockScan(reader, _labels, scan, ct);
            if (fromMs < hoursEnd) blocks.Cells(metric, Find(BlockLevel.Hour, fromMs - RollUp.HourMs, hoursEnd - 1), fromMs, hoursEnd - 1);
            var rest = Math.Max(fromMs, hoursEnd);
            if (rest < minutesEnd)
            {
                blocks.Cells(metric, Find(BlockLevel.Minute, rest, minutesEnd - 1), rest, minutesEnd - 1);
                blocks.Raw(metric, Find(BlockLevel.Raw, rest, minutesEnd - 1).FindAll(b => b.IntervalMs >= RollUp.AboutMinuteMs), rest, minutesEnd - 1);
            }
            rest = Math.Max(rest, minutesEnd);
            blocks.Raw(metric, Find(BlockLevel.Raw, rest, toMs), rest, toMs);

            List<BlockRef> Find(BlockLevel level, long from, long to)
            {
                var found = TelemetryDatabase.FindBlocks(reader, storedId, level, from, to, level == BlockLevel.Raw ? heads.LastBlock : long.MaxValue);
                if (hosts is not null) found.RemoveAll(b => !HostPruning.Holds(b, hosts));
                Interlocked.Add(ref _blocksRead, found.Count);
                return found;
            }
        }
    }

    static void AddHeads(HeadSnapshot heads, SeriesScan scan, long fromMs, long toMs, CancellationToken ct)
    {
        var times = new long[1024];
        var values = new double[1024];
        foreach (var item in heads.Items)
        {
            ct.ThrowIfCancellationRequested();
            if (scan.IsFull) return;
            if (scan.Admit(item) is not { } series) continue;
            Add(item.Sealing);
            Add(item.Head);
            if (item.Late.Length > 0) scan.Add(series, Array.ConvertAll(item.Late, l => l.Key), Array.ConvertAll(item.Late, l => l.Value));

            void Add(in CopiedChunk chunk)
            {
                if (chunk.Points == 0) return;
                if (times.Length < chunk.Points)
                {
                    times = new long[chunk.Points * 2];
                    values = new double[chunk.Points * 2];
                }
                HeadCodec.Read(heads[chunk], chunk.Points, times, values);
                if (times[0] <= toMs && times[chunk.Points - 1] >= fromMs) scan.Add(series, times.AsSpan(0, chunk.Points), values.AsSpan(0, chunk.Points));
            }
        }
    }

    public void Dispose() => _running.Dispose();
}
