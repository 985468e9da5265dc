using System.Text;
using System.Text.Json;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.App.Features.Anomalies;

/// <summary>What somebody said a verdict was, or that nobody did.</summary>
internal enum LabelFilter { Real, FalseAlarm, None }

/// <summary>Which verdicts: null fields do not filter. A verdict is within the times if it was open at any moment of them.</summary>
internal sealed record VerdictQuery
{
    public string? Tenant { get; init; }
    public string? HostKey { get; init; }
    public string? Executable { get; init; }
    public AnomalyLevel MinimumLevel { get; init; }
    public DateTimeOffset? From { get; init; }
    public DateTimeOffset? To { get; init; }
    public bool OpenOnly { get; init; }
    public LabelFilter? Label { get; init; }
    public PageRequest Page { get; init; } = new(0, PageRequest.DefaultLimit);
}

/// <summary>
/// Verdicts as they were given, newest <see cref="Capacity"/> kept. One that rises while it is open is stored again as
/// a further revision; what was said before stays. Only the end is ever filled in.
/// </summary>
internal sealed class VerdictStore(ConsoleDatabase database)
{
    public const int Capacity = 100_000;

    const string Columns = "v.id, v.tenant, v.host_key AS HostKey, v.host_name AS HostName, v.executable, v.owner, v.level, v.score, v.started_at AS StartedAt, v.ended_at AS EndedAt, v.explanation, v.votes, v.features, l.is_real AS IsReal, l.note, l.labelled_by AS LabelledBy, l.labelled_at AS LabelledAt";
    const string Labels = "LEFT JOIN anomaly_labels l ON l.verdict_id = v.id";

    /// <summary>Newest id given, or 0.</summary>
    public async Task<long> LastIdAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return await connection.ExecuteScalarAsync<long>("SELECT coalesce(max(id), 0) FROM verdicts");
    }

    /// <summary>Keeps what the loop saw, in order. A verdict that has ended ends every revision of its id.</summary>
    public async Task AddAsync(IReadOnlyCollection<AnomalyVerdict> verdicts, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var verdict in verdicts)
        {
            if (verdict.EndedAt is not null && await connection.ExecuteAsync("UPDATE verdicts SET ended_at = @EndedAt WHERE id = @Id", verdict, transaction) > 0) continue;
            await connection.ExecuteAsync(
                """
                INSERT INTO verdicts (id, revision, tenant, host_key, host_name, executable, owner, level, score, started_at, ended_at, explanation, votes, features)
                VALUES (@Id, (SELECT coalesce(max(revision) + 1, 0) FROM verdicts WHERE id = @Id), @Tenant, @HostKey, @HostName, @Executable, @Owner,
                        @Level, @Score, @StartedAt, @EndedAt, @Explanation, @votes, @features)
                """,
                new
                {
                    verdict.Id, verdict.Tenant, verdict.HostKey, verdict.HostName, verdict.Executable, verdict.Owner, verdict.Level, verdict.Score,
                    verdict.StartedAt, verdict.EndedAt, verdict.Explanation,
                    votes = JsonSerializer.Serialize(verdict.Votes), features = JsonSerializer.Serialize(verdict.Features),
                },
                transaction);
        }
        await connection.ExecuteAsync("DELETE FROM verdicts WHERE id <= (SELECT max(id) FROM verdicts) - @Capacity", new { Capacity }, transaction);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Each verdict in its last revision, newest first.</summary>
    public async Task<Page<AnomalyVerdict>> PageAsync(VerdictQuery query, CancellationToken ct = default)
    {
        var where = new StringBuilder($"FROM verdicts v {Labels} WHERE v.revision = (SELECT max(revision) FROM verdicts WHERE id = v.id) AND v.level >= @MinimumLevel");
        if (query.Tenant is not null) where.Append(" AND v.tenant = @Tenant");
        if (query.HostKey is not null) where.Append(" AND v.host_key = @HostKey");
        if (query.Executable is not null) where.Append(" AND v.executable = @Executable");
        if (query.From is not null) where.Append(" AND (v.ended_at IS NULL OR v.ended_at >= @From)");
        if (query.To is not null) where.Append(" AND v.started_at < @To");
        if (query.OpenOnly) where.Append(" AND v.ended_at IS NULL");
        if (query.Label is { } label) where.Append(label switch { LabelFilter.Real => " AND l.is_real = 1", LabelFilter.FalseAlarm => " AND l.is_real = 0", _ => " AND l.verdict_id IS NULL" });
        var values = new
        {
            query.Tenant, query.HostKey, query.Executable, query.MinimumLevel, query.From, query.To, query.Page.Offset, query.Page.Limit,
        };
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>($"SELECT {Columns} {where} ORDER BY v.id DESC LIMIT @Limit OFFSET @Offset", values);
        var total = await connection.ExecuteScalarAsync<int>($"SELECT count(*) {where}", values);
        return new([.. rows.Select(r => r.ToVerdict())], total, query.Page.Offset, query.Page.Limit);
    }

    /// <summary>Every revision of one verdict, as it was given, oldest first.</summary>
    public async Task<IReadOnlyList<AnomalyVerdict>> RevisionsAsync(long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>($"SELECT {Columns} FROM verdicts v {Labels} WHERE v.id = @id ORDER BY v.revision", new { id });
        return [.. rows.Select(r => r.ToVerdict())];
    }

    sealed class Row
    {
        public long Id { get; init; }
        public string Tenant { get; init; } = "";
        public string HostKey { get; init; } = "";
        public string HostName { get; init; } = "";
        public string Executable { get; init; } = "";
        public string Owner { get; init; } = "";
        public AnomalyLevel Level { get; init; }
        public double Score { get; init; }
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public string Explanation { get; init; } = "";
        public string Votes { get; init; } = "";
        public string Features { get; init; } = "";
        public bool? IsReal { get; init; }
        public string Note { get; init; } = "";
        public string LabelledBy { get; init; } = "";
        public DateTimeOffset? LabelledAt { get; init; }

        public AnomalyVerdict ToVerdict() => new(
            Id, Tenant, HostKey, HostName, Executable, Owner, Level, Score, StartedAt, EndedAt, Explanation,
            JsonSerializer.Deserialize<DetectorVote[]>(Votes)!, JsonSerializer.Deserialize<Dictionary<string, double>>(Features)!)
        {
            Label = IsReal is { } isReal ? new(isReal ? AnomalyLabel.Real : AnomalyLabel.FalseAlarm, Note, LabelledBy, LabelledAt!.Value) : null,
        };
    }
}
