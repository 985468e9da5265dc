using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Live;

namespace NrdotConsole.App.Platform.Lever;

/// <summary>Whether the lever is pulled, by whom, why and since when.</summary>
public sealed record LeverState(bool Pulled, string Actor, string Reason, DateTimeOffset? At)
{
    public static readonly LeverState Released = new(false, "", "", null);
}

/// <summary>
/// One lever that stops every automatic hand at once: rollouts pause where they are and stay there. It is a row, so that it holds over a
/// restart, and a value in memory, so that asking it costs nothing. Ask <see cref="IsPulled"/> before every act on the fleet.
/// </summary>
internal sealed class SafetyLever(ConsoleDatabase database, AuditLog audit, TimeProvider time) : IDisposable
{
    readonly SemaphoreSlim _hand = new(1, 1);

    public const int MaxReasonLength = 500;

    public Live<LeverState> State { get; } = new();

    public bool IsPulled => State.Current?.Pulled ?? false;

    /// <summary>Reads the row. Call once, before anything acts on the fleet.</summary>
    public async Task LoadAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var row = await connection.QuerySingleOrDefaultAsync<Row>("SELECT pulled, actor, reason, at FROM safety_lever");
        State.Publish(row is null ? LeverState.Released : new(row.Pulled, row.Actor, row.Reason, row.At));
    }

    public Task<Fault?> PullAsync(Actor actor, string? reason, CancellationToken ct = default) => SetAsync(actor, true, reason, ct);

    public Task<Fault?> ReleaseAsync(Actor actor, string? reason, CancellationToken ct = default) => SetAsync(actor, false, reason, ct);

    /// <summary>Setting it to what it is changes nothing. Pulling needs no reason in a hurry; releasing does.</summary>
    async Task<Fault?> SetAsync(Actor actor, bool pulled, string? reason, CancellationToken ct)
    {
        reason = reason?.Trim() ?? "";
        if (reason.Length > MaxReasonLength) return new("reason", reason[..40] + "…", $"at most {MaxReasonLength} characters");
        if (!pulled && reason.Length == 0) return new("reason", "", "why automatic changes may go on: a release is explained");
        await _hand.WaitAsync(ct);
        try
        {
            await WriteAsync(actor, pulled, reason, ct);
            return null;
        }
        finally
        {
            _hand.Release();
        }
    }

    async Task WriteAsync(Actor actor, bool pulled, string reason, CancellationToken ct)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var before = await connection.QuerySingleOrDefaultAsync<Row>("SELECT pulled, actor, reason, at FROM safety_lever", transaction: transaction);
        if ((before?.Pulled ?? false) == pulled) return;
        var after = new LeverState(pulled, actor.Name, reason, time.GetUtcNow());
        await connection.ExecuteAsync(
            """
            INSERT INTO safety_lever (id, pulled, actor, reason, at) VALUES (1, @Pulled, @Actor, @Reason, @At)
            ON CONFLICT (id) DO UPDATE SET pulled = excluded.pulled, actor = excluded.actor, reason = excluded.reason, at = excluded.at
            """, after, transaction);
        await audit.AppendAsync(transaction, new(actor, pulled ? "lever.pull" : "lever.release", "lever", new { Pulled = !pulled }, new { Pulled = pulled }, reason), ct);
        await transaction.CommitAsync(ct);
        State.Publish(after);
    }

    public void Dispose() => _hand.Dispose();

    sealed class Row
    {
        public bool Pulled { get; init; }
        public string Actor { get; init; } = "";
        public string Reason { get; init; } = "";
        public DateTimeOffset At { get; init; }
    }
}
