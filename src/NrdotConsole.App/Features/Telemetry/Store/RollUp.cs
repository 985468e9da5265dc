using Microsoft.Data.Sqlite;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Six hours at a time, once they are sealed: every series per hour, and per minute where its points lie closer than a minute
/// (raw blocks of a minute or more are their own minute roll-up). Late points do their window again while its raw blocks are kept.
/// </summary>
internal sealed class RollUp(SeriesStore store, StoreSettings settings, TimeProvider time)
{
    public const long WindowMs = 6 * HourMs, HourMs = 3_600_000, MinuteMs = 60_000;
    public const string DoneThrough = "rolled_up_ms", LateThrough = "late_block";

    const int MaxWindowsPerRun = 8;

    /// <summary>False when the database would not have it: then nothing may be deleted either.</summary>
    public bool Run()
    {
        if (store.Database is not { } database) return false;
        try
        {
            return store.Writing(() =>
            {
                Forward(database);
                Again(database);
                return true;
            });
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException)
        {
            store.Report(StorePart.Database, $"Roll-ups cannot be made: {e.Message} They are tried again in ten minutes; raw points are kept meanwhile.");
            return false;
        }
    }

    void Forward(TelemetryDatabase database)
    {
        var done = database.Progress(DoneThrough);
        if (done == 0)
        {
            done = database.FirstPoint();
            if (done == 0) return;
        }
        done -= done % WindowMs;
        var ready = (time.GetUtcNow() - 2 * settings.HeadWindow).ToUnixTimeMilliseconds();
        for (var i = 0; i < MaxWindowsPerRun && done + WindowMs <= ready; i++, done += WindowMs)
        {
            using var transaction = database.Begin();
            foreach (var metric in database.Metrics()) Window(database, metric, done, transaction);
            database.SetProgress(DoneThrough, done + WindowMs, transaction);
            transaction.Commit();
        }
    }

    void Again(TelemetryDatabase database)
    {
        var done = database.Progress(DoneThrough);
        var seen = database.Progress(LateThrough);
        var oldest = (time.GetUtcNow() - settings.Retention.Raw).ToUnixTimeMilliseconds();
        var windows = new HashSet<(long Metric, long From)>();
        foreach (var late in database.LateBlocks(seen))
        {
            seen = late.Id;
            for (var from = Math.Max(late.FromMs, oldest) / WindowMs * WindowMs; from <= late.ToMs && from < done; from += WindowMs)
                if (from >= oldest) windows.Add((late.Metric, from));
        }
        using var transaction = database.Begin();
        foreach (var metric in database.Metrics())
            foreach (var (_, from) in windows.Where(w => w.Metric == metric.Id))
            {
                database.DeleteRollUp(metric.Id, from, from + WindowMs, transaction);
                Window(database, metric, from, transaction);
            }
        database.SetProgress(LateThrough, seen, transaction);
        transaction.Commit();
    }

    static void Window(TelemetryDatabase database, StoredMetric metric, long fromMs, SqliteTransaction transaction)
    {
        using var reader = database.OpenReader();
        var blocks = TelemetryDatabase.FindBlocks(reader, metric.Id, BlockLevel.Raw, fromMs - HourMs, fromMs + WindowMs - 1, long.MaxValue);
        if (blocks.Count == 0) return;
        var hours = new RollUpFold(metric, fromMs, HourMs);
        var minutes = new RollUpFold(metric, fromMs, MinuteMs);
        using var file = new BlockFile(reader);
        var late = blocks.Where(b => b.IsLate).OrderBy(b => b.Id).ToList();
        foreach (var block in late) Each(block, (fold, r) => fold.Gather(r));
        foreach (var block in blocks.Where(b => !b.IsLate).OrderBy(b => b.FromMs).Concat(late)) Each(block, (fold, r) => fold.Add(r));
        hours.Write(database, BlockLevel.Hour, transaction);
        minutes.Write(database, BlockLevel.Minute, transaction);

        void Each(in BlockRef block, Action<RollUpFold, BlockCodec.Reader> action)
        {
            var isFine = block.IntervalMs < MinuteMs;
            for (var r = file.Open(block.Id); r?.Next() == true;)
            {
                action(hours, r);
                if (isFine) action(minutes, r);
            }
        }
    }
}
