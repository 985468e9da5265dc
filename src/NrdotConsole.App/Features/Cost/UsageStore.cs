using System.Globalization;
using Dapper;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.Core.Cost;

namespace NrdotConsole.App.Features.Cost;

/// <summary>Bytes and points by tenant and UTC day. Days are kept for ever: a tenant is 365 short rows a year.</summary>
internal sealed class UsageStore(ConsoleDatabase database)
{
    const string DayFormat = "yyyy-MM-dd";

    /// <summary>The days from <paramref name="from"/> on.</summary>
    public async Task<IReadOnlyList<DayUsage>> SinceAsync(DateOnly from, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        var rows = await connection.QueryAsync<(string Tenant, string Day, long Bytes, long Points)>(
            "SELECT tenant, day, bytes, points FROM usage_days WHERE day >= @from ORDER BY day, tenant", new { from = Text(from) });
        return [.. rows.Select(r => new DayUsage(r.Tenant, DateOnly.ParseExact(r.Day, DayFormat, CultureInfo.InvariantCulture), r.Bytes, r.Points))];
    }

    /// <summary>Sets the totals of the given days: writing the same totals twice changes nothing.</summary>
    public async Task SetAsync(IReadOnlyCollection<DayUsage> days, CancellationToken ct = default)
    {
        await using var connection = await database.OpenAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await connection.ExecuteAsync(
            """
            INSERT INTO usage_days (tenant, day, bytes, points) VALUES (@Tenant, @Day, @Bytes, @Points)
            ON CONFLICT (tenant, day) DO UPDATE SET bytes = excluded.bytes, points = excluded.points
            """,
            days.Select(d => new { d.Tenant, Day = Text(d.Day), d.Bytes, d.Points }), transaction);
        await transaction.CommitAsync(ct);
    }

    static string Text(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);
}
