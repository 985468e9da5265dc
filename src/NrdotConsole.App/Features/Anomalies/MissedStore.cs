using System.Data.Common;
using Dapper;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Anomalies;

/// <summary>Anomalies that no verdict told, as people report them; the newest <see cref="Capacity"/> are kept.</summary>
internal sealed class MissedStore(ConsoleDatabase database, AuditLog audit, FeedbackNews news, SignalBoard board, TimeProvider time)
{
    public const int Capacity = 10_000, MaxExecutableLength = 255;
    public static readonly TimeSpan Longest = TimeSpan.FromDays(31), Oldest = TimeSpan.FromDays(400);

    const string Columns = "id, tenant, host_key AS HostKey, host_name AS HostName, executable, started_at AS StartedAt, ended_at AS EndedAt, note, reported_by AS ReportedBy, reported_at AS ReportedAt";

    /// <summary>Takes a report, unless a verdict told it or somebody reported it before: then it would count for and against the detectors, or twice.</summary>
    /// <param name="tenants">Those that the actor may see; null for all.</param>
    public async Task<MissedOutcome> ReportAsync(Actor actor, IReadOnlySet<string>? tenants, MissedFields fields, CancellationToken ct = default)
    {
        var faults = new List<Fault>();
        var draft = Read(fields, tenants, faults);
        if (draft is null || faults.Count > 0) return new(null, faults);
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await ToldAsync(connection, transaction, draft) is { } refusal) return new(null, [], refusal);
        var missed = draft with { By = actor.Name, At = time.GetUtcNow() };
        missed = missed with
        {
            Id = await connection.ExecuteScalarAsync<long>(
                """
                INSERT INTO missed_anomalies (tenant, host_key, host_name, executable, started_at, ended_at, note, reported_by, reported_at)
                VALUES (@Tenant, @HostKey, @HostName, @Executable, @From, @To, @Note, @By, @At) RETURNING id
                """, missed, transaction),
        };
        await connection.ExecuteAsync("DELETE FROM missed_anomalies WHERE id <= (SELECT id FROM missed_anomalies ORDER BY id DESC LIMIT 1 OFFSET @Capacity)", new { Capacity }, transaction);
        await audit.AppendAsync(transaction, new(actor, "anomaly.missed.report", $"missed:{missed.Id}", null, Facts(missed), missed.Note), ct);
        await transaction.CommitAsync(ct);
        news.Tell();
        return new(missed, []);
    }

    public async Task<FeedbackRefusal?> RemoveAsync(Actor actor, IReadOnlySet<string>? tenants, long id, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var missed = (await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM missed_anomalies WHERE id = @id", new { id }, transaction))?.ToMissed();
        if (missed is null || tenants?.Contains(missed.Tenant) == false) return new("No such report.", $"There is no missed anomaly {id}; /api/v1/anomalies/missed lists them.", NotFound: true);
        await connection.ExecuteAsync("DELETE FROM missed_anomalies WHERE id = @id", new { id }, transaction);
        await audit.AppendAsync(transaction, new(actor, "anomaly.missed.remove", $"missed:{id}", Facts(missed)), ct);
        await transaction.CommitAsync(ct);
        news.Tell();
        return null;
    }

    /// <summary>Those that began within the times, newest first.</summary>
    public async Task<Page<MissedAnomaly>> PageAsync(SignalScope scope, DateTimeOffset? from, DateTimeOffset? to, PageRequest page, CancellationToken ct = default)
    {
        const string where =
            """
            FROM missed_anomalies WHERE (@Tenant IS NULL OR tenant = @Tenant) AND (@Host IS NULL OR host_key = @Host)
            AND (@from IS NULL OR started_at >= @from) AND (@to IS NULL OR started_at < @to)
            """;
        var values = new { scope.Tenant, scope.Host, from, to, page.Offset, page.Limit };
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<Row>($"SELECT {Columns} {where} ORDER BY started_at DESC, id DESC LIMIT @Limit OFFSET @Offset", values);
        return new([.. rows.Select(r => r.ToMissed())], await connection.ExecuteScalarAsync<int>($"SELECT count(*) {where}", values), page.Offset, page.Limit);
    }

    MissedAnomaly? Read(MissedFields fields, IReadOnlySet<string>? tenants, List<Fault> faults)
    {
        var now = time.GetUtcNow();
        var (executable, note) = (fields.Executable?.Trim() ?? "", fields.Note?.Trim() ?? "");
        if (executable.Length is 0 or > MaxExecutableLength) faults.Add(new("executable", Short(executable), $"the process's executable, such as postgres, at most {MaxExecutableLength} characters"));
        if (note.Length > LabelStore.MaxNoteLength) faults.Add(new("note", Short(note), $"at most {LabelStore.MaxNoteLength} characters"));
        var (from, to) = (Time("from", fields.From), Time("to", fields.To));
        if (from is { } f && to is { } t)
        {
            if (t <= f || t - f > Longest) faults.Add(new("to", fields.To!, $"after from, by at most {Longest.TotalDays:0} days"));
            if (t > now.AddMinutes(1)) faults.Add(new("to", fields.To!, "not in the future"));
            if (f < now - Oldest) faults.Add(new("from", fields.From!, $"within the last {Oldest.TotalDays:0} days"));
        }
        var host = Host(fields, tenants, faults);
        return host is null || faults.Count > 0 ? null : new(0, host.Tenant, host.HostKey, host.Name, executable, from!.Value, to!.Value, note, "", default);

        DateTimeOffset? Time(string field, string? text)
        {
            if (text is { Length: > 0 } && Instant.TryParse(text, now, out var at)) return at;
            faults.Add(new(field, text ?? "", Instant.Allowed));
            return null;
        }
    }

    /// <summary>The one host that is meant, by key or name, among those that the actor may see.</summary>
    HostRow? Host(MissedFields fields, IReadOnlySet<string>? tenants, List<Fault> faults)
    {
        var wanted = fields.Host?.Trim() ?? "";
        var rows = (board.Fleet(SignalScope.Fleet).Current?.Rows ?? []).Where(r => tenants?.Contains(r.Tenant) != false && (string.IsNullOrEmpty(fields.Tenant) || r.Tenant == fields.Tenant)).ToList();
        var found = rows.Where(r => r.HostKey == wanted).ToList();
        if (found.Count == 0) found = [.. rows.Where(r => string.Equals(r.Name, wanted, StringComparison.OrdinalIgnoreCase))];
        if (found.Count == 1) return found[0];
        faults.Add(found.Count == 0
            ? new("host", Short(wanted), "the name or key of a host that has sent data in the last day; /api/v1/hosts lists them")
            : found.Select(r => r.Tenant).Distinct().Count() > 1
                ? new("tenant", fields.Tenant ?? "", $"which tenant's host is meant: {string.Join(", ", found.Select(r => r.Tenant).Distinct().Order(StringComparer.Ordinal))}")
                : new("host", Short(wanted), $"which of the hosts of this name, by key: {string.Join(", ", found.Select(r => r.HostKey).Take(5))}"));
        return null;
    }

    static async Task<FeedbackRefusal?> ToldAsync(DbConnection connection, DbTransaction transaction, MissedAnomaly missed)
    {
        var verdict = await connection.ExecuteScalarAsync<long?>(
            """
            SELECT id FROM verdicts WHERE tenant = @Tenant AND host_key = @HostKey AND executable = @Executable AND started_at < @To AND (ended_at IS NULL OR ended_at > @From)
            ORDER BY id DESC LIMIT 1
            """, missed, transaction);
        if (verdict is { } told) return new("It was not missed.", $"Verdict {told} on {missed.Executable} of {missed.HostName} was open at that time: label that one as real.");
        var before = await connection.ExecuteScalarAsync<long?>(
            "SELECT id FROM missed_anomalies WHERE tenant = @Tenant AND host_key = @HostKey AND executable = @Executable AND started_at < @To AND ended_at > @From LIMIT 1", missed, transaction);
        return before is { } same ? new("It is reported already.", $"Report {same} on {missed.Executable} of {missed.HostName} covers part of that time. Remove it first if it is wrong.") : null;
    }

    static object Facts(MissedAnomaly m) => new { m.Tenant, Host = m.HostName, m.HostKey, m.Executable, m.From, m.To, m.Note };

    static string Short(string text) => text.Length > 40 ? text[..40] + "…" : text;

    sealed class Row
    {
        public long Id { get; init; }
        public string Tenant { get; init; } = "";
        public string HostKey { get; init; } = "";
        public string HostName { get; init; } = "";
        public string Executable { get; init; } = "";
        public DateTimeOffset StartedAt { get; init; }
        public DateTimeOffset EndedAt { get; init; }
        public string Note { get; init; } = "";
        public string ReportedBy { get; init; } = "";
        public DateTimeOffset ReportedAt { get; init; }

        public MissedAnomaly ToMissed() => new(Id, Tenant, HostKey, HostName, Executable, StartedAt, EndedAt, Note, ReportedBy, ReportedAt);
    }
}
