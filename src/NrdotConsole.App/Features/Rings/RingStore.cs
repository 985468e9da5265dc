using Dapper;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Features.Rings;

/// <summary>The rows of ring assignments.</summary>
internal sealed class RingStore(ConsoleDatabase database)
{
    public async Task<IReadOnlyList<RingMember>> AllAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>("SELECT tenant, host_key AS HostKey, host_name AS HostName, os, ring, since, seen_at AS SeenAt FROM ring_assignments");
        return [.. rows.Select(r => new RingMember(new(r.Tenant, r.HostKey, r.HostName, r.Os), r.Ring, r.Since, r.SeenAt))];
    }

    /// <summary>All of them or none.</summary>
    public async Task SetAsync(IReadOnlyCollection<RingMember> members, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
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
