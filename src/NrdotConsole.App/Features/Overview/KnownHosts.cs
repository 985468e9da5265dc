using Dapper;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Features.Overview;

/// <summary>Every host that ever sent data, so that a restart of the console is not a first sight of the fleet.</summary>
internal sealed class KnownHosts(ConsoleDatabase database)
{
    public async Task<IReadOnlyCollection<(string Tenant, string HostKey)>> AllAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<(string, string)>("SELECT tenant, host_key FROM known_hosts")).AsList();
    }

    public async Task AddAsync(IEnumerable<(string Tenant, string HostKey)> hosts, DateTimeOffset at, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            "INSERT INTO known_hosts (tenant, host_key, first_seen_at) VALUES (@Tenant, @HostKey, @At) ON CONFLICT DO NOTHING",
            hosts.Select(h => new { h.Tenant, h.HostKey, At = at }), transaction);
        await transaction.CommitAsync(ct);
    }
}
