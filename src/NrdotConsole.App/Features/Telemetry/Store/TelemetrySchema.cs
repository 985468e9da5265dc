namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// <c>telemetry.db</c>. A block says in its own bytes which series it holds (resource and attributes by number), so no row stands for a series.
/// Blocks of a host lie together: <c>host_from..host_to</c> is the range of host hashes in the block. <c>merged</c>: see <see cref="Merge"/>.
/// No number is ever used again: memory may still know it. <c>sealed_ms</c> is the last time that points of it were sealed, to the day.
/// </summary>
internal static class TelemetrySchema
{
    public const int Version = 2;

    public const string Sql = """
        CREATE TABLE IF NOT EXISTS bucket (id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS progress (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS metric (
          id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, unit TEXT NOT NULL, description TEXT NOT NULL,
          kind INTEGER NOT NULL, temporality INTEGER NOT NULL, monotonic INTEGER NOT NULL, sealed_ms INTEGER NOT NULL,
          UNIQUE (name, unit, kind, temporality, monotonic));
        CREATE TABLE IF NOT EXISTS metric_tenant (metric INTEGER NOT NULL, tenant TEXT NOT NULL, sealed_ms INTEGER NOT NULL, PRIMARY KEY (metric, tenant)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS host (
          id INTEGER PRIMARY KEY AUTOINCREMENT, tenant TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL,
          first_seen_ms INTEGER NOT NULL, sealed_through_ms INTEGER NOT NULL, UNIQUE (tenant, key));
        CREATE TABLE IF NOT EXISTS resource (id INTEGER PRIMARY KEY AUTOINCREMENT, host INTEGER NOT NULL, hash INTEGER NOT NULL, sealed_ms INTEGER NOT NULL, labels BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS resource_hash ON resource (hash, host);
        CREATE TABLE IF NOT EXISTS attributes (id INTEGER PRIMARY KEY AUTOINCREMENT, hash INTEGER NOT NULL, sealed_ms INTEGER NOT NULL, labels BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS attributes_hash ON attributes (hash);
        CREATE TABLE IF NOT EXISTS block (
          id INTEGER PRIMARY KEY AUTOINCREMENT, metric INTEGER NOT NULL, level INTEGER NOT NULL, late INTEGER NOT NULL, merged INTEGER NOT NULL,
          from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, keep_ms INTEGER NOT NULL, host_from INTEGER NOT NULL, host_to INTEGER NOT NULL,
          series INTEGER NOT NULL, points INTEGER NOT NULL, interval_ms INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS block_find ON block (metric, level, to_ms, from_ms, late, merged, interval_ms, keep_ms, host_from, host_to, points);
        """;
}

/// <summary>What a block's points are: as they came, or one cell a minute or an hour (<see cref="RollUp"/>).</summary>
internal enum BlockLevel { Raw = 0, Minute = 1, Hour = 2 }

/// <param name="KeepMs">Retention counts from here: the later of its newest point and its arrival.</param>
/// <param name="IntervalMs">The shortest time between two points of a series in it; 0 where no series has two.</param>
internal readonly record struct NewBlock(
    int Metric, BlockLevel Level, bool IsLate, long FromMs, long ToMs, long KeepMs, uint HostFrom, uint HostTo, int Series, int Points, long IntervalMs, byte[] Data)
{
    public bool IsMerged { get; init; }
}

internal readonly record struct BlockRef(long Id, bool IsLate, bool IsMerged, long FromMs, long ToMs, long IntervalMs, long KeepMs, uint HostFrom, uint HostTo, int Points)
{
    /// <summary>
    /// Blocks that are not late, so that each series' points come in order of time: a series is sealed in that order, and what is merged was sealed
    /// before what is not.
    /// </summary>
    public static IEnumerable<BlockRef> Ordered(IEnumerable<BlockRef> blocks) => blocks.Where(b => !b.IsLate)
        .OrderBy(b => b.IsMerged ? Math.Floor((double)b.FromMs / RollUp.WindowMs) : double.MaxValue).ThenBy(b => b.Id);
}

internal sealed record StoredMetric(int Id, string Name, string Unit, string Description, int Kind, int Temporality, bool Monotonic);

internal sealed record StoredHost(int Id, string Tenant, string Key, string Name, long FirstSeenMs, long SealedThroughMs);
