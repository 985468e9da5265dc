using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Tests.Data;

public sealed class ConsoleDatabaseTests : IDisposable
{
    readonly TempDirectory _dir = new();

    static readonly Migration One = new(1, "one", "CREATE TABLE one (a INTEGER) STRICT;");
    static readonly Migration Two = new(2, "two", "CREATE TABLE two (a INTEGER) STRICT; INSERT INTO two VALUES (7);");

    public void Dispose() => _dir.Dispose();

    ConsoleDatabase Open(params Migration[] migrations) => ConsoleDatabase.Open(_dir.Data, migrations, TimeProvider.System);

    static async Task<T?> Scalar<T>(ConsoleDatabase database, string sql)
    {
        await using var connection = await database.OpenAsync();
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    [Fact]
    public async Task The_shipped_migrations_build_a_sound_schema()
    {
        using var database = ConsoleDatabase.Open(_dir.Data, Migration.Embedded, TimeProvider.System);
        Assert.NotEmpty(Migration.Embedded);
        Assert.Equal(Migration.Embedded.Count, await Scalar<int>(database, "SELECT count(*) FROM schema_migrations"));
        Assert.Equal("ok", await Scalar<string>(database, "PRAGMA integrity_check"));
        Assert.Equal("wal", await Scalar<string>(database, "PRAGMA journal_mode"));
        Assert.Equal(1, await Scalar<int>(database, "PRAGMA foreign_keys"));
        Assert.Equal(5000, await Scalar<int>(database, "PRAGMA busy_timeout"));
    }

    [Fact]
    public async Task A_second_start_runs_only_what_is_new_even_below_what_has_run()
    {
        Open(Two).Dispose();
        using var database = Open(One, Two);
        Assert.Equal(1, await Scalar<int>(database, "SELECT count(*) FROM two"));
        Assert.Equal(0, await Scalar<int>(database, "SELECT count(*) FROM one"));
    }

    [Fact]
    public void An_applied_migration_that_was_altered_stops_the_start()
    {
        Open(One).Dispose();
        var fault = Assert.Throws<StartException>(() => Open(One with { Sql = "CREATE TABLE one (b INTEGER) STRICT;" }));
        Assert.Contains("0001_one was altered", fault.Message);
    }

    [Fact]
    public void Line_ends_do_not_alter_a_migration()
    {
        Assert.Equal(new Migration(1, "x", "a\nb").Checksum, new Migration(1, "x", "a\r\nb").Checksum);
    }

    [Fact]
    public void A_database_of_a_newer_version_stops_the_start()
    {
        Open(One, Two).Dispose();
        Assert.Contains("newer version", Assert.Throws<StartException>(() => Open(One)).Message);
    }

    [Fact]
    public async Task A_migration_that_fails_half_way_leaves_nothing_and_can_be_mended()
    {
        var broken = Two with { Sql = "CREATE TABLE two (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1);" };
        var fault = Assert.Throws<StartException>(() => Open(One, broken));
        Assert.Contains("0002_two failed", fault.Message);
        using var database = Open(One, Two);
        Assert.Equal(7, await Scalar<int>(database, "SELECT a FROM two"));
    }

    [Fact]
    public async Task A_damaged_file_stops_the_start_and_is_left_as_it_is()
    {
        var path = _dir.Data.File("console.db");
        var junk = Enumerable.Range(0, 8192).Select(x => (byte)(x * 7)).ToArray();
        await File.WriteAllBytesAsync(path, junk);
        var fault = Assert.Throws<StartException>(() => Open(One));
        Assert.Contains("damaged", fault.Message);
        Assert.Contains("backup", fault.Message);
        Assert.Equal(junk, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task A_page_damaged_inside_a_sound_file_stops_the_start()
    {
        using (var database = Open(One))
        {
            await using var connection = await database.OpenAsync();
            await connection.ExecuteAsync("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO one SELECT i FROM n; PRAGMA wal_checkpoint(TRUNCATE);");
        }
        await using (var file = new FileStream(_dir.Data.File("console.db"), FileMode.Open))
        {
            file.Position = file.Length - 4096;
            file.Write(Enumerable.Repeat((byte)0xEE, 4096).ToArray());
        }
        Assert.Contains("damaged", Assert.Throws<StartException>(() => Open(One)).Message);
    }

    [Fact]
    public async Task A_locked_file_shows_in_the_health_check_and_passes_when_it_is_free_again()
    {
        using var database = Open(One);
        var check = new ConsoleDatabaseHealth(database);
        await using (var other = new SqliteConnection($"Data Source={database.Path};Pooling=False"))
        {
            await other.OpenAsync();
            await other.ExecuteAsync("BEGIN IMMEDIATE");
            var verdict = await check.CheckHealthAsync(new HealthCheckContext());
            Assert.Equal(HealthStatus.Unhealthy, verdict.Status);
            Assert.Contains("locked", verdict.Description);
        }
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
    }

    [Fact]
    public async Task Times_are_stored_as_unix_milliseconds_and_come_back()
    {
        using var database = Open(One);
        await using var connection = await database.OpenAsync();
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_763_000_000_123);
        await connection.ExecuteAsync("INSERT INTO one (a) VALUES (@at), (@none)", new { at, none = (DateTimeOffset?)null });
        Assert.Equal(1_763_000_000_123, await connection.ExecuteScalarAsync<long>("SELECT a FROM one WHERE a IS NOT NULL"));
        Assert.Equal([null, at], (await connection.QueryAsync<Row>("SELECT a FROM one ORDER BY a")).Select(x => x.A));
    }

    sealed record Row(DateTimeOffset? A);

    [Fact]
    public void The_data_directory_is_for_its_owner_only()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no file modes");
            return;
        }
        var inner = _dir.Data.Folder("inner");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(inner));
    }

    [Fact]
    public void A_second_console_on_the_same_directory_is_refused()
    {
        using (DataDirectoryLock.Take(_dir.Data))
            Assert.Contains("Stop the console", Assert.Throws<StartException>(() => DataDirectoryLock.Take(_dir.Data)).Message);
        DataDirectoryLock.Take(_dir.Data).Dispose();
    }
}
