using System.IO.Hashing;
using Dapper;
using Microsoft.Data.Sqlite;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary><c>telemetry.db</c>: what has left memory. One writer; any number of readers.</summary>
internal sealed class TelemetryDatabase : IDisposable
{
    readonly string _path;
    readonly SqliteConnection _writer;

    TelemetryDatabase(string path, SqliteConnection writer)
    {
        _path = path;
        _writer = writer;
    }

    /// <summary>Opens, checks and creates what is missing.</summary>
    /// <exception cref="SqliteException">The file cannot be read or written, or is damaged.</exception>
    public static TelemetryDatabase Open(string path)
    {
        var writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            writer.Open();
            // The page size and the vacuum mode only count before the first table.
            writer.Execute("PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192;");
            var version = writer.ExecuteScalar<long>("PRAGMA user_version");
            if (version != 0 && version != TelemetrySchema.Version)
                throw new SqliteException($"telemetry.db is of version {version}, this program reads version {TelemetrySchema.Version}: start the program that wrote it, or move the file away", 1);
            writer.Execute(TelemetrySchema.Sql);
            writer.Execute($"PRAGMA user_version = {TelemetrySchema.Version}");
            if (writer.ExecuteScalar<string>("PRAGMA quick_check(1)") is not "ok" and var fault) throw new SqliteException($"telemetry.db is damaged: {fault}", 11);
            return new(path, writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    public SqliteConnection OpenReader()
    {
        var reader = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadOnly, Pooling = true, DefaultTimeout = 5 }.ToString());
        reader.Open();
        return reader;
    }

    /// <summary>From here on <paramref name="reader"/> sees the database as it stands now.</summary>
    public static void BeginRead(SqliteConnection reader)
    {
        reader.BeginTransaction(deferred: true);
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT 1 FROM bucket LIMIT 1";
        command.ExecuteScalar();
    }

    public long Bytes => Length(_path) + Length(_path + "-wal");

    static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    public SqliteTransaction Begin() => _writer.BeginTransaction();

    /// <summary>Writes all that was committed to the database file and the disk, so that the log may go. False when a query that runs still needs what was before.</summary>
    public bool TryCheckpoint() => _writer.ExecuteScalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") == 0;

    public IEnumerable<(int Bucket, long Sequence)> Buckets() => _writer.Query<(int, long)>("SELECT id, sequence FROM bucket");

    public void SetBucket(int bucket, long sequence, SqliteTransaction transaction) => _writer.Execute(
        "INSERT INTO bucket (id, sequence) VALUES (@bucket, @sequence) ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence",
        new { bucket, sequence }, transaction);

    public long Progress(string name) => _writer.ExecuteScalar<long?>("SELECT value FROM progress WHERE name = @name", new { name }) ?? 0;

    public void SetProgress(string name, long value, SqliteTransaction transaction) => _writer.Execute(
        "INSERT INTO progress (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        new { name, value }, transaction);

    public IEnumerable<StoredMetric> Metrics() => _writer.Query<(long Id, string Name, string Unit, string Description, long Kind, long Temporality, long Monotonic)>(
        "SELECT id, name, unit, description, kind, temporality, monotonic FROM metric ORDER BY id")
        .Select(m => new StoredMetric((int)m.Id, m.Name, m.Unit, m.Description, (int)m.Kind, (int)m.Temporality, m.Monotonic != 0));

    public void SetTenant(int metric, string tenant, long nowMs, SqliteTransaction transaction) => _writer.Execute(
        "INSERT INTO metric_tenant (metric, tenant, sealed_ms) VALUES (@metric, @tenant, @nowMs) ON CONFLICT (metric, tenant) DO UPDATE SET sealed_ms = excluded.sealed_ms",
        new { metric, tenant, nowMs }, transaction);

    /// <summary>Metrics of which one of the tenants had points sealed since then.</summary>
    public List<StoredMetric> MetricsOf(IReadOnlyCollection<string> tenants, long sinceMs)
    {
        using var reader = OpenReader();
        return [.. reader.Query<(long Id, string Name, string Unit, string Description, long Kind, long Temporality, long Monotonic)>(
            """
            SELECT id, name, unit, description, kind, temporality, monotonic FROM metric
            WHERE id IN (SELECT metric FROM metric_tenant WHERE tenant IN @tenants AND sealed_ms >= @sinceMs) ORDER BY id
            """, new { tenants, sinceMs })
            .Select(m => new StoredMetric((int)m.Id, m.Name, m.Unit, m.Description, (int)m.Kind, (int)m.Temporality, m.Monotonic != 0))];
    }

    public IEnumerable<StoredHost> Hosts(int limit) => _writer.Query<(long Id, string Tenant, string Key, string Name, long First, long Sealed)>(
        "SELECT id, tenant, key, name, first_seen_ms, sealed_through_ms FROM host ORDER BY sealed_through_ms DESC LIMIT @limit", new { limit })
        .Select(h => new StoredHost((int)h.Id, h.Tenant, h.Key, h.Name, h.First, h.Sealed));

    public int AddMetric(MetricDescriptor m, long nowMs, SqliteTransaction transaction) => _writer.ExecuteScalar<int>(
        """
        INSERT INTO metric (name, unit, description, kind, temporality, monotonic, sealed_ms) VALUES (@Name, @Unit, @Description, @kind, @temporality, @IsMonotonic, @nowMs)
        ON CONFLICT (name, unit, kind, temporality, monotonic) DO UPDATE SET description = excluded.description, sealed_ms = excluded.sealed_ms RETURNING id
        """, new { m.Name, m.Unit, m.Description, kind = (int)m.Kind, temporality = (int)m.Temporality, m.IsMonotonic, nowMs }, transaction);

    public int SetHost(TelemetryHost host, long sealedThroughMs, SqliteTransaction transaction) => _writer.ExecuteScalar<int>(
        """
        INSERT INTO host (tenant, key, name, first_seen_ms, sealed_through_ms) VALUES (@Tenant, @Key, @Name, @FirstSeenUnixMs, @sealedThroughMs)
        ON CONFLICT (tenant, key) DO UPDATE SET name = excluded.name, sealed_through_ms = max(sealed_through_ms, excluded.sealed_through_ms) RETURNING id
        """, new { host.Tenant, host.Key, host.Name, host.FirstSeenUnixMs, sealedThroughMs }, transaction);

    /// <summary>The number of a resource: that of an equal one, or a new one.</summary>
    public int FindOrAddResource(int host, Labels labels, long nowMs, SqliteTransaction transaction)
    {
        var bytes = LabelBytes.Write(labels);
        var hash = (long)XxHash3.HashToUInt64(bytes);
        return _writer.ExecuteScalar<int?>("UPDATE resource SET sealed_ms = @nowMs WHERE hash = @hash AND host = @host AND labels = @bytes RETURNING id", new { nowMs, hash, host, bytes }, transaction)
            ?? _writer.ExecuteScalar<int>("INSERT INTO resource (host, hash, sealed_ms, labels) VALUES (@host, @hash, @nowMs, @bytes) RETURNING id", new { host, hash, nowMs, bytes }, transaction);
    }

    public int FindOrAddAttributes(Labels labels, long nowMs, SqliteTransaction transaction)
    {
        var bytes = LabelBytes.Write(labels);
        var hash = (long)XxHash3.HashToUInt64(bytes);
        return _writer.ExecuteScalar<int?>("UPDATE attributes SET sealed_ms = @nowMs WHERE hash = @hash AND labels = @bytes RETURNING id", new { nowMs, hash, bytes }, transaction)
            ?? _writer.ExecuteScalar<int>("INSERT INTO attributes (hash, sealed_ms, labels) VALUES (@hash, @nowMs, @bytes) RETURNING id", new { nowMs, hash, bytes }, transaction);
    }

    public long AddBlock(in NewBlock b, SqliteTransaction transaction) => _writer.ExecuteScalar<long>(
        """
        INSERT INTO block (metric, level, late, merged, from_ms, to_ms, keep_ms, host_from, host_to, series, points, interval_ms, data)
        VALUES (@Metric, @Level, @IsLate, @IsMerged, @FromMs, @ToMs, @KeepMs, @HostFrom, @HostTo, @Series, @Points, @IntervalMs, @Data) RETURNING id
        """, new { b.Metric, b.Level, b.IsLate, b.IsMerged, b.FromMs, b.ToMs, b.KeepMs, HostFrom = (long)b.HostFrom, HostTo = (long)b.HostTo, b.Series, b.Points, b.IntervalMs, b.Data }, transaction);

    public long LastBlock() => _writer.ExecuteScalar<long?>("SELECT max(id) FROM block") ?? 0;

    public void DeleteBlock(long id, SqliteTransaction transaction) => _writer.Execute("DELETE FROM block WHERE id = @id", new { id }, transaction);

    /// <summary>What stays of a block whose beginning was merged into others.</summary>
    public void TrimBlock(long id, long fromMs, int series, int points, byte[] data, SqliteTransaction transaction) => _writer.Execute(
        "UPDATE block SET from_ms = @fromMs, series = @series, points = @points, data = @data WHERE id = @id", new { id, fromMs, series, points, data }, transaction);

    public static List<BlockRef> FindBlocks(SqliteConnection reader, int metric, BlockLevel level, long fromMs, long toMs, long lastBlock)
    {
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT id, late, merged, from_ms, to_ms, interval_ms, keep_ms, host_from, host_to, points FROM block WHERE metric = @metric AND level = @level AND to_ms >= @from AND from_ms <= @to AND id <= @last";
        command.Parameters.AddWithValue("@metric", metric);
        command.Parameters.AddWithValue("@level", (int)level);
        command.Parameters.AddWithValue("@from", fromMs);
        command.Parameters.AddWithValue("@to", toMs);
        command.Parameters.AddWithValue("@last", lastBlock);
        return Read(command);
    }

    /// <summary>Sealed blocks with points before <paramref name="endMs"/> that are neither late nor merged, in the order in which they were sealed.</summary>
    public static List<BlockRef> FindUnmerged(SqliteConnection reader, int metric, long endMs, long throughId)
    {
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT id, late, merged, from_ms, to_ms, interval_ms, keep_ms, host_from, host_to, points FROM block WHERE metric = @metric AND level = 0 AND late = 0 AND merged = 0 AND from_ms < @end AND id <= @through ORDER BY id";
        command.Parameters.AddWithValue("@metric", metric);
        command.Parameters.AddWithValue("@end", endMs);
        command.Parameters.AddWithValue("@through", throughId);
        return Read(command);
    }

    static List<BlockRef> Read(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        var blocks = new List<BlockRef>();
        while (rows.Read())
            blocks.Add(new(rows.GetInt64(0), rows.GetBoolean(1), rows.GetBoolean(2), rows.GetInt64(3), rows.GetInt64(4), rows.GetInt64(5), rows.GetInt64(6), (uint)rows.GetInt64(7), (uint)rows.GetInt64(8), rows.GetInt32(9)));
        return blocks;
    }

    public long FirstPoint() => _writer.ExecuteScalar<long?>("SELECT min(from_ms) FROM block WHERE level = 0 AND late = 0") ?? 0;

    public long FirstHour() => _writer.ExecuteScalar<long?>("SELECT min(from_ms) FROM block WHERE level = 2 AND merged = 0") ?? 0;

    /// <summary>Blocks after <paramref name="afterId"/> with points before <paramref name="doneMs"/>: what was rolled up of their time is to be done again.</summary>
    public IEnumerable<(long Metric, long FromMs, long ToMs)> BlocksBehind(long afterId, long doneMs) => _writer.Query<(long, long, long)>(
        "SELECT metric, from_ms, to_ms FROM block WHERE id > @afterId AND level = 0 AND merged = 0 AND from_ms < @doneMs", new { afterId, doneMs });

    public void DeleteRollUp(int metric, long fromMs, long toMs, SqliteTransaction transaction) => _writer.Execute(
        "DELETE FROM block WHERE metric = @metric AND level <> 0 AND from_ms >= @fromMs AND from_ms < @toMs", new { metric, fromMs, toMs }, transaction);

    /// <summary>Deletes up to <paramref name="limit"/> blocks whose time is over; answers how many.</summary>
    public int DeleteBlocks(BlockLevel level, long keepBeforeMs, long minIntervalMs, int limit) => _writer.Execute(
        "DELETE FROM block WHERE id IN (SELECT id FROM block WHERE level = @level AND keep_ms < @keepBeforeMs AND interval_ms < @minIntervalMs LIMIT @limit)",
        new { level, keepBeforeMs, minIntervalMs, limit });

    /// <summary>Deletes up to <paramref name="limit"/> of each kind of name that no block bears any more; answers how many.</summary>
    /// <param name="sealedBeforeMs">So long ago that retention has taken every block of that time.</param>
    public int DeleteNames(long sealedBeforeMs, int limit)
    {
        string[] unused =
        [
            "DELETE FROM resource WHERE id IN (SELECT id FROM resource WHERE sealed_ms < @sealedBeforeMs LIMIT @limit)",
            "DELETE FROM attributes WHERE id IN (SELECT id FROM attributes WHERE sealed_ms < @sealedBeforeMs LIMIT @limit)",
            "DELETE FROM host WHERE id IN (SELECT id FROM host WHERE sealed_through_ms < @sealedBeforeMs AND id NOT IN (SELECT host FROM resource) LIMIT @limit)",
            "DELETE FROM metric WHERE id IN (SELECT id FROM metric WHERE sealed_ms < @sealedBeforeMs AND NOT EXISTS (SELECT 1 FROM block WHERE block.metric = metric.id) LIMIT @limit)",
            "DELETE FROM metric_tenant WHERE sealed_ms < @sealedBeforeMs",
        ];
        return unused.Sum(sql => _writer.Execute(sql, new { sealedBeforeMs, limit }));
    }

    /// <summary>Gives freed pages back to the file system, some at a time.</summary>
    public void Shrink() => _writer.Execute("PRAGMA incremental_vacuum(2000)");

    public void Dispose() => _writer.Dispose();
}
