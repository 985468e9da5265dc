using Dapper;
using Microsoft.Data.Sqlite;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Cli;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Tests.Data;

namespace NrdotConsole.App.Tests.Audit;

public sealed class AuditTests : IDisposable
{
    readonly TempDirectory _dir = new();
    readonly ConsoleDatabase _database;
    readonly AuditLog _audit;

    public AuditTests()
    {
        _database = _dir.OpenDatabase();
        _audit = new(_database, TimeProvider.System);
    }

    public void Dispose()
    {
        _database.Dispose();
        _dir.Dispose();
    }

    Task Append(string target) => _audit.AppendAsync(new AuditEntry(new("ann", ActorKind.User, "10.0.0.1"), "thing.change", target, new { Size = 1 }, new { Size = 2 }, "wish"));

    async Task<AuditVerdict> Verify()
    {
        await using var connection = await _database.OpenAsync();
        return await AuditVerifier.VerifyAsync(connection);
    }

    /// <summary>As somebody with the file and a SQLite shell would: the triggers are no obstacle to them.</summary>
    async Task Tamper(string sql)
    {
        await using var connection = await _database.OpenAsync();
        await connection.ExecuteAsync("DROP TRIGGER IF EXISTS audit_no_update; DROP TRIGGER IF EXISTS audit_no_delete; DROP TRIGGER IF EXISTS audit_append_only; " + sql);
    }

    [Fact]
    public async Task An_untouched_chain_is_whole()
    {
        Assert.True((await Verify()).Sound);
        for (var i = 0; i < 10; i++) await Append($"thing:{i}");
        var verdict = await Verify();
        Assert.True(verdict.Sound);
        Assert.Equal(10, verdict.Rows);
    }

    [Theory]
    [InlineData("actor = 'bob'")]
    [InlineData("actor_kind = 'token'")]
    [InlineData("at = at + 1")]
    [InlineData("action = 'x'")]
    [InlineData("target = 'x'")]
    [InlineData("before = NULL")]
    [InlineData("after = '{\"size\":3}'")]
    [InlineData("reason = ''")]
    [InlineData("address = NULL")]
    [InlineData("prev_hash = hash")]
    [InlineData("hash = 'x'")]
    public async Task A_field_edited_in_the_file_is_found_at_its_row(string edit)
    {
        for (var i = 0; i < 8; i++) await Append($"thing:{i}");
        await Tamper($"UPDATE audit SET {edit} WHERE seq = 5");
        Assert.Equal(5, (await Verify()).BrokenSeq);
    }

    [Fact]
    public async Task A_row_taken_out_of_the_middle_is_found()
    {
        for (var i = 0; i < 8; i++) await Append($"thing:{i}");
        await Tamper("DELETE FROM audit WHERE seq = 4");
        Assert.Equal(4, (await Verify()).BrokenSeq);
    }

    [Fact]
    public async Task A_row_whose_hash_was_made_again_breaks_the_chain_at_the_next()
    {
        for (var i = 0; i < 4; i++) await Append($"thing:{i}");
        var row = (await _audit.ReadAsync(new(), 0, 10)).Rows.Single(x => x.Seq == 2) with { Target = "thing:other" };
        await Tamper($"UPDATE audit SET target = 'thing:other', hash = '{AuditChain.HashOf(row)}' WHERE seq = 2");
        Assert.Equal(3, (await Verify()).BrokenSeq);
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'bob'")]
    [InlineData("DELETE FROM audit")]
    [InlineData("REPLACE INTO audit SELECT * FROM audit WHERE seq = 1")]
    public async Task The_database_itself_refuses_to_change_the_log(string sql)
    {
        await Append("thing:1");
        await using var connection = await _database.OpenAsync();
        Assert.Contains("append-only", (await Assert.ThrowsAsync<SqliteException>(() => connection.ExecuteAsync(sql))).Message);
    }

    [Fact]
    public async Task Appends_at_once_from_many_sides_stay_one_chain()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(side => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++) await Append($"thing:{side}/{i}");
        })));
        var verdict = await Verify();
        Assert.True(verdict.Sound);
        Assert.Equal(200, verdict.Rows);
    }

    [Fact]
    public async Task A_deed_that_is_rolled_back_leaves_no_record()
    {
        await using (var connection = await _database.OpenAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
            await _audit.AppendAsync(transaction, new(Actor.System, "thing.change", "thing:1"));
        Assert.Equal(0, (await Verify()).Rows);
    }

    [Fact]
    public async Task The_filter_finds_by_actor_action_and_time()
    {
        await Append("thing:1");
        await _audit.AppendAsync(new AuditEntry(Actor.System, "other", "thing:2"));
        Assert.Equal("thing:2", (await _audit.ReadAsync(new(Actor: "console"), 0, 10)).Rows.Single().Target);
        Assert.Equal("thing:1", (await _audit.ReadAsync(new(Action: "thing."), 0, 10)).Rows.Single().Target);
        Assert.Equal(0, (await _audit.ReadAsync(new(To: DateTimeOffset.UnixEpoch), 0, 10)).Total);
        Assert.Equal("thing:1", (await _audit.ReadAsync(new(), 1, 1)).Rows.Single().Target);
    }

    [Fact]
    public async Task The_command_tells_a_whole_log_from_a_broken_one()
    {
        await Append("thing:1");
        await Append("thing:2");
        async Task<(int?, string)> Run(params string[] args)
        {
            var output = new StringWriter();
            return (await CommandLine.RunAsync(args, output, output), output.ToString());
        }
        var (sound, text) = await Run("audit", "verify", "--data", _dir.Data.Path);
        Assert.Equal(0, sound);
        Assert.Contains("2 rows", text);
        await Tamper("UPDATE audit SET actor = 'bob' WHERE seq = 2");
        var (broken, why) = await Run("audit", "verify", "--data", _dir.Data.Path);
        Assert.Equal(1, broken);
        Assert.Contains("broken at row 2", why);
        Assert.Equal(1, (await Run("audit", "verify", "--data", _dir.Data.File("nowhere"))).Item1);
        Assert.Equal(2, (await Run("audit", "burn")).Item1);
        Assert.Equal(0, (await Run("--help")).Item1);
        Assert.Null((await Run("--Console:HttpPort=1")).Item1);
    }
}
