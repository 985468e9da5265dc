using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.Audit;

/// <summary>What to show: all that is given must match; times are half-open, newest first.</summary>
internal sealed record AuditFilter(string? Actor = null, string? Action = null, DateTimeOffset? From = null, DateTimeOffset? To = null);

/// <summary>The append-only, hash-chained log in <c>console.db</c>.</summary>
internal sealed class AuditLog(ConsoleDatabase database, TimeProvider time)
{
    public const int MaxTextLength = 16_384;

    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>
    /// Adds a row within the caller's transaction: the deed and its record stand or fall together. The transaction must hold the
    /// write lock (<c>BeginTransactionAsync</c> takes it), so two appends never see the same head.
    /// </summary>
    public async Task AppendAsync(DbTransaction transaction, AuditEntry entry, CancellationToken ct = default)
    {
        var connection = transaction.Connection ?? throw new InvalidOperationException("The transaction has ended.");
        var head = await connection.QuerySingleOrDefaultAsync<Head>("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", transaction: transaction);
        var row = new AuditRow((head?.Seq ?? 0) + 1, DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
            entry.Actor.Name, entry.Actor.Kind.ToString().ToLowerInvariant(), entry.Action, entry.Target,
            ToJson(entry.Before), ToJson(entry.After), Cut(entry.Reason), entry.Actor.Address, head?.Hash ?? AuditChain.Genesis, "");
        await connection.ExecuteAsync(new CommandDefinition(
            """
            INSERT INTO audit (seq, at, actor, actor_kind, action, target, before, after, reason, address, prev_hash, hash)
            VALUES (@Seq, @At, @Actor, @ActorKind, @Action, @Target, @Before, @After, @Reason, @Address, @PrevHash, @Hash)
            """, row with { Hash = AuditChain.HashOf(row) }, transaction, cancellationToken: ct));
    }

    /// <summary>Adds a row in a transaction of its own: for deeds that change nothing else in the database.</summary>
    public async Task AppendAsync(AuditEntry entry, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await AppendAsync(transaction, entry, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>One page, newest first, and how many rows match in all.</summary>
    public async Task<(IReadOnlyList<AuditRow> Rows, long Total)> ReadAsync(AuditFilter filter, int offset, int limit, CancellationToken ct = default)
    {
        const string matching =
            """
            FROM audit
            WHERE (@Actor IS NULL OR actor = @Actor) AND (@Action IS NULL OR action LIKE @Action || '%')
              AND (@From IS NULL OR at >= @From) AND (@To IS NULL OR at < @To)
            """;
        var values = new { filter.Actor, filter.Action, filter.From, filter.To, offset, limit };
        await using var connection = await database.OpenAsync(ct);
        var total = await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) " + matching, values, cancellationToken: ct));
        var rows = await connection.QueryAsync<AuditRow>(new CommandDefinition(
            $"""
             SELECT seq, at, actor, actor_kind AS ActorKind, action, target, before, after, reason, address, prev_hash AS PrevHash, hash
             {matching}
             ORDER BY seq DESC LIMIT @limit OFFSET @offset
             """, values, cancellationToken: ct));
        return (rows.AsList(), total);
    }

    static string? ToJson(object? facts) => facts is null ? null : Cut(JsonSerializer.Serialize(facts, facts.GetType(), Json));

    static string? Cut(string? text) => text is { Length: > MaxTextLength } ? text[..MaxTextLength] + "…" : text;

    sealed record Head(long Seq, string Hash);
}
