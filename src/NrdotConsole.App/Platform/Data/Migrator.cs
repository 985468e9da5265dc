using Dapper;
using Microsoft.Data.Sqlite;

namespace NrdotConsole.App.Platform.Data;

/// <summary>
/// Brings a database's schema up to this program's. All that is missing runs in one transaction: a database is never half a version.
/// Parts own ranges of numbers, so one may be added below another that has run already; order holds within a start.
/// </summary>
internal sealed class Migrator(IReadOnlyList<Migration> migrations, TimeProvider time)
{
    /// <exception cref="StartException">The database has a migration that was altered since, or that this program does not know.</exception>
    public void Run(SqliteConnection connection, string path)
    {
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version    INTEGER PRIMARY KEY,
                name       TEXT NOT NULL,
                checksum   TEXT NOT NULL,
                applied_at INTEGER NOT NULL
            ) STRICT
            """, transaction: transaction);
        var applied = connection
            .Query<Applied>("SELECT version, name, checksum FROM schema_migrations ORDER BY version", transaction: transaction)
            .ToDictionary(x => x.Version);
        Check(applied, path);
        foreach (var migration in migrations.Where(x => !applied.ContainsKey(x.Version)))
        {
            try
            {
                connection.Execute(migration.Sql, transaction: transaction);
            }
            catch (SqliteException fault)
            {
                throw new StartException(path, $"Migration {migration.Version:0000}_{migration.Name} failed ({fault.Message}); nothing was changed.", "Restore the database of the last version that started, and report this.", fault);
            }
            connection.Execute(
                "INSERT INTO schema_migrations (version, name, checksum, applied_at) VALUES (@Version, @Name, @Checksum, @now)",
                new { migration.Version, migration.Name, migration.Checksum, now = time.GetUtcNow() }, transaction);
        }
        transaction.Commit();
    }

    void Check(Dictionary<long, Applied> applied, string path)
    {
        var known = migrations.ToDictionary(x => (long)x.Version);
        foreach (var row in applied.Values)
        {
            if (!known.TryGetValue(row.Version, out var migration))
                throw new StartException(path, $"The database comes from a newer version of the console (it has migration {row.Version:0000}_{row.Name}).", "Start that version, or restore an older backup.");
            if (migration.Checksum != row.Checksum)
                throw new StartException(path, $"Migration {row.Version:0000}_{row.Name} was altered after it had been applied here.", "Undo the change to that file and put it into a new migration.");
        }
    }

    sealed record Applied(long Version, string Name, string Checksum);
}
