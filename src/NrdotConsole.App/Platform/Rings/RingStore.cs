using System.Text.Json;
using Dapper;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Platform.Rings;

/// <summary>The rows of ring assignments.</summary>
internal sealed class RingStore(ConsoleDatabase database)
{
    public async Task<IReadOnlyList<RingMember>> AllAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>("SELECT tenant, host_key AS HostKey, host_name AS HostName, os, ring, since, seen_at AS SeenAt FROM ring_assignments");
        return [.. rows.Select(r => new RingMember(new(r.Tenant, r.HostKey, r.HostName, r.Os), r.Ring, r.Since, r.SeenAt))];
    }

    /// <summary>All of them or none, and with them what a Change did to them.</summary>
    public async Task SetAsync(IReadOnlyCollection<RingMember> members, RingMigration? migration = null, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (migration is not null)
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO ring_moves (change_id, moves_json, moved_at, returned_at) VALUES (@Change, @moves, @MovedAt, @ReturnedAt)
                ON CONFLICT (change_id) DO UPDATE SET returned_at = excluded.returned_at
                """,
                new { migration.Change, moves = JsonSerializer.Serialize(migration.Moves), migration.MovedAt, migration.ReturnedAt }, transaction);
        }
        await connection.ExecuteAsync(
            """
            INSERT INTO ring_assignments (tenant, host_key, host_name, os, ring, since, seen_at)
            VALUES (@Tenant, @HostKey, @HostName, @Os, @Ring, @Since, @SeenAt)
            ON CONFLICT (tenant, host_key) DO UPDATE SET host_name = excluded.host_name, os = excluded.os, ring = excluded.ring, since = excluded.since, seen_at = excluded.seen_at
            """,
            members.Select(m => new { m.Host.Tenant, HostKey = m.Host.Key, HostName = m.Host.Name, m.Host.Os, m.Ring, m.Since, m.SeenAt }), transaction);
        await transaction.CommitAsync(ct);
    }

    public async Task RemoveAsync(IReadOnlyCollection<RingMember> members, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("DELETE FROM ring_assignments WHERE tenant = @Tenant AND host_key = @Key", members.Select(m => new { m.Host.Tenant, m.Host.Key }), transaction);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Every Change that moved hosts, and whether they are back.</summary>
    public async Task<IReadOnlyDictionary<long, bool>> MigrationsAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<(long Change, long Returned)>("SELECT change_id, returned_at IS NOT NULL FROM ring_moves");
        return rows.ToDictionary(r => r.Change, r => r.Returned != 0);
    }

    public async Task<RingMigration?> MigrationAsync(long change, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<MigrationRow>(
            "SELECT moves_json AS MovesJson, moved_at AS MovedAt, returned_at AS ReturnedAt FROM ring_moves WHERE change_id = @change", new { change });
        return row is null ? null : new(change, JsonSerializer.Deserialize<List<RingMove>>(row.MovesJson)!, row.MovedAt, row.ReturnedAt);
    }

    sealed class MigrationRow
    {
        public string MovesJson { get; init; } = "";
        public DateTimeOffset MovedAt { get; init; }
        public DateTimeOffset? ReturnedAt { get; init; }
    }

    sealed class Row
    {
        public string Tenant { get; init; } = "";
        public string HostKey { get; init; } = "";
        public string HostName { get; init; } = "";
        public string Os { get; init; } = "";
        public int Ring { get; init; }
        public DateTimeOffset Since { get; init; }
        public DateTimeOffset SeenAt { get; init; }
    }
}
