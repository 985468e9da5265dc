using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Store;

public sealed class StoredNamesTests
{
    static readonly long T0 = StoreOnDisk.T0;

    /// <summary>1,200 series of 300 hosts and one process each, merged into a handful of blocks.</summary>
    static StoreOnDisk Fleet()
    {
        var disk = new StoreOnDisk();
        for (var half = 0; half < 2; half++)
        {
            for (var host = 0; host < 300; host++)
                for (var core = 0; core < 4; core++)
                    disk.Store.Ingest(OtlpBytes.Gauge("m", [("host.id", $"h{host}"), ("process.pid", $"{9000 + host}")], [("core", $"{core}")], (T0 + half * 60_000, host), (T0 + half * 60_000 + 1000, core)), null);
            disk.Store.Ingest(OtlpBytes.Gauge("m", [("host.id", "gateway")], [("relay", "h250")], (T0 + half * 60_000, half)), null);
            Assert.True(disk.Store.TrySealAll());
        }
        disk.Time.Advance(TimeSpan.FromHours(12));
        disk.Store.Sweep(10_000);
        disk.Store.Sweep(10_000);
        Assert.Equal(0, disk.Store.Stats().Series);
        Assert.True(new RollUp(disk.Store, disk.Settings, disk.Time).Run());
        return disk;
    }

    [Theory]
    [InlineData("host.id", "h123", 4, 1)]
    [InlineData("process.pid", "9123", 4, 1)]
    [InlineData("relay", "h250", 1, 6)]
    [InlineData("host.id", "nowhere", 0, 1)]
    public async Task A_query_of_one_host_reads_only_the_blocks_that_can_hold_it(string key, string value, int series, int blocks)
    {
        using var disk = Fleet();
        var every = await Ask(new(key, LabelMatch.Regex, value));
        Assert.Equal(6, disk.Engine.BlocksRead);
        var one = await Ask(new(key, LabelMatch.Equal, value));
        Assert.InRange(disk.Engine.BlocksRead - 6, 0, blocks);
        Assert.Equal(series, one.Series.Count);
        Assert.Equal(every.Series.Select(s => s.Labels), one.Series.Select(s => s.Labels));
        foreach (var (a, b) in every.Series.Zip(one.Series)) Assert.Equal(a.Points, b.Points);

        Task<QueryResult> Ask(LabelFilter filter) => disk.Engine.RunAsync(new() { Metric = "m", Filters = [filter], From = StoreOnDisk.Start, To = StoreOnDisk.Start.AddHours(1) });
    }

    [Fact]
    public async Task A_points_own_label_is_found_wherever_its_host_lies()
    {
        using var disk = new StoreOnDisk();
        disk.Store.Ingest(OtlpBytes.Gauge("m", [("host.id", "probe")], [("host.id", "target")], (T0, 1)), null);
        disk.Store.TrySealAll();
        var answer = await disk.Engine.RunAsync(new() { Metric = "m", Filters = [new("host.id", LabelMatch.Equal, "target")], From = StoreOnDisk.Start, To = StoreOnDisk.Start });
        Assert.Equal("probe", Assert.Single(answer.Series).Labels.Get("resource.host.id"));
    }

    [Fact]
    public void The_catalogue_lists_what_has_left_memory_to_whom_it_belongs()
    {
        using var disk = new StoreOnDisk();
        disk.Store.Ingest(OtlpBytes.Gauge("m", [("host.id", "a")], [("state", "user")], (T0, 1), (T0 + 1000, 2)), "t");
        disk.Store.Ingest(OtlpBytes.Gauge("m", [("host.id", "b")], [("state", "idle")], (T0, 3)), "u");
        disk.Store.TrySealAll();
        disk.Time.Advance(TimeSpan.FromHours(1));
        disk.Store.Sweep();
        disk.Store.Sweep();
        disk.Store.Ingest(OtlpBytes.Gauge("m", [("host.id", "b")], [("state", "idle")], (T0 + 3_600_000, 4)), "u");
        Assert.Equal(1, disk.Store.Stats().Series);

        var catalogue = new SeriesCatalogue(disk.Store);
        var series = catalogue.Series("m", [], null, 0, 10, out _)!;
        Assert.Equal([("a", 2d), ("b", 4d)], series.Items.Select(s => (s.Labels.Get("host.id"), s.Last.Value)));
        Assert.Equal(["user"], catalogue.LabelValues("m", "state", tenants: ["t"]).Items.Select(v => v.Value));
        Assert.Equal("m", Assert.Single(catalogue.Metrics(["t"]).Items).Name);
        Assert.Empty(catalogue.Metrics(["v"]).Items);
        disk.Time.Advance(StoredSeries.Within);
        Assert.Empty(catalogue.Series("m", [], ["t"], 0, 10, out _)!.Items);
        Assert.Empty(catalogue.Metrics(["t"]).Items);
    }

    [Fact]
    public async Task Names_that_no_block_bears_are_deleted_and_given_anew()
    {
        using var disk = new StoreOnDisk();
        disk.Send("gone", "old", T0, 1);
        disk.Send("m", "h", T0, 1);
        disk.Store.TrySealAll();
        disk.Time.Advance(TimeSpan.FromDays(300));
        disk.Send("m", "h", disk.Time.GetUtcNow().ToUnixTimeMilliseconds(), 2);
        disk.Store.TrySealAll();
        disk.Time.Advance(TimeSpan.FromDays(110));
        new Retention(disk.Store, disk.Settings, disk.Time).Run();
        Assert.Equal((1, 1, 1), Names(disk));
        disk.Send("m", "h", disk.Time.GetUtcNow().ToUnixTimeMilliseconds(), 3);
        disk.Send("gone", "old", disk.Time.GetUtcNow().ToUnixTimeMilliseconds(), 4);
        disk.Store.TrySealAll();
        disk.Reopen();
        Assert.Equal((2, 2, 2), Names(disk));
        Assert.Equal(4, (await disk.Raw("gone"))["old"][^1].Value);
        Assert.Equal(3, (await disk.Raw("m"))["h"][^1].Value);
    }

    static (long Resources, long Hosts, long Metrics) Names(StoreOnDisk disk)
    {
        using var reader = disk.Store.Database!.OpenReader();
        return (Count("resource"), Count("host"), Count("metric"));

        long Count(string table)
        {
            using var command = reader.CreateCommand();
            command.CommandText = $"SELECT count(*) FROM {table}";
            return (long)command.ExecuteScalar()!;
        }
    }

    [Fact]
    public async Task The_keeper_ends_quietly_when_the_host_is_disposed()
    {
        using var disk = new StoreOnDisk();
        var keeper = new StoreKeeper(
            disk.Store, new(disk.Store, disk.Settings, disk.Time), new(disk.Store, disk.Settings, disk.Time), Options.Create(disk.Settings), disk.Time, NullLogger<StoreKeeper>.Instance);
        await keeper.StartAsync(default);
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (disk.Store.Stats().Health.LastFlush is null)
        {
            limit.Token.ThrowIfCancellationRequested();
            disk.Time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
        keeper.Dispose();
        await keeper.ExecuteTask!.WaitAsync(Patience.Limit);
    }

    [Fact]
    public void A_database_of_another_version_is_refused_with_what_to_do()
    {
        using var disk = new StoreOnDisk();
        disk.Close();
        using (var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={disk.DatabasePath};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "PRAGMA user_version = 1";
            command.ExecuteNonQuery();
        }
        disk.Reopen();
        Assert.False(disk.Store.IsOpen);
        Assert.Contains("version 1, this program reads version 2", disk.Store.Stats().Health.Fault, StringComparison.Ordinal);
    }
}
