using Dapper;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Features.Flags;

/// <summary>How often a flag was asked for in all, and when last.</summary>
internal sealed record FlagUse(string Key, DateTimeOffset EvaluatedAt, long Evaluations);

/// <summary>A flag that its guardrail turned off: which signal was out of which bound. It stays off until the repository says so too.</summary>
internal sealed record FlagTrip(string Key, DateTimeOffset At, string Signal, double Measured, string Bound, long? ChangeId);

internal sealed class FlagStore(ConsoleDatabase database)
{
    public static readonly TimeSpan LogKeptFor = TimeSpan.FromDays(30);

    public async Task<IReadOnlyList<FlagUse>> UsesAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<UseRow>("SELECT flag_key AS Key, evaluated_at AS EvaluatedAt, evaluations FROM flag_use");
        return [.. rows.Select(r => new FlagUse(r.Key, r.EvaluatedAt, r.Evaluations))];
    }

    public async Task AddUsesAsync(IReadOnlyCollection<FlagUse> uses, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            """
            INSERT INTO flag_use (flag_key, evaluated_at, evaluations) VALUES (@Key, @EvaluatedAt, @Evaluations)
            ON CONFLICT (flag_key) DO UPDATE SET evaluated_at = excluded.evaluated_at, evaluations = evaluations + excluded.evaluations
            """, uses, transaction);
        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyList<FlagTrip>> TripsAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<TripRow>("SELECT flag_key AS Key, at, signal, measured, bound, change_id AS ChangeId FROM flag_trips");
        return [.. rows.Select(r => new FlagTrip(r.Key, r.At, r.Signal, r.Measured, r.Bound, r.ChangeId))];
    }

    /// <summary>Notes that a flag turned itself off, and writes it into its log.</summary>
    public async Task TripAsync(FlagTrip trip, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            "INSERT OR REPLACE INTO flag_trips (flag_key, at, signal, measured, bound, change_id) VALUES (@Key, @At, @Signal, @Measured, @Bound, @ChangeId)", trip, transaction);
        await connection.ExecuteAsync("INSERT OR IGNORE INTO flag_trip_log (flag_key, at, signal, measured, bound) VALUES (@Key, @At, @Signal, @Measured, @Bound)", trip, transaction);
        await connection.ExecuteAsync("DELETE FROM flag_trip_log WHERE at < @before", new { before = trip.At - LogKeptFor }, transaction);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Which Change turns it off in the repository.</summary>
    public async Task BindAsync(string key, long changeId, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync("UPDATE flag_trips SET change_id = @changeId WHERE flag_key = @key", new { key, changeId });
    }

    /// <summary>Every trip of the last <see cref="LogKeptFor"/>, the newest first.</summary>
    public async Task<IReadOnlyList<FlagTrip>> LogAsync(CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<TripRow>("SELECT flag_key AS Key, at, signal, measured, bound FROM flag_trip_log ORDER BY at DESC");
        return [.. rows.Select(r => new FlagTrip(r.Key, r.At, r.Signal, r.Measured, r.Bound, null))];
    }

    public async Task ForgetTripAsync(string key, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await connection.ExecuteAsync("DELETE FROM flag_trips WHERE flag_key = @key", new { key });
    }

    sealed class UseRow
    {
        public string Key { get; init; } = "";
        public DateTimeOffset EvaluatedAt { get; init; }
        public long Evaluations { get; init; }
    }

    sealed class TripRow
    {
        public string Key { get; init; } = "";
        public DateTimeOffset At { get; init; }
        public string Signal { get; init; } = "";
        public double Measured { get; init; }
        public string Bound { get; init; } = "";
        public long? ChangeId { get; init; }
    }
}
