using Dapper;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>What a live session gives its holder now: role and tenants are the account's of this moment, not of the sign-in.</summary>
internal sealed record SessionAccess(string SessionId, long UserId, string UserName, string Role, IReadOnlySet<string>? Tenants);

/// <summary>A session as its owner sees it.</summary>
internal sealed record SessionRow(string Id, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string Address, string Agent);

/// <summary>
/// Sessions live in the database, so ending one works at once and survives a restart: disabling an account, a new password or
/// "sign out everywhere" are deletions. A cookie is only its id.
/// </summary>
internal sealed class SessionStore(ConsoleDatabase database, TimeProvider time)
{
    /// <summary>A session ends this long after its last request,</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(8);

    /// <summary>and this long after the sign-in in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>The oldest session gives way to one more than this.</summary>
    public const int MaxPerUser = 20;

    const int MaxAgentLength = 200;
    static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    public async Task<string> CreateAsync(long userId, string address, string agent, CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        var id = Secret.New();
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            """
            DELETE FROM sessions WHERE expires_at <= @now;
            INSERT INTO sessions (id, user_id, created_at, last_seen_at, expires_at, address, agent)
            VALUES (@id, @userId, @now, @now, @expires, @address, @agent);
            DELETE FROM sessions WHERE user_id = @userId AND id NOT IN
                (SELECT id FROM sessions WHERE user_id = @userId ORDER BY last_seen_at DESC, id = @id DESC LIMIT @MaxPerUser);
            UPDATE users SET last_sign_in_at = @now WHERE id = @userId;
            """,
            new { id, userId, now, expires = now + Idle, address, agent = agent.Length > MaxAgentLength ? agent[..MaxAgentLength] : agent, MaxPerUser }, transaction);
        await transaction.CommitAsync(ct);
        return id;
    }

    /// <summary>Null when the session has ended, its account is disabled, or it never was.</summary>
    /// <param name="touch">Whether this counts as use: a request does, a look at an open page does not.</param>
    public async Task<SessionAccess?> FindAsync(string id, bool touch, CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(ct);
        var found = await connection.QuerySingleOrDefaultAsync<Found>(new CommandDefinition(
            """
            SELECT u.id AS UserId, u.name, u.role, u.tenants, s.created_at AS CreatedAt, s.last_seen_at AS LastSeenAt
            FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.id = @id AND s.expires_at > @now AND u.disabled = 0
            """, new { id, now }, cancellationToken: ct));
        if (found is null || now - found.CreatedAt >= Longest) return null;
        if (touch && now - found.LastSeenAt >= TouchEvery)
            await connection.ExecuteAsync(new CommandDefinition("UPDATE sessions SET last_seen_at = @now, expires_at = @expires WHERE id = @id",
                new { id, now, expires = now + Idle }, cancellationToken: ct));
        return new(id, found.UserId, found.Name, found.Role, Tenants.FromJson(found.Tenants));
    }

    /// <summary>All that are in force. This is no use of them.</summary>
    public async Task<IReadOnlyList<SessionAccess>> AllAsync(CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<(string Id, long UserId, string Name, string Role, string? Tenants)>(new CommandDefinition(
            """
            SELECT s.id, u.id, u.name, u.role, u.tenants FROM sessions s JOIN users u ON u.id = s.user_id
            WHERE s.expires_at > @now AND s.created_at > @oldest AND u.disabled = 0
            """, new { now, oldest = now - Longest }, cancellationToken: ct));
        return [.. rows.Select(r => new SessionAccess(r.Id, r.UserId, r.Name, r.Role, Tenants.FromJson(r.Tenants)))];
    }

    public async Task<IReadOnlyList<SessionRow>> ListAsync(long userId, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<SessionRow>(new CommandDefinition(
            """
            SELECT id, created_at AS CreatedAt, last_seen_at AS LastSeenAt, address, agent
            FROM sessions WHERE user_id = @userId AND expires_at > @now ORDER BY last_seen_at DESC
            """, new { userId, now = time.GetUtcNow() }, cancellationToken: ct));
        return rows.AsList();
    }

    /// <summary>Ends one session of this user; a stranger's id ends nothing.</summary>
    public async Task EndAsync(long userId, string id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync(new CommandDefinition("DELETE FROM sessions WHERE id = @id AND user_id = @userId", new { id, userId }, cancellationToken: ct));
    }

    sealed record Found(long UserId, string Name, string Role, string? Tenants, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt);
}
