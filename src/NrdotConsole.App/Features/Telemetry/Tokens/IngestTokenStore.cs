using System.Collections.Frozen;
using System.Data.Common;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Features.Telemetry.Tokens;

/// <summary>
/// Tokens of senders: <c>nri_</c> and 256 random bits, shown once, kept as SHA-256. Rows in console.db, and a copy in memory that a
/// request looks into without SQL; a change is audited and swaps the copy.
/// </summary>
internal sealed class IngestTokenStore(ConsoleDatabase database, AuditLog audit, TimeProvider time) : IDisposable
{
    public const string Prefix = "nri_";

    const string All = """
        SELECT id AS Id, name AS Name, token_hash AS Hash, hint AS Hint, tenant AS Tenant, created_by AS CreatedBy,
               created_at AS CreatedAt, expires_at AS ExpiresAt, last_used_at AS LastUsedAt, revoked_at AS RevokedAt
        FROM ingest_tokens
        """;

    readonly SerialChanges _changes = new(database);
    FrozenDictionary<TokenHash, IngestToken> _byHash = FrozenDictionary<TokenHash, IngestToken>.Empty;

    /// <summary>The token that a sender presented, if it is one and still valid. Marks it as used.</summary>
    public IngestToken? Find(ReadOnlySpan<char> secret)
    {
        if (!TokenHash.TryOf(secret, out var hash) || !Volatile.Read(ref _byHash).TryGetValue(hash, out var token)) return null;
        var now = time.GetUtcNow();
        if (!token.IsValidAt(now)) return null;
        token.Used(now);
        return token;
    }

    /// <summary>All tokens, the newest first, revoked and expired ones included.</summary>
    public IReadOnlyList<IngestToken> List() => [.. Volatile.Read(ref _byHash).Values.OrderByDescending(t => t.Id)];

    /// <summary>
    /// Reads the tokens; call once, before the first request. Where there is none yet, makes the first one.
    /// With <paramref name="bootstrapSecret"/>, makes that one wherever it is absent.
    /// </summary>
    /// <returns>The secret of the token made, or null.</returns>
    public async Task<string?> LoadAsync(string? bootstrapSecret, CancellationToken ct = default)
    {
        await using (var connection = await database.OpenAsync(ct)) await ReloadAsync(connection);
        if (bootstrapSecret is not null)
        {
            if (TokenHash.TryOf(bootstrapSecret, out var hash) && !_byHash.ContainsKey(hash)) await CreateAsync(Actor.System, "bootstrap", null, null, bootstrapSecret, ct);
            return null;
        }
        return _byHash.Count > 0 ? null : (await CreateAsync(Actor.System, "first", null, null, ct: ct)).Secret;
    }

    /// <param name="tenant">Null: each resource's <c>nrdot.tenant</c> decides.</param>
    /// <param name="secret">Given only at an unattended first start; else made here.</param>
    /// <returns>The secret, to be shown once; or the fault.</returns>
    public async Task<(string? Secret, Fault? Fault)> CreateAsync(
        Actor actor, string name, string? tenant, DateTimeOffset? expiresAt, string? secret = null, CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        name = name.Trim();
        tenant = string.IsNullOrWhiteSpace(tenant) ? null : tenant.Trim();
        if (SenderTokenRules.Check(name, tenant, expiresAt, now, _byHash.Count) is { } fault) return (null, fault);
        secret ??= Secret.New(Prefix);
        if (!TokenHash.TryOf(secret, out var hash)) return (null, new("secret", "", $"1 to {TokenHash.LongestToken} bytes"));

        await _changes.RunAsync(async transaction =>
        {
            var id = await transaction.Connection!.ExecuteScalarAsync<long>(
                """
                INSERT INTO ingest_tokens (name, token_hash, hint, tenant, created_by, created_at, expires_at)
                VALUES (@name, @hash, @hint, @tenant, @createdBy, @now, @expiresAt) RETURNING id
                """,
                new { name, hash = hash.ToString(), hint = Secret.Hint(secret), tenant, createdBy = actor.Name, now, expiresAt }, transaction);
            await audit.AppendAsync(transaction, new(actor, "ingest_token.add", $"ingest_token:{id}", After: new { name, tenant, expiresAt }), ct);
            return true;
        }, ReloadAsync, ct);
        return (secret, null);
    }

    /// <summary>From now on the token is refused. False where no such token is in force.</summary>
    public Task<bool> RevokeAsync(Actor actor, long id, CancellationToken ct = default) => _changes.RunAsync(async transaction =>
    {
        var changed = await transaction.Connection!.ExecuteAsync(
            "UPDATE ingest_tokens SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL", new { id, now = time.GetUtcNow() }, transaction);
        if (changed == 0) return false;
        await audit.AppendAsync(transaction, new(actor, "ingest_token.revoke", $"ingest_token:{id}"), ct);
        return true;
    }, ReloadAsync, ct);

    /// <summary>Writes down when tokens were last used. Losing the last minute's is no loss.</summary>
    public async Task SaveLastUsedAsync(CancellationToken ct = default)
    {
        var used = Volatile.Read(ref _byHash).Values.Where(t => t.LastUsedAt is not null).Select(t => new { t.Id, LastUsedAt = t.LastUsedAt!.Value }).ToList();
        if (used.Count == 0) return;
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("UPDATE ingest_tokens SET last_used_at = @LastUsedAt WHERE id = @Id AND last_used_at IS NOT @LastUsedAt", used, transaction);
        await transaction.CommitAsync(ct);
    }

    public void Dispose() => _changes.Dispose();

    async Task ReloadAsync(DbConnection connection)
    {
        var before = _byHash;
        var rows = await connection.QueryAsync<Row>(All);
        Volatile.Write(ref _byHash, rows.Select(r => (Hash: TokenHash.Parse(r.Hash), Row: r))
            .ToFrozenDictionary(x => x.Hash, x => x.Row.ToToken(before.GetValueOrDefault(x.Hash)?.LastUsedAt)));
    }

    /// <summary>A row as SQLite hands it out.</summary>
    sealed record Row(
        long Id, string Name, string Hash, string Hint, string? Tenant, string CreatedBy, long CreatedAt, long? ExpiresAt, long? LastUsedAt, long? RevokedAt)
    {
        public IngestToken ToToken(DateTimeOffset? lastUsed) =>
            new(Id, Name, Hint, Tenant, CreatedBy, At(CreatedAt)!.Value, At(ExpiresAt), At(RevokedAt)) { LastUsedAt = lastUsed ?? At(LastUsedAt) };

        static DateTimeOffset? At(long? unixMs) => unixMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;
    }
}
