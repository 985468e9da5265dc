using Microsoft.Data.Sqlite;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Deletes blocks whose time is over. A raw block whose points are a minute apart or more is its own minute roll-up and is kept as long as those.
/// </summary>
internal sealed class Retention(SeriesStore store, StoreSettings settings, TimeProvider time)
{
    const int BlocksPerTransaction = 500;
    const long MinuteMs = 60_000;

    /// <summary>A query that began just before the boundary still finds what it counts on.</summary>
    static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <summary>Answers how many blocks were deleted.</summary>
    public int Run()
    {
        if (store.Database is not { } database) return 0;
        try
        {
            var keep = settings.Retention;
            var deleted = Delete(database, BlockLevel.Raw, keep.Raw + Slack, MinuteMs)
                + Delete(database, BlockLevel.Raw, keep.Minute, long.MaxValue)
                + Delete(database, BlockLevel.Minute, keep.Minute, long.MaxValue)
                + Delete(database, BlockLevel.Hour, keep.Hour, long.MaxValue);
            if (deleted > 0) database.Shrink();
            return deleted;
        }
        catch (SqliteException)
        {
            // A locked or full file is the sealer's to report: it writes more often. Retention comes again in ten minutes.
            return 0;
        }
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
