using System.Text.Json;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>What a live token gives its bearer now: its scopes, as far as its owner still has them.</summary>
internal sealed record TokenAccess(
    long TokenId, string TokenName, long OwnerId, string OwnerName, string OwnerRole, IReadOnlyList<string> Permissions, IReadOnlySet<string>? Tenants);

/// <summary>A token without its secret.</summary>
internal sealed class ApiToken
{
    public long Id { get; init; }
    public string Name { get; init; } = "";

    /// <summary>Its first characters, to tell tokens apart.</summary>
    public string Hint { get; init; } = "";
    public long OwnerId { get; init; }
    public string Owner { get; init; } = "";
    public string ScopesJson { get; init; } = "[]";
    public string? TenantsJson { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? LastUsedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    public IReadOnlyList<string> Scopes => JsonSerializer.Deserialize<string[]>(ScopesJson)!;
    public IReadOnlySet<string>? Tenants => Auth.Tenants.FromJson(TenantsJson);
    public object Facts => new { Name, Owner, Scopes, Tenants, ExpiresAt };
}

/// <summary>API tokens: <c>nrc_</c> and 256 random bits, shown once, kept as SHA-256.</summary>
internal sealed class ApiTokenStore(ConsoleDatabase database, UserStore users, AuditLog audit, TimeProvider time)
{
    public const string Prefix = "nrc_";
    public const int MaxPerOwner = 100, MaxNameLength = 100;

    /// <summary>Stands for every permission there is, those of later versions too: the bootstrap token's scope.</summary>
    public const string AllScopes = "*";

    static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    const string Columns =
        """
        t.id, t.name, t.hint, t.owner_id AS OwnerId, u.name AS Owner, t.scopes AS ScopesJson, t.tenants AS TenantsJson,
        t.created_at AS CreatedAt, t.expires_at AS ExpiresAt, t.last_used_at AS LastUsedAt, t.revoked_at AS RevokedAt
        """;

    /// <param name="ownerId">Null: everybody's.</param>
    public async Task<IReadOnlyList<ApiToken>> ListAsync(long? ownerId = null, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<ApiToken>(new CommandDefinition(
            $"SELECT {Columns} FROM api_tokens t JOIN users u ON u.id = t.owner_id WHERE @ownerId IS NULL OR t.owner_id = @ownerId ORDER BY t.id DESC",
            new { ownerId }, cancellationToken: ct))).AsList();
    }

    /// <summary>Makes a token. Its scopes and tenants lie within its owner's.</summary>
    /// <param name="secret">Given only at an unattended first start; else made here.</param>
    /// <returns>The secret, to be shown once; or the fault.</returns>
    public async Task<(string? Secret, Fault? Fault)> CreateAsync(
        Actor actor, long ownerId, string name, IReadOnlyList<string> scopes, IReadOnlySet<string>? tenants, DateTimeOffset? expiresAt, string? secret = null, CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        name = name.Trim();
        if (name.Length is 0 or > MaxNameLength) return (null, new("name", name, $"1 to {MaxNameLength} characters"));
        if (expiresAt <= now) return (null, new("expiresAt", $"{expiresAt:u}", "a time to come"));
        if (await users.FindAsync(ownerId, ct) is not { Disabled: false } owner) return (null, new("owner", $"{ownerId}", "an enabled account"));
        if (scopes.Count == 0) return (null, new("scopes", "", "at least one"));
        if (scopes.FirstOrDefault(x => x != AllScopes && !Roles.PermissionsOf(owner.Role).Contains(x)) is { } beyond)
            return (null, new("scopes", beyond, $"what {owner.Name} may do: {string.Join(", ", Roles.PermissionsOf(owner.Role))}"));
        if (owner.Tenants is { } own && (tenants is null || !tenants.IsSubsetOf(own)))
            return (null, new("tenants", tenants is null ? "all" : string.Join(", ", tenants), $"tenants of {owner.Name}: {string.Join(", ", own)}"));
        secret ??= Secret.New(Prefix);
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var live = await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM api_tokens WHERE owner_id = @ownerId AND revoked_at IS NULL", new { ownerId }, transaction);
        if (live >= MaxPerOwner) return (null, new("tokens", $"{live + 1}", $"at most {MaxPerOwner} for one account: revoke one first"));
        var id = await connection.ExecuteScalarAsync<long>(
            """
            INSERT INTO api_tokens (name, token_hash, hint, owner_id, scopes, tenants, created_at, expires_at)
            VALUES (@name, @hash, @hint, @ownerId, @scopes, @tenants, @now, @expiresAt) RETURNING id
            """,
            new { name, hash = Secret.Hash(secret), hint = Secret.Hint(secret), ownerId, scopes = JsonSerializer.Serialize(scopes), tenants = Tenants.ToJson(tenants), now, expiresAt }, transaction);
        await audit.AppendAsync(transaction, new(actor, "token.add", $"token:{id}", After: new { name, owner = owner.Name, scopes, tenants, expiresAt }), ct);
        await transaction.CommitAsync(ct);
        return (secret, null);
    }

    /// <param name="ownerId">Only a token of this account; null: anybody's.</param>
    public async Task RevokeAsync(Actor actor, long id, long? ownerId = null, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var token = await connection.QuerySingleOrDefaultAsync<ApiToken>(
            $"SELECT {Columns} FROM api_tokens t JOIN users u ON u.id = t.owner_id WHERE t.id = @id AND t.revoked_at IS NULL AND (@ownerId IS NULL OR t.owner_id = @ownerId)",
            new { id, ownerId }, transaction);
        if (token is null) return;
        await connection.ExecuteAsync("UPDATE api_tokens SET revoked_at = @now WHERE id = @id", new { id, now = time.GetUtcNow() }, transaction);
        await audit.AppendAsync(transaction, new(actor, "token.revoke", $"token:{id}", Before: token.Facts), ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Null when there is no such token, or it is revoked, expired, or its owner disabled.</summary>
    public Task<TokenAccess?> FindAsync(string secret, CancellationToken ct = default) => FindAsync("t.token_hash = @key", Secret.Hash(secret), touch: true, ct);

    /// <summary>The same by number, for connections that stay open; this is no use of it.</summary>
    public Task<TokenAccess?> FindAsync(long id, CancellationToken ct = default) => FindAsync("t.id = @key", id, touch: false, ct);

    async Task<TokenAccess?> FindAsync(string condition, object key, bool touch, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(ct);
        var found = await connection.QuerySingleOrDefaultAsync<Found>(new CommandDefinition(
            $"""
             SELECT t.id, t.name, t.scopes, t.tenants, t.last_used_at AS LastUsedAt,
                    u.id AS OwnerId, u.name AS Owner, u.role AS OwnerRole, u.tenants AS OwnerTenants
             FROM api_tokens t JOIN users u ON u.id = t.owner_id
             WHERE {condition} AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > @now) AND u.disabled = 0
             """, new { key, now }, cancellationToken: ct));
        if (found is null) return null;
        if (touch && (found.LastUsedAt is not { } last || now - last >= TouchEvery))
            await connection.ExecuteAsync(new CommandDefinition("UPDATE api_tokens SET last_used_at = @now WHERE id = @Id", new { found.Id, now }, cancellationToken: ct));
        var scopes = JsonSerializer.Deserialize<string[]>(found.Scopes)!;
        return new(found.Id, found.Name, found.OwnerId, found.Owner, found.OwnerRole,
            [.. Roles.PermissionsOf(found.OwnerRole).Where(x => scopes.Contains(x) || scopes.Contains(AllScopes))],
            Tenants.Meet(Tenants.FromJson(found.Tenants), Tenants.FromJson(found.OwnerTenants)));
    }

    sealed record Found(long Id, string Name, string Scopes, string? Tenants, DateTimeOffset? LastUsedAt, long OwnerId, string Owner, string OwnerRole, string? OwnerTenants);
}
