using System.Globalization;
using Dapper;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Features.Cardinality;

/// <summary>One metric's sketch of the identities of a day.</summary>
internal sealed record KeptSketch(string Tenant, string Metric, byte[] Bytes);

/// <summary>Today's identity sketches over a restart.</summary>
internal sealed class SketchStore(ConsoleDatabase database)
{
    public async Task<IReadOnlyList<KeptSketch>> OfAsync(DateOnly day, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        return (await connection.QueryAsync<KeptSketch>("SELECT tenant, metric, sketch AS Bytes FROM daily_sketches WHERE day = @day", new { day = Text(day) })).AsList();
    }

    /// <summary>Replaces the sketches given, and drops other days'.</summary>
    public async Task SetAsync(DateOnly day, IEnumerable<KeptSketch> sketches, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync("DELETE FROM daily_sketches WHERE day <> @day", new { day = Text(day) }, transaction);
        await connection.ExecuteAsync(
            """
            INSERT INTO daily_sketches (tenant, metric, day, sketch) VALUES (@Tenant, @Metric, @Day, @Bytes)
            ON CONFLICT (tenant, metric) DO UPDATE SET day = excluded.day, sketch = excluded.sketch
            """,
            sketches.Select(s => new { s.Tenant, s.Metric, Day = Text(day), s.Bytes }), transaction);
        await transaction.CommitAsync(ct);
    }

    static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
