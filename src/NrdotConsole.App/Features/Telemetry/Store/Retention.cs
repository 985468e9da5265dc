using Microsoft.Data.Sqlite;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Deletes blocks whose time is over, and the names that only they bore. A raw block whose points are about a minute apart or more is its own minute roll-up and is kept as long as those.
/// </summary>
internal sealed class Retention(SeriesStore store, StoreSettings settings, TimeProvider time)
{
    const int BlocksPerTransaction = 500;

    const int NamesPerTransaction = 5000;

    /// <summary>The day is all that names keep of the time, and merged blocks are kept by their newest point.</summary>
    static readonly TimeSpan NameSlack = TimeSpan.FromDays(3);

    DateTimeOffset _namesDeleted;

    /// <summary>A query that began just before the boundary still finds what it counts on.</summary>
    static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <summary>Answers how many blocks were deleted.</summary>
    public int Run()
    {
        if (store.Database is not { } database) return 0;
        try
        {
            var keep = settings.Retention;
            var deleted = Delete(database, BlockLevel.Raw, keep.Raw + Slack, RollUp.AboutMinuteMs)
                + Delete(database, BlockLevel.Raw, keep.Minute, long.MaxValue)
                + Delete(database, BlockLevel.Minute, keep.Minute, long.MaxValue)
                + Delete(database, BlockLevel.Hour, keep.Hour, long.MaxValue);
            DeleteNames(database);
            if (deleted > 0) database.Shrink();
            return deleted;
        }
        catch (SqliteException)
        {
            // A locked or full file is the sealer's to report: it writes more often. Retention comes again in ten minutes.
            return 0;
        }
    }

    /// <summary>Resources, attribute sets, hosts and metrics whose last block is gone; once a day.</summary>
    void DeleteNames(TelemetryDatabase database)
    {
        var now = time.GetUtcNow();
        if (now - _namesDeleted < TimeSpan.FromDays(1)) return;
        var keep = settings.Retention;
        var longest = TimeSpan.FromTicks(Math.Max(keep.Raw.Ticks, Math.Max(keep.Minute.Ticks, keep.Hour.Ticks)));
        var before = (now - longest - NameSlack).ToUnixTimeMilliseconds();
        while (store.Writing(() => database.DeleteNames(before, NamesPerTransaction)) >= NamesPerTransaction) { }
        _namesDeleted = now;
    }

    int Delete(TelemetryDatabase database, BlockLevel level, TimeSpan keep, long minIntervalMs)
    {
        var before = (time.GetUtcNow() - keep).ToUnixTimeMilliseconds();
        var total = 0;
        for (var deleted = BlocksPerTransaction; deleted == BlocksPerTransaction; total += deleted)
            deleted = store.Writing(() => database.DeleteBlocks(level, before, minIntervalMs, BlocksPerTransaction));
        return total;
    }
}
