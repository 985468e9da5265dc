using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>A configuration that failed. <paramref name="Attempts"/> are agents that were given it, <paramref name="Failures"/> those that could not run it, over all its rollouts.</summary>
internal sealed record PoisonedConfig(
    string Hash, long ChangeId, string Reason, DateTimeOffset PoisonedAt, int Attempts, int Failures, DateTimeOffset? ReleasedAt, string? ReleasedBy, string? ReleaseReason);

/// <summary>Configurations that failed a gate, or too many agents: no rollout offers them again until a person releases them with a reason.</summary>
internal sealed class PoisonList(ConsoleDatabase database, AuditLog audit, TimeProvider time)
{
    public const int MaxReasonLength = 500;

    readonly ConcurrentDictionary<string, string> _poisoned = new(StringComparer.Ordinal);

    const string Columns = "hash, change_id AS ChangeId, reason, poisoned_at AS PoisonedAt, attempts, failures, released_at AS ReleasedAt, released_by AS ReleasedBy, release_reason AS ReleaseReason";

    /// <summary>Call once, before a rollout goes on.</summary>
    public async Task LoadAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        foreach (var row in await connection.QueryAsync<Row>($"SELECT {Columns} FROM poisoned_configs WHERE released_at IS NULL")) _poisoned[row.Hash] = row.Reason;
    }

    /// <summary>Why it may not be offered; null where it may.</summary>
    public string? WhyNot(string hash) => _poisoned.GetValueOrDefault(hash);

    /// <summary>Within the caller's transaction; <see cref="Added"/> after its commit. One that was released is poisoned anew, and its attempts go on counting.</summary>
    public async Task AddAsync(DbTransaction transaction, string hash, long changeId, string reason, int attempts, int failures)
    {
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO poisoned_configs (hash, change_id, reason, poisoned_at, attempts, failures) VALUES (@hash, @changeId, @reason, @now, @attempts, @failures)
            ON CONFLICT (hash) DO UPDATE SET change_id = @changeId, reason = @reason, poisoned_at = @now, attempts = attempts + @attempts, failures = failures + @failures,
                                             released_at = NULL, released_by = NULL, release_reason = NULL
            """, new { hash, changeId, reason, now = time.GetUtcNow(), attempts, failures }, transaction);
    }

    public void Added(string hash, string reason) => _poisoned[hash] = reason;

    /// <summary>Newest first; those released too.</summary>
    public async Task<Page<PoisonedConfig>> PageAsync(PageRequest page, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>($"SELECT {Columns} FROM poisoned_configs ORDER BY poisoned_at DESC, hash LIMIT @Limit OFFSET @Offset", new { page.Limit, page.Offset });
        return new([.. rows.Select(r => r.ToConfig())], await connection.ExecuteScalarAsync<int>("SELECT count(*) FROM poisoned_configs"), page.Offset, page.Limit);
    }

    /// <summary>Lets it be offered again. Null when done, or done before; a fault where there is none, or no reason.</summary>
    public async Task<Fault?> ReleaseAsync(Actor actor, string hash, string? reason, CancellationToken ct = default)
    {
        reason = reason?.Trim() ?? "";
        if (reason.Length is 0 or > MaxReasonLength) return new("reason", reason.Length == 0 ? "" : reason[..40] + "…", $"why it may be tried again, in 1 to {MaxReasonLength} characters");
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM poisoned_configs WHERE hash = @hash", new { hash }, transaction) is not { } row)
            return new("hash", hash.Length > 64 ? hash[..64] + "…" : hash, "the hash of a poisoned configuration; /api/v1/poison lists them");
        if (row.ReleasedAt is not null) return null;
        await connection.ExecuteAsync("UPDATE poisoned_configs SET released_at = @now, released_by = @Name, release_reason = @reason WHERE hash = @hash",
            new { now = time.GetUtcNow(), actor.Name, reason, hash }, transaction);
        await audit.AppendAsync(transaction, new(actor, "poison.release", $"config:{hash}", new { row.Reason, row.Attempts, row.Failures }, new { Released = true }, reason), ct);
        await transaction.CommitAsync(ct);
        _poisoned.TryRemove(hash, out _);
        return null;
    }

    sealed class Row
    {
        public string Hash { get; init; } = "";
        public long ChangeId { get; init; }
        public string Reason { get; init; } = "";
        public DateTimeOffset PoisonedAt { get; init; }
        public int Attempts { get; init; }
        public int Failures { get; init; }
        public DateTimeOffset? ReleasedAt { get; init; }
        public string? ReleasedBy { get; init; }
        public string? ReleaseReason { get; init; }

        public PoisonedConfig ToConfig() => new(Hash, ChangeId, Reason, PoisonedAt, Attempts, Failures, ReleasedAt, ReleasedBy, ReleaseReason);
    }
}
