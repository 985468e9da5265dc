using System.Collections.Frozen;
using System.Data.Common;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// Enrolment tokens: <c>nre_</c> and 256 random bits, shown once, kept as SHA-256. Rows in console.db, and a copy in memory that a
/// connection looks into without SQL; a change is audited and swaps the copy.
/// </summary>
internal sealed class EnrolmentTokenStore(ConsoleDatabase database, AuditLog audit, TimeProvider time) : IDisposable
{
    public const string Prefix = "nre_";

    const string All = """
        SELECT id AS Id, name AS Name, token_hash AS Hash, hint AS Hint, tenant AS Tenant, max_uses AS MaxUses, uses AS Uses, created_by AS CreatedBy,
               created_at AS CreatedAt, expires_at AS ExpiresAt, last_used_at AS LastUsedAt, revoked_at AS RevokedAt
        FROM enrolment_tokens
        """;

    readonly SerialChanges _changes = new(database);
    FrozenDictionary<string, EnrolmentToken> _byHash = FrozenDictionary<string, EnrolmentToken>.Empty;

    /// <summary>The token with this hash, unless it is revoked. It may be past its end: <see cref="EnrolmentToken.TryUse"/> tells.</summary>
    public EnrolmentToken? Find(string hash) => Volatile.Read(ref _byHash).GetValueOrDefault(hash) is { RevokedAt: null } token ? token : null;

    public EnrolmentToken? Find(long id) => Volatile.Read(ref _byHash).Values.FirstOrDefault(t => t.Id == id);

    /// <summary>All tokens, the newest first, revoked and expired ones included.</summary>
    public IReadOnlyList<EnrolmentToken> List() => [.. Volatile.Read(ref _byHash).Values.OrderByDescending(t => t.Id)];

    /// <summary>
    /// Reads the tokens; call once, before the first connection. Where there is none yet, makes the first one.
    /// With <paramref name="bootstrapSecret"/>, makes that one wherever it is absent.
    /// </summary>
    /// <returns>The secret of the token made, or null.</returns>
    public async Task<string?> LoadAsync(string? bootstrapSecret, CancellationToken ct = default)
    {
        await using (var connection = await database.OpenAsync(ct)) await ReloadAsync(connection);
        if (bootstrapSecret is not null)
        {
            if (!_byHash.ContainsKey(Secret.Hash(bootstrapSecret))) await CreateAsync(Actor.System, "bootstrap", null, null, null, bootstrapSecret, ct);
            return null;
        }
        return _byHash.Count > 0 ? null : (await CreateAsync(Actor.System, "first", null, null, null, ct: ct)).Secret;
    }

    /// <param name="tenant">Null: each agent's <c>nrdot.tenant</c> decides.</param>
    /// <param name="maxUses">How many agents it may bring in; null: any number.</param>
    /// <param name="secret">Given only at an unattended first start; else made here.</param>
    /// <returns>The token and its secret, to be shown once; or the fault.</returns>
    public async Task<(EnrolmentToken? Token, string? Secret, Fault? Fault)> CreateAsync(
        Actor actor, string name, string? tenant, int? maxUses, DateTimeOffset? expiresAt, string? secret = null, CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        name = name.Trim();
        tenant = string.IsNullOrWhiteSpace(tenant) ? null : tenant.Trim();
        var fault = SenderTokenRules.Check(name, tenant, expiresAt, now, _byHash.Count)
            ?? (maxUses < 1 ? new("maxUses", $"{maxUses}", "a whole number from 1, or none for no limit") : null);
        if (fault is not null) return (null, null, fault);
        secret ??= Secret.New(Prefix);
        var hash = Secret.Hash(secret);

        await _changes.RunAsync(async transaction =>
        {
            var id = await transaction.Connection!.ExecuteScalarAsync<long>(
                """
                INSERT INTO enrolment_tokens (name, token_hash, hint, tenant, max_uses, created_by, created_at, expires_at)
                VALUES (@name, @hash, @hint, @tenant, @maxUses, @createdBy, @now, @expiresAt) RETURNING id
                """, new { name, hash, hint = Secret.Hint(secret), tenant, maxUses, createdBy = actor.Name, now, expiresAt }, transaction);
            await audit.AppendAsync(transaction, new(actor, "enrolment_token.add", $"enrolment_token:{id}", After: new { name, tenant, maxUses, expiresAt }), ct);
            await SaveUsesAsync(transaction);
            return true;
        }, ReloadAsync, ct);
        return (Find(hash), secret, null);
    }

    /// <summary>From now on the token is refused, also to agents that it brought in and that keep no secret of their own. False where no such token is in force.</summary>
    public Task<bool> RevokeAsync(Actor actor, long id, CancellationToken ct = default) => _changes.RunAsync(async transaction =>
    {
        var changed = await transaction.Connection!.ExecuteAsync(
            "UPDATE enrolment_tokens SET revoked_at = @now WHERE id = @id AND revoked_at IS NULL", new { id, now = time.GetUtcNow() }, transaction);
        if (changed == 0) return false;
        await audit.AppendAsync(transaction, new(actor, "enrolment_token.revoke", $"enrolment_token:{id}"), ct);
        await SaveUsesAsync(transaction);
        return true;
    }, ReloadAsync, ct);

    /// <summary>Writes down how often tokens were used, with the agents that they brought in.</summary>
    public async Task SaveUsesAsync(DbTransaction transaction)
    {
        var used = Volatile.Read(ref _byHash).Values.Where(t => t.LastUsedAt is not null).Select(t => new { t.Id, t.Uses, LastUsedAt = t.LastUsedAt!.Value }).ToList();
        if (used.Count == 0) return;
        await transaction.Connection!.ExecuteAsync(
            "UPDATE enrolment_tokens SET uses = @Uses, last_used_at = @LastUsedAt WHERE id = @Id AND (uses != @Uses OR last_used_at IS NOT @LastUsedAt)", used, transaction);
    }

    public void Dispose() => _changes.Dispose();

    async Task ReloadAsync(DbConnection connection)
    {
        var before = _byHash;
        var rows = await connection.QueryAsync<Row>(All);
        Volatile.Write(ref _byHash, rows.ToFrozenDictionary(r => r.Hash, r => r.ToToken(before.GetValueOrDefault(r.Hash))));
    }

    sealed class Row
    {
        public long Id { get; init; }
        public string Name { get; init; } = "";
        public string Hash { get; init; } = "";
        public string Hint { get; init; } = "";
        public string? Tenant { get; init; }
        public int? MaxUses { get; init; }
        public int Uses { get; init; }
        public string CreatedBy { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }
        public DateTimeOffset? RevokedAt { get; init; }

        /// <param name="before">The copy that connections hold: what is unchanged stays that object, so that uses counted meanwhile are not lost.</param>
        public EnrolmentToken ToToken(EnrolmentToken? before) =>
            before is not null && before.RevokedAt == RevokedAt ? before
            : new(Id, Name, Hint, Tenant, MaxUses, CreatedBy, CreatedAt, ExpiresAt, RevokedAt) { Uses = before?.Uses ?? Uses, LastUsedAt = before?.LastUsedAt ?? LastUsedAt };
    }
}
