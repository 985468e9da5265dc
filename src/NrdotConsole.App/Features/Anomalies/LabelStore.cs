using System.Data.Common;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.App.Features.Anomalies;

/// <summary>What came of labelling: how many verdicts were labelled otherwise than before, and which there are none of.</summary>
internal sealed record LabelOutcome(int Changed, IReadOnlyList<long> Unknown, Fault? Fault = null);

/// <summary>
/// What people say verdicts were. A label holds what rates are counted by, so it still counts when its verdict has gone beyond the capacity; the
/// labels of the newest <see cref="Capacity"/> verdicts are kept.
/// </summary>
internal sealed class LabelStore(ConsoleDatabase database, AuditLog audit, FeedbackNews news, TimeProvider time)
{
    public const int Capacity = VerdictStore.Capacity, MaxNoteLength = 500, MaxAtOnce = PageRequest.MaxLimit;

    /// <summary>Labels verdicts, or with a null label takes theirs away. One that is labelled so already, with that note, stays whose it is.</summary>
    /// <param name="tenants">Whose verdicts the actor may see; null for all. Others are unknown to him.</param>
    public async Task<LabelOutcome> SetAsync(Actor actor, IReadOnlySet<string>? tenants, IReadOnlyCollection<long> ids, AnomalyLabel? label, string? note, CancellationToken ct = default)
    {
        note = note?.Trim() ?? "";
        if (note.Length > MaxNoteLength) return new(0, [], new("note", note[..40] + "…", $"at most {MaxNoteLength} characters"));
        if (ids.Count > MaxAtOnce) return new(0, [], new("ids", $"{ids.Count} verdicts", $"at most {MaxAtOnce} at once"));
        var (changed, unknown) = (0, new List<long>());
        await using (var connection = await database.OpenAsync(ct))
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            foreach (var id in ids.Distinct())
            {
                if (await SubjectAsync(connection, transaction, id) is not { } subject || tenants?.Contains(subject.Tenant) == false) unknown.Add(id);
                else if (await SetAsync(connection, transaction, actor, id, subject, label is { } l ? new(l, note, actor.Name, time.GetUtcNow()) : null, ct)) changed++;
            }
            await connection.ExecuteAsync("DELETE FROM anomaly_labels WHERE verdict_id <= (SELECT verdict_id FROM anomaly_labels ORDER BY verdict_id DESC LIMIT 1 OFFSET @Capacity)", new { Capacity }, transaction);
            await transaction.CommitAsync(ct);
        }
        if (changed > 0) news.Tell();
        return new(changed, unknown);
    }

    /// <summary>The labels of those of the verdicts that have one.</summary>
    public async Task<IReadOnlyDictionary<long, VerdictLabel>> OfAsync(IReadOnlyCollection<long> ids, CancellationToken ct = default)
    {
        if (ids.Count == 0) return new Dictionary<long, VerdictLabel>();
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<Row>($"SELECT {Columns} FROM anomaly_labels WHERE verdict_id IN @ids", new { ids })).ToDictionary(r => r.VerdictId, r => r.ToLabel());
    }

    const string Columns = "verdict_id AS VerdictId, is_real AS IsReal, note, labelled_by AS LabelledBy, labelled_at AS LabelledAt";

    /// <summary>Whom the verdict is of; of one that has gone, its label knows.</summary>
    static Task<Subject?> SubjectAsync(DbConnection connection, DbTransaction transaction, long id) => connection.QueryFirstOrDefaultAsync<Subject>(
        """
        SELECT tenant, host_key AS HostKey, started_at AS StartedAt FROM verdicts WHERE id = @id AND revision = 0
        UNION ALL SELECT tenant, host_key, started_at FROM anomaly_labels WHERE verdict_id = @id
        LIMIT 1
        """, new { id }, transaction);

    async Task<bool> SetAsync(DbConnection connection, DbTransaction transaction, Actor actor, long id, Subject subject, VerdictLabel? after, CancellationToken ct)
    {
        var before = (await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM anomaly_labels WHERE verdict_id = @id", new { id }, transaction))?.ToLabel();
        if ((before?.Label, before?.Note) == (after?.Label, after?.Note)) return false;
        if (after is null) await connection.ExecuteAsync("DELETE FROM anomaly_labels WHERE verdict_id = @id", new { id }, transaction);
        else await connection.ExecuteAsync(
            """
            INSERT INTO anomaly_labels (verdict_id, is_real, note, labelled_by, labelled_at, tenant, host_key, started_at)
            VALUES (@id, @isReal, @Note, @By, @At, @Tenant, @HostKey, @StartedAt)
            ON CONFLICT (verdict_id) DO UPDATE SET is_real = excluded.is_real, note = excluded.note, labelled_by = excluded.labelled_by, labelled_at = excluded.labelled_at
            """, new { id, isReal = after.Label == AnomalyLabel.Real, after.Note, after.By, after.At, subject.Tenant, subject.HostKey, subject.StartedAt }, transaction);
        await audit.AppendAsync(transaction, new(actor, after is null ? "anomaly.unlabel" : "anomaly.label", $"verdict:{id}", Facts(before), Facts(after), after?.Note is { Length: > 0 } why ? why : null), ct);
        return true;
    }

    static object? Facts(VerdictLabel? label) => label is null ? null : new { label.Label, label.Note, label.By };

    sealed class Subject
    {
        public string Tenant { get; init; } = "";
        public string HostKey { get; init; } = "";
        public DateTimeOffset StartedAt { get; init; }
    }

    sealed class Row
    {
        public long VerdictId { get; init; }
        public bool IsReal { get; init; }
        public string Note { get; init; } = "";
        public string LabelledBy { get; init; } = "";
        public DateTimeOffset LabelledAt { get; init; }

        public VerdictLabel ToLabel() => new(IsReal ? AnomalyLabel.Real : AnomalyLabel.FalseAlarm, Note, LabelledBy, LabelledAt);
    }
}
