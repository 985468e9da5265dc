using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace NrdotConsole.App.Platform.Data;

/// <summary>The control plane's database, <c>console.db</c>: opens pooled connections; its schema is current once this object exists.</summary>
internal sealed class ConsoleDatabase : IDisposable
{
    /// <summary>How long a statement waits for another writer before it fails with SQLITE_BUSY.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);

    readonly string _connectionString;

    static ConsoleDatabase() => UnixMsHandler.Register();

    ConsoleDatabase(string path, string connectionString) => (Path, _connectionString) = (path, connectionString);

    public string Path { get; }

    /// <summary>Opens or makes <c>console.db</c> in the directory, checks it and runs what migrations it lacks.</summary>
    /// <exception cref="StartException">The file is damaged, locked, not writable, or of another version.</exception>
    public static ConsoleDatabase Open(DataDirectory directory, IReadOnlyList<Migration> migrations, TimeProvider time)
    {
        var path = directory.File("console.db");
        var database = new ConsoleDatabase(path, new SqliteConnectionStringBuilder
        {
            DataSource = path,
            ForeignKeys = true,
            DefaultTimeout = (int)BusyTimeout.TotalSeconds,
        }.ToString());
        try
        {
            CreateForOwnerOnly(path);
            using var connection = new SqliteConnection(database._connectionString);
            connection.Open();
            SqliteFaults.SetBusyTimeout(connection, BusyTimeout);
            connection.Execute("PRAGMA journal_mode = WAL");
            if (connection.ExecuteScalar<string>("PRAGMA quick_check(1)") is var verdict and not "ok")
                throw new StartException(path, $"The database is damaged ({verdict}).", SqliteFaults.DamageHint);
            new Migrator(migrations, time).Run(connection, path);
            return database;
        }
        catch (Exception fault)
        {
            database.Dispose();
            throw fault switch
            {
                SqliteException sqlite => SqliteFaults.AtStart(sqlite, path),
                UnauthorizedAccessException or IOException => new StartException(path, $"The database cannot be made ({fault.Message}).", "Give this user the right to write the folder.", fault),
                _ => fault,
            };
        }
    }

    /// <summary>SQLite gives its -wal and -shm files the mode of the database.</summary>
    static void CreateForOwnerOnly(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (!File.Exists(path)) new FileStream(path, options).Dispose();
    }

    /// <summary>A connection of the pool; dispose it. A transaction begun on it takes the write lock at once (BEGIN IMMEDIATE).</summary>
    public async ValueTask<DbConnection> OpenAsync(CancellationToken ct = default)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            await connection.OpenAsync(ct);
            SqliteFaults.SetBusyTimeout(connection, BusyTimeout);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }
}
