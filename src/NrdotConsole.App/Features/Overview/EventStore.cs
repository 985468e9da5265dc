using System.Text;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Overview;

/// <summary>The log of what happened to the fleet, newest <see cref="Capacity"/> kept.</summary>
internal sealed class EventStore(ConsoleDatabase database)
{
    public const int Capacity = 50_000;

    /// <summary>Newest id given, or 0.</summary>
    public async Task<long> LastIdAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(id), 0) FROM events");
    }

    /// <summary>Adds events under the ids they have, and drops the oldest beyond the capacity. Adding one twice changes nothing.</summary>
    public async Task AddAsync(IReadOnlyCollection<FleetEvent> events, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            "INSERT INTO events (id, at, severity, kind, tenant, host, text) VALUES (@Id, @At, @Severity, @Kind, @Tenant, @Host, @Text) ON CONFLICT DO NOTHING",
            events, transaction);
        await connection.ExecuteAsync("DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - @Capacity", new { Capacity }, transaction);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Newest first. Null fields do not filter.</summary>
    public async Task<Page<FleetEvent>> PageAsync(string? tenant, string? host, string? kind, PageRequest page, CancellationToken ct = default)
    {
        var where = new StringBuilder("FROM events WHERE 1 = 1");
        if (tenant is not null) where.Append(" AND tenant = @tenant");
        if (host is not null) where.Append(" AND host = @host");
        if (kind is not null) where.Append(" AND kind = @kind");
        await using var connection = await database.OpenAsync(ct);
        var values = new { tenant, host, kind, page.Offset, page.Limit };
        var rows = await connection.QueryAsync<Row>($"SELECT id, at, severity, kind, tenant, host, text {where} ORDER BY id DESC LIMIT @Limit OFFSET @Offset", values);
        var total = await connection.ExecuteScalarAsync<int>($"SELECT count(*) {where}", values);
        return new([.. rows.Select(r => new FleetEvent(r.Id, r.At, r.Severity, r.Kind, r.Tenant, r.Host, r.Text))], total, page.Offset, page.Limit);
    }

    sealed class Row
    {
        public long Id { get; init; }
        public DateTimeOffset At { get; init; }
        public EventSeverity Severity { get; init; }
        public string Kind { get; init; } = "";
        public string Tenant { get; init; } = "";
        public string Host { get; init; } = "";
        public string Text { get; init; } = "";
    }
}
