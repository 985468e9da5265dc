using Dapper;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Anomalies;

internal enum FeedbackKind { Real, FalseAlarm, Missed }

/// <summary>One thing that people said of a host: what an anomaly was that began <paramref name="At"/>.</summary>
internal sealed record HostFeedback(string Tenant, string HostKey, DateTimeOffset At, FeedbackKind Kind);

/// <summary>Counts what people said. A verdict and a missed anomaly belong to the time that they began in, so that each counts in one range only.</summary>
internal sealed class FeedbackStore(ConsoleDatabase database)
{
    public async Task<AnomalyFeedback> ReadAsync(SignalScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken ct = default) =>
        (await ByTenantAsync(scope, from, to, ct)).Values.Aggregate(default(AnomalyFeedback), (a, b) => a + b);

    /// <summary>Of each tenant of the scope that had a verdict or a report.</summary>
    public async Task<IReadOnlyDictionary<string, AnomalyFeedback>> ByTenantAsync(SignalScope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken ct = default)
    {
        const string within = "started_at >= @from AND started_at < @to AND (@Tenant IS NULL OR tenant = @Tenant) AND (@Host IS NULL OR host_key = @Host)";
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<Row>(
            $"""
             SELECT tenant, sum(is_real) AS Real, sum(1 - is_real) AS FalseAlarms, 0 AS Missed, 0 AS Unlabelled FROM anomaly_labels WHERE {within} GROUP BY tenant
             UNION ALL
             SELECT tenant, 0, 0, 0, count(*) FROM verdicts WHERE revision = 0 AND {within} AND NOT EXISTS (SELECT 1 FROM anomaly_labels l WHERE l.verdict_id = verdicts.id) GROUP BY tenant
             UNION ALL
             SELECT tenant, 0, 0, count(*), 0 FROM missed_anomalies WHERE {within} GROUP BY tenant
             """, new { from, to, scope.Tenant, scope.Host }))
            .GroupBy(r => r.Tenant).ToDictionary(g => g.Key, g => g.Aggregate(default(AnomalyFeedback), (sum, r) => sum + new AnomalyFeedback(r.Real, r.FalseAlarms, r.Missed, r.Unlabelled)));
    }

    /// <summary>All that was said of what began within the times.</summary>
    public async Task<IReadOnlyList<HostFeedback>> SaidAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return [.. (await connection.QueryAsync<SaidRow>(
            """
            SELECT tenant, host_key AS HostKey, started_at AS StartedAt, 1 - is_real AS Kind FROM anomaly_labels WHERE started_at >= @from AND started_at < @to
            UNION ALL
            SELECT tenant, host_key, started_at, 2 FROM missed_anomalies WHERE started_at >= @from AND started_at < @to
            """, new { from, to })).Select(r => new HostFeedback(r.Tenant, r.HostKey, r.StartedAt, (FeedbackKind)r.Kind))];
    }

    sealed class Row
    {
        public string Tenant { get; init; } = "";
        public long Real { get; init; }
        public long FalseAlarms { get; init; }
        public long Missed { get; init; }
        public long Unlabelled { get; init; }
    }

    sealed class SaidRow
    {
        public string Tenant { get; init; } = "";
        public string HostKey { get; init; } = "";
        public DateTimeOffset StartedAt { get; init; }
        public long Kind { get; init; }
    }
}
