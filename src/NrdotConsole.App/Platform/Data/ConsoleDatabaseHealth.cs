using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace NrdotConsole.App.Platform.Data;

/// <summary>Takes the write lock and gives it back: true only when a command of the control plane would succeed too.</summary>
internal sealed class ConsoleDatabaseHealth(ConsoleDatabase database) : IHealthCheck
{
    /// <summary>A probe must answer sooner than a command gives up.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = (SqliteConnection)await database.OpenAsync(cancellationToken);
            connection.DefaultTimeout = 1;
            SqliteFaults.SetBusyTimeout(connection, Patience);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM schema_migrations", transaction: transaction);
            return HealthCheckResult.Healthy();
        }
        catch (SqliteException fault)
        {
            var (what, hint) = SqliteFaults.Explain(fault);
            return HealthCheckResult.Unhealthy($"{what} {hint}", fault);
        }
    }
}
