using System.Data.Common;
using System.Text;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Which Changes: null fields do not filter.</summary>
internal sealed record ChangeFilter(IReadOnlyCollection<ChangeState>? States = null, string? Author = null, ChangeKind? Kind = null);

/// <summary>
/// Changes, their approvals and events in console.db. A command is one transaction: it reads the Change, decides, writes the row, the
/// event and the audit entry, or nothing.
/// </summary>
internal sealed class ChangeStore(ConsoleDatabase database, AuditLog audit, TimeProvider time)
{
    public const int MaxEvidenceLength = 64 * 1024;

    /// <summary>The number of a Change to be. Its branch can be made before its row; a number that never got one is skipped.</summary>
    public async Task<long> ReserveAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>("UPDATE change_counter SET last = last + 1 RETURNING last");
    }

    /// <summary>Adds a draft. Where <paramref name="requestKey"/> was used before, answers the Change that it made.</summary>
    public async Task<Change> AddAsync(Actor actor, Change draft, string? requestKey, object? evidence = null, CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await ByRequestAsync(connection, transaction, requestKey) is { } before) return before;
        await connection.ExecuteAsync(
            """
            INSERT INTO changes (id, version, revision, kind, title, reason, state, author, authors_json, emergency, origin, base_commit, content_commit, tree,
                                 targets_json, rollout_json, hash, blast_json, rolling_commit, previous_commit, reverts, request_key, created_at, changed_at)
            VALUES (@Id, 1, 1, @Kind, @Title, @Reason, 'Draft', @Author, @AuthorsJson, @Emergency, @Origin, @BaseCommit, @ContentCommit, @Tree,
                    @TargetsJson, @RolloutJson, @Hash, @BlastJson, @RollingCommit, @PreviousCommit, @Reverts, @requestKey, @now, @now)
            """, ChangeRow.Values(draft, new { requestKey, now }), transaction);
        await EventAsync(connection, transaction, actor, draft.Id, null, null, ChangeState.Draft, "Drafted", draft.Reason, draft.Hash, evidence, now);
        await audit.AppendAsync(transaction, new(actor, "change.create", $"change:{draft.Id}", null, ChangeRow.Facts(draft), draft.Reason), ct);
        var added = (await FindAsync(connection, transaction, draft.Id))!;
        await transaction.CommitAsync(ct);
        return added;
    }

    /// <summary>Takes a step of a Change's life, as decided on what it is within the transaction.</summary>
    public async Task<ChangeResult> TakeAsync(ChangeCommand command, long id, Func<Change, ChangeDecision> decide, CancellationToken ct = default)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await FindAsync(connection, transaction, id) is not { } before) return ChangeResult.Refused(ChangeRefusal.NotFound(id));
        var decision = decide(before);
        if (decision.Already) return new(before, null);
        if (decision.Refusal is { } refusal) return new(before, refusal);
        if (command.Version is { } seen && seen != before.Version) return new(before, await StaleAsync(connection, transaction, before, seen));
        if (ChangeStates.After(before.State, decision.Step) is not { } state) return new(before, NotFrom(before, decision.Step));
        if (ChangeStates.IsMoving(state) && await MovingAsync(connection, transaction, id) is { } other) return new(before, OneAtATime(other));

        var after = (decision.After ?? before) with { State = state, Version = before.Version + 1 };
        if (decision.Step == ChangeStep.Start) after = after with { StartedAt = now };
        if (decision.Step == ChangeStep.Queue) after = after with { QueuedAt = now, QueuedBy = command.Actor.Name };
        if (decision.Step == ChangeStep.Unqueue || state != ChangeState.Approved) after = after with { QueuedAt = null, QueuedBy = null };
        if (state is ChangeState.Applied or ChangeState.RolledBack or ChangeState.Refused or ChangeState.Expired) after = after with { EndedAt = now };
        await connection.ExecuteAsync(
            """
            UPDATE changes SET version = @Version, revision = @Revision, kind = @Kind, title = @Title, reason = @Reason, state = @State, authors_json = @AuthorsJson,
                   emergency = @Emergency, base_commit = @BaseCommit, content_commit = @ContentCommit, tree = @Tree, targets_json = @TargetsJson,
                   rollout_json = @RolloutJson, hash = @Hash, blast_json = @BlastJson, rolling_commit = @RollingCommit, previous_commit = @PreviousCommit,
                   changed_at = @now, started_at = @StartedAt, ended_at = @EndedAt, queued_at = @QueuedAt, queued_by = @QueuedBy,
                   dry_run_json = CASE WHEN @edited THEN NULL ELSE coalesce(@dryRun, dry_run_json) END
            WHERE id = @Id
            """, ChangeRow.Values(after, new { now, edited = decision.Step is ChangeStep.Edit or ChangeStep.Return, dryRun = decision.DryRunJson }), transaction);
        if (decision.Approval is { } approval)
        {
            await connection.ExecuteAsync(
                "INSERT INTO change_approvals (change_id, revision, account, hash, at, reason, self) VALUES (@id, @Revision, @Account, @Hash, @At, @Reason, @Self)",
                new { id, approval.Revision, approval.Account, approval.Hash, approval.At, approval.Reason, approval.Self }, transaction);
        }
        await EventAsync(connection, transaction, command.Actor, id, decision.Step, before.State, state, decision.Text, command.Reason, after.Hash, decision.Evidence, now);
        if (decision.Step != ChangeStep.Note)
        {
            await audit.AppendAsync(transaction, new(command.Actor, $"change.{Verb(decision.Step)}", $"change:{id}", ChangeRow.Facts(before), ChangeRow.Facts(after),
                command.Reason ?? decision.Text), ct);
        }
        var stored = (await FindAsync(connection, transaction, id))!;
        await transaction.CommitAsync(ct);
        return new(stored, null);
    }

    public async Task<Change?> FindAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await FindAsync(connection, null, id);
    }

    public async Task<Change?> ByRequestAsync(string? requestKey, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await ByRequestAsync(connection, null, requestKey);
    }

    /// <summary>Newest first.</summary>
    public async Task<Page<Change>> PageAsync(ChangeFilter filter, PageRequest page, CancellationToken ct = default)
    {
        var where = new StringBuilder("FROM changes WHERE 1 = 1");
        if (filter.States is not null) where.Append(" AND state IN @states");
        if (filter.Author is not null) where.Append(" AND author = @Author");
        if (filter.Kind is not null) where.Append(" AND kind = @kind");
        var values = new { states = filter.States?.Select(s => s.ToString()), filter.Author, kind = filter.Kind?.ToString(), page.Offset, page.Limit };
        await using var connection = await database.OpenAsync(ct);
        var rows = (await connection.QueryAsync<ChangeRow>($"SELECT {ChangeRow.Columns} {where} ORDER BY id DESC LIMIT @Limit OFFSET @Offset", values)).AsList();
        var total = await connection.ExecuteScalarAsync<int>($"SELECT count(*) {where}", values);
        var approvals = (await ApprovalsAsync(connection, null, [.. rows.Select(r => r.Id)])).ToLookup(a => a.ChangeId);
        return new([.. rows.Select(r => r.ToChange(approvals[r.Id]))], total, page.Offset, page.Limit);
    }

    /// <summary>Oldest first.</summary>
    public async Task<IReadOnlyList<ChangeEvent>> EventsAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. (await connection.QueryAsync<EventRow>($"SELECT {EventRow.Columns} FROM change_events WHERE change_id = @id ORDER BY id", new { id })).Select(e => e.ToEvent())];
    }

    /// <summary>Steps that altered the fleet between two moments, oldest first: the marks of charts.</summary>
    public async Task<IReadOnlyList<(ChangeEvent Event, string Title)>> MarksAsync(DateTimeOffset from, DateTimeOffset to, int limit, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<EventRow>(
            $"""
             SELECT {EventRow.Columns}, (SELECT title FROM changes WHERE id = change_id) AS Title FROM change_events
             WHERE at >= @from AND at < @to AND step IN ('Start', 'Apply', 'Abort', 'Rollback', 'FinishRollback')
             ORDER BY at DESC LIMIT @limit
             """, new { from, to, limit });
        return [.. rows.Reverse().Select(e => (e.ToEvent(), e.Title))];
    }

    /// <summary>The last dry run of the present content, as JSON.</summary>
    public async Task<string?> DryRunAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<string?>("SELECT dry_run_json FROM changes WHERE id = @id", new { id });
    }

    /// <summary>Changes that wait to start, in their order: emergencies first, then as they came.</summary>
    public async Task<IReadOnlyList<Change>> QueueAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = (await connection.QueryAsync<ChangeRow>($"SELECT {ChangeRow.Columns} FROM changes WHERE queued_at IS NOT NULL ORDER BY emergency DESC, queued_at, id")).AsList();
        var approvals = (await ApprovalsAsync(connection, null, [.. rows.Select(r => r.Id)])).ToLookup(a => a.ChangeId);
        return [.. rows.Select(r => r.ToChange(approvals[r.Id]))];
    }

    /// <summary>The Change that alters the fleet now; null while none does.</summary>
    public async Task<(long Id, string Title)?> MovingNowAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await MovingAsync(connection, null, 0) is { } moving ? (moving.Id, moving.Title) : null;
    }

    /// <summary>The refusal where another Change alters the fleet now.</summary>
    public async Task<ChangeRefusal?> MovingAsync(long otherThan, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await MovingAsync(connection, null, otherThan) is { } other ? OneAtATime(other) : null;
    }

    static async Task<Change?> FindAsync(DbConnection connection, DbTransaction? transaction, long id)
    {
        var row = await connection.QuerySingleOrDefaultAsync<ChangeRow>($"SELECT {ChangeRow.Columns} FROM changes WHERE id = @id", new { id }, transaction);
        return row?.ToChange(await ApprovalsAsync(connection, transaction, [id]));
    }

    static async Task<Change?> ByRequestAsync(DbConnection connection, DbTransaction? transaction, string? requestKey) =>
        requestKey is not null && await connection.ExecuteScalarAsync<long?>("SELECT id FROM changes WHERE request_key = @requestKey", new { requestKey }, transaction) is { } id
            ? await FindAsync(connection, transaction, id)
            : null;

    static async Task<IReadOnlyList<ApprovalRow>> ApprovalsAsync(DbConnection connection, DbTransaction? transaction, IReadOnlyList<long> ids) =>
        (await connection.QueryAsync<ApprovalRow>(
            "SELECT change_id AS ChangeId, revision, account, hash, at, reason, self FROM change_approvals WHERE change_id IN @ids ORDER BY at", new { ids }, transaction)).AsList();

    static Task<Moving?> MovingAsync(DbConnection connection, DbTransaction? transaction, long otherThan) => connection.QuerySingleOrDefaultAsync<Moving>(
        "SELECT id, title FROM changes WHERE state IN ('Rolling', 'RollingBack') AND id <> @otherThan", new { otherThan }, transaction);

    sealed record Moving(long Id, string Title);

    static Task<int> EventAsync(DbConnection connection, DbTransaction transaction, Actor actor, long id, ChangeStep? step, ChangeState? from, ChangeState to,
        string text, string? reason, string hash, object? evidence, DateTimeOffset at) => connection.ExecuteAsync(
        """
        INSERT INTO change_events (change_id, at, actor, step, from_state, to_state, text, reason, hash, evidence_json)
        VALUES (@id, @at, @Name, @step, @from, @to, @text, @reason, @hash, @evidence)
        """,
        new { id, at, actor.Name, step = step?.ToString(), from = from?.ToString(), to = to.ToString(), text, reason, hash, evidence = ChangeRow.Evidence(evidence) }, transaction);

    async Task<ChangeRefusal> StaleAsync(DbConnection connection, DbTransaction transaction, Change now, int seen)
    {
        var last = await connection.QueryAsync<EventRow>(
            $"SELECT {EventRow.Columns} FROM change_events WHERE change_id = @Id ORDER BY id DESC LIMIT @count", new { now.Id, count = Math.Clamp(now.Version - seen, 1, 5) }, transaction);
        return ChangeRefusal.Conflict("The change has moved on since you looked.",
            $"You saw version {seen}, it is at {now.Version}: {string.Join("; ", last.Reverse().Select(e => $"{e.Text} by {e.Actor}"))}. Load it again and decide anew.");
    }

    static ChangeRefusal NotFrom(Change change, ChangeStep step) => ChangeRefusal.Conflict($"A change that is {ChangeStates.Name(change.State)} cannot be {Past(step)}.",
        ChangeStates.IsEnd(change.State) ? "Its life has ended; draft another one." : $"It is {ChangeStates.Name(change.State)} since {change.ChangedAt:u}.");

    static ChangeRefusal OneAtATime(Moving other) => ChangeRefusal.Conflict("Another change is moving.",
        $"Change {other.Id}, {other.Title}, alters the fleet now. Wait until it has ended, or abort it.");

    static string Verb(ChangeStep step) => step switch
    {
        ChangeStep.EnoughApprovals => "approve",
        ChangeStep.FinishRollback => "rolledback",
        _ => step.ToString().ToLowerInvariant(),
    };

    static string Past(ChangeStep step) => step switch
    {
        ChangeStep.Edit => "edited",
        ChangeStep.Validate => "validated",
        ChangeStep.Approve or ChangeStep.EnoughApprovals => "approved",
        ChangeStep.Reject => "rejected",
        ChangeStep.Expire => "expired",
        ChangeStep.Start => "started",
        ChangeStep.Apply => "applied",
        ChangeStep.Abort => "aborted",
        ChangeStep.Rollback => "rolled back",
        ChangeStep.FinishRollback => "reported as rolled back",
        ChangeStep.Queue => "queued",
        ChangeStep.Unqueue => "taken out of the queue",
        ChangeStep.Return => "returned to draft",
        _ => "noted",
    };
}
