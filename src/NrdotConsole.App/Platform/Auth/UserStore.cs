using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>An account, without anything secret.</summary>
internal sealed class User
{
    public long Id { get; init; }
    public string Name { get; init; } = "";
    public string Role { get; init; } = "";
    public string? TenantsJson { get; init; }
    public bool Disabled { get; init; }
    public bool HasPassword { get; init; }
    public bool External { get; init; }
    public DateTimeOffset? LockedUntil { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>Live ones: what disabling the account ends.</summary>
    public int Sessions { get; init; }
    public int Tokens { get; init; }

    public IReadOnlySet<string>? Tenants => Auth.Tenants.FromJson(TenantsJson);

    /// <summary>What the audit log keeps of it.</summary>
    public object Facts => new { Name, Role, Tenants, Disabled };
}

/// <summary>Accounts. Each change is recorded in the audit log within its transaction, and holds from the holder's next request on.</summary>
internal sealed partial class UserStore(ConsoleDatabase database, AuditLog audit, TimeProvider time)
{
    public const int MaxUsers = 5_000;

    const string Columns =
        """
        u.id, u.name, u.role, u.tenants AS TenantsJson, u.disabled, u.password_hash IS NOT NULL AS HasPassword,
        u.external_subject IS NOT NULL AS External, u.locked_until AS LockedUntil, u.created_at AS CreatedAt, u.last_sign_in_at AS LastSignInAt,
        (SELECT count(*) FROM sessions s WHERE s.user_id = u.id AND s.expires_at > @now) AS Sessions,
        (SELECT count(*) FROM api_tokens t WHERE t.owner_id = u.id AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > @now)) AS Tokens
        """;

    public async Task<IReadOnlyList<User>> ListAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<User>(new CommandDefinition(
            $"SELECT {Columns} FROM users u ORDER BY u.name_key", new { now = time.GetUtcNow() }, cancellationToken: ct))).AsList();
    }

    public async Task<User?> FindAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await FindAsync(connection, null, id, ct);
    }

    /// <summary>Adds an account that cannot sign in until a set-up link gives it a password.</summary>
    public async Task<(User? User, Fault? Fault)> AddAsync(Actor actor, string name, string role, IReadOnlySet<string>? tenants, string? externalSubject = null, CancellationToken ct = default)
    {
        name = name.Trim();
        if (!Name().IsMatch(name)) return (null, new("name", name, "1 to 64 letters, digits and . _ - @ +, first a letter or digit"));
        if (Check(role, tenants) is { } fault) return (null, fault);
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM users", transaction: transaction) >= MaxUsers)
            return (null, new("users", $"{MaxUsers + 1}", $"at most {MaxUsers} accounts"));
        var id = await connection.ExecuteScalarAsync<long?>(
            """
            INSERT INTO users (name, name_key, role, tenants, external_subject, created_at)
            VALUES (@name, @key, @role, @tenants, @externalSubject, @now)
            ON CONFLICT (name_key) DO NOTHING RETURNING id
            """, new { name, key = Key(name), role, tenants = Tenants.ToJson(tenants), externalSubject, now = time.GetUtcNow() }, transaction);
        if (id is null) return (null, new("name", name, "a name that no other account has"));
        var user = (await FindAsync(connection, transaction, id.Value, ct))!;
        await audit.AppendAsync(transaction, new(actor, "user.add", $"user:{name}", After: user.Facts), ct);
        await transaction.CommitAsync(ct);
        return (user, null);
    }

    /// <summary>Gives an account another role or other tenants.</summary>
    public Task<Fault?> ChangeAsync(Actor actor, long id, string role, IReadOnlySet<string>? tenants, CancellationToken ct = default) =>
        Check(role, tenants) is { } fault
            ? Task.FromResult<Fault?>(fault)
            : AlterAsync(actor, id, "user.change", "UPDATE users SET role = @role, tenants = @tenants WHERE id = @id", new { id, role, tenants = Tenants.ToJson(tenants) }, ct);

    /// <summary>Disabling ends the account's sessions, links and tokens' power at once; enabling gives the tokens their power back.</summary>
    public Task<Fault?> SetDisabledAsync(Actor actor, long id, bool disabled, CancellationToken ct = default) =>
        AlterAsync(actor, id, disabled ? "user.disable" : "user.enable",
            """
            UPDATE users SET disabled = @disabled, failed_sign_ins = 0, locked_until = NULL WHERE id = @id;
            DELETE FROM sessions WHERE user_id = @id AND @disabled;
            DELETE FROM setup_links WHERE user_id = @id AND @disabled;
            """, new { id, disabled }, ct);

    async Task<Fault?> AlterAsync(Actor actor, long id, string action, string sql, object values, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await FindAsync(connection, transaction, id, ct);
        if (before is null) return new("user", $"{id}", "an account that exists");
        await connection.ExecuteAsync(sql, values, transaction);
        if (await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM users WHERE role = 'admin' AND disabled = 0 AND tenants IS NULL", transaction: transaction) == 0)
            return new("user", before.Name, "not the last admin of all tenants: make another one first");
        var after = (await FindAsync(connection, transaction, id, ct))!;
        await audit.AppendAsync(transaction, new(actor, action, $"user:{before.Name}", before.Facts, after.Facts), ct);
        await transaction.CommitAsync(ct);
        return null;
    }

    /// <summary>Sets a password that has passed the rules; ends the account's other sessions and its set-up links.</summary>
    /// <param name="keepSession">The session that asked, which goes on.</param>
    public async Task SetPasswordAsync(DbTransaction transaction, Actor actor, long id, string hash, string? keepSession, CancellationToken ct = default)
    {
        var connection = transaction.Connection!;
        var user = (await FindAsync(connection, transaction, id, ct))!;
        await connection.ExecuteAsync(
            """
            UPDATE users SET password_hash = @hash, failed_sign_ins = 0, locked_until = NULL WHERE id = @id;
            DELETE FROM sessions WHERE user_id = @id AND id IS NOT @keepSession;
            DELETE FROM setup_links WHERE user_id = @id;
            """, new { id, hash, keepSession }, transaction);
        await audit.AppendAsync(transaction, new(actor, "user.password", $"user:{user.Name}"), ct);
    }

    Task<User?> FindAsync(DbConnection connection, DbTransaction? transaction, long id, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<User>(new CommandDefinition(
            $"SELECT {Columns} FROM users u WHERE u.id = @id", new { id, now = time.GetUtcNow() }, transaction, cancellationToken: ct));

    static Fault? Check(string role, IReadOnlySet<string>? tenants)
    {
        if (!Roles.All.Contains(role)) return new("role", role, string.Join(", ", Roles.All));
        if (tenants is { Count: 0 or > Tenants.MaxCount }) return new("tenants", $"{tenants.Count} names", $"1 to {Tenants.MaxCount} names, or all tenants");
        return tenants?.FirstOrDefault(x => x.Length is 0 or > Tenants.MaxLength) is { } wrong ? new("tenants", wrong, $"names of 1 to {Tenants.MaxLength} characters") : null;
    }

    /// <summary>How a name is looked up: people do not remember its capitals.</summary>
    public static string Key(string name) => name.Trim().ToLowerInvariant();

    [GeneratedRegex(@"^[\p{L}\p{Nd}][\p{L}\p{Nd}._@+\-]{0,63}$")]
    private static partial Regex Name();
}
