using Microsoft.Data.Sqlite;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Six hours at a time, once they are sealed: their blocks are merged, then every series is kept per hour, and per minute where its points lie closer
/// than about a minute (other raw blocks are their own minute roll-up). Late points do their window again while its raw blocks are kept.
/// A step that is interrupted is done again from its beginning.
/// </summary>
internal sealed class RollUp(SeriesStore store, StoreSettings settings, TimeProvider time)
{
    public const long WindowMs = 6 * HourMs, HourMs = 3_600_000, MinuteMs = 60_000;

    /// <summary>Points at least so far apart stand for minutes as they are: a sender's minute is never exact.</summary>
    public const long AboutMinuteMs = 45_000;

    public const string DoneThrough = "rolled_up_ms", LateThrough = "late_block", LongThrough = "long_hours_ms";

    const int MaxWindowsPerRun = 8, MaxPointsInMemory = 1_000_000;

    readonly StoredHashes _hashes = new();

    /// <summary>False when the database would not have it: then nothing may be deleted either.</summary>
    public bool Run()
    {
        if (store.Database is not { } database) return false;
        try
        {
            var seen = Again(database);
            Forward(database, seen);
            Lengthen(database);
            return true;
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException)
        {
            store.Report(StorePart.Database, $"Roll-ups cannot be made: {e.Message} They are tried again in ten minutes; raw points are kept meanwhile.");
            return false;
        }
    }

    void Forward(TelemetryDatabase database, long seen)
    {
        var done = database.Progress(DoneThrough);
        if (done == 0)
        {
            done = database.FirstPoint();
            if (done == 0) return;
        }
        done -= done % WindowMs;
        var ready = (time.GetUtcNow() - 2 * settings.HeadWindow).ToUnixTimeMilliseconds();
        using var merge = new Merge(database, _hashes);
        for (var i = 0; i < MaxWindowsPerRun && done + WindowMs <= ready; i++, done += WindowMs)
        {
            var end = done + WindowMs;
            foreach (var metric in store.Writing(() => database.Metrics().ToList()))
            {
                SortedSet<long> windows = [];
                store.Rewrite(transaction => windows = merge.Run(metric.Id, end, seen, transaction));
                var oldest = OldestMs(database);
                windows.RemoveWhere(w => w < oldest);
                windows.Add(end - WindowMs);
                foreach (var from in windows) store.Rewrite(transaction => Window(database, metric, from, transaction));
            }
            store.Rewrite(transaction => database.SetProgress(DoneThrough, end, transaction));
        }
    }

    /// <summary>Windows from here on have all their raw points, and hours of their own.</summary>
    long OldestMs(TelemetryDatabase database) =>
        Math.Max((time.GetUtcNow() - settings.Retention.Raw).ToUnixTimeMilliseconds(), store.Writing(() => database.Progress(LongThrough)));

    /// <summary>Hours before <see cref="OldestMs"/> stay as they are: they are merged, oldest first.</summary>
    void Lengthen(TelemetryDatabase database)
    {
        var (from, ready, metrics) = store.Writing(() =>
            (database.Progress(LongThrough), Math.Min(OldestMs(database), database.Progress(DoneThrough)), database.Metrics().ToList()));
        if (from == 0) from = store.Writing(database.FirstHour);
        if (from == 0) return;
        from -= from % HourMerge.WindowMs;
        using var merge = new HourMerge(database, _hashes);
        for (var i = 0; i < MaxWindowsPerRun && from + HourMerge.WindowMs <= ready; i++, from += HourMerge.WindowMs)
        {
            foreach (var metric in metrics) store.Rewrite(transaction => merge.Run(metric.Id, from, transaction));
            store.Rewrite(transaction => database.SetProgress(LongThrough, from + HourMerge.WindowMs, transaction));
        }
    }

    /// <summary>Answers the last block that was looked at.</summary>
    long Again(TelemetryDatabase database)
    {
        var oldest = OldestMs(database);
        var windows = new HashSet<(long Metric, long From)>();
        var (metrics, last) = store.Writing(() =>
        {
            var done = database.Progress(DoneThrough);
            foreach (var (metric, fromMs, toMs) in database.BlocksBehind(database.Progress(LateThrough), done))
                for (var from = Math.Max(fromMs, oldest) / WindowMs * WindowMs; from <= toMs && from < done; from += WindowMs)
                    if (from >= oldest) windows.Add((metric, from));
            return (database.Metrics().ToDictionary(m => (long)m.Id), database.LastBlock());
        });
        foreach (var (metric, from) in windows) store.Rewrite(transaction => Window(database, metrics[metric], from, transaction));
        store.Rewrite(transaction => database.SetProgress(LateThrough, last, transaction));
        return last;
    }

    void Window(TelemetryDatabase database, StoredMetric metric, long fromMs, SqliteTransaction transaction)
    {
        database.DeleteRollUp(metric.Id, fromMs, fromMs + WindowMs, transaction);
        using var reader = database.OpenReader();
        var blocks = TelemetryDatabase.FindBlocks(reader, metric.Id, BlockLevel.Raw, fromMs - HourMs, fromMs + WindowMs - 1, long.MaxValue);
        if (blocks.Count == 0) return;
        using var file = new BlockFile(reader);
        foreach (var slice in HostSlices.Of(blocks, MaxPointsInMemory))
            Slice(database, metric, fromMs, blocks.FindAll(b => b.HostFrom <= slice.To && b.HostTo >= slice.From), slice, file, reader, transaction);
    }

    void Slice(TelemetryDatabase database, StoredMetric metric, long fromMs, List<BlockRef> blocks, (uint From, uint To) slice, BlockFile file, SqliteConnection reader, SqliteTransaction transaction)
    {
        var hours = new RollUpFold(metric, fromMs, HourMs);
        var minutes = new RollUpFold(metric, fromMs, MinuteMs);
        var late = blocks.Where(b => b.IsLate).OrderBy(b => b.Id).ToList();
        foreach (var block in late) Each(block, (fold, host, r) => fold.Gather(host, r));
        foreach (var block in BlockRef.Ordered(blocks).Concat(late)) Each(block, (fold, host, r) => fold.Add(host, r));
        hours.Write(database, BlockLevel.Hour, transaction);
        minutes.Write(database, BlockLevel.Minute, transaction);

        void Each(in BlockRef block, Action<RollUpFold, uint, BlockCodec.Reader> action)
        {
            var isFine = block.IntervalMs < AboutMinuteMs;
            for (var r = file.Open(block.Id); r?.Next() == true;)
            {
                var host = _hashes.Of(r.Resource, reader);
                if (host < slice.From || host > slice.To) continue;
                action(hours, host, r);
                if (isFine) action(minutes, host, r);
            }
        }
    }
}
