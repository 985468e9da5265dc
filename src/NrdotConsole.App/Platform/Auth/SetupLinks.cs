using Dapper;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>One-time links that let an account's owner choose the password: the first start's, a new account's, a reset.</summary>
internal sealed class SetupLinks(ConsoleDatabase database, UserStore users, Passwords passwords, AuditLog audit, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Makes the account's one link; an earlier one ends. Shown once: the database keeps its hash.</summary>
    public async Task<string> CreateAsync(Actor actor, User user, CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        var token = Secret.New();
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            """
            DELETE FROM setup_links WHERE user_id = @Id OR expires_at <= @now;
            INSERT INTO setup_links (token_hash, user_id, created_at, expires_at) VALUES (@hash, @Id, @now, @expires);
            """, new { user.Id, now, expires = now + Lifetime, hash = Secret.Hash(token) }, transaction);
        await audit.AppendAsync(transaction, new(actor, "user.link", $"user:{user.Name}"), ct);
        await transaction.CommitAsync(ct);
        return "/set-up/" + token;
    }

    /// <summary>Whose link it is; null when it was used, has expired, or never was.</summary>
    public async Task<User?> FindAsync(string token, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var id = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(Owner, new { hash = Secret.Hash(token), now = time.GetUtcNow() }, cancellationToken: ct));
        return id is null ? null : await users.FindAsync(id.Value, ct);
    }

    /// <summary>Sets the password and uses the link up, both or neither.</summary>
    /// <returns>The account, or why not. Both null: the link is good no more.</returns>
    public async Task<(User? User, string? Refusal)> RedeemAsync(string token, string password, string address, CancellationToken ct = default)
    {
        if (await FindAsync(token, ct) is not { } user) return (null, null);
        if (PasswordRules.Refuse(password, user.Name) is { } refusal) return (null, refusal);
        var hash = passwords.Hash(password);
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var values = new { hash = Secret.Hash(token), now = time.GetUtcNow() };
        if (await connection.ExecuteScalarAsync<long?>(Owner, values, transaction) is null) return (null, null);
        await users.SetPasswordAsync(transaction, new(user.Name, ActorKind.User, address), user.Id, hash, null, ct);
        await transaction.CommitAsync(ct);
        return (user, null);
    }

    const string Owner =
        """
        SELECT l.user_id FROM setup_links l JOIN users u ON u.id = l.user_id
        WHERE l.token_hash = @hash AND l.expires_at > @now AND u.disabled = 0
        """;
}
