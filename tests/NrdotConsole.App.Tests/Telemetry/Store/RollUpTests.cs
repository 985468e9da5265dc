using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Store;

public sealed class RollUpTests
{
    static readonly DateTimeOffset Start = StoreOnDisk.Start;

    /// <summary>Ten-second points of two counters and a gauge for eight hours, all sealed and rolled up.</summary>
    static StoreOnDisk Filled(TimeSpan step, bool late = false)
    {
        var disk = new StoreOnDisk();
        for (var hour = 0; hour < 8; hour++)
        {
            disk.Time.Advance(TimeSpan.FromHours(1));
            foreach (var host in (string[])["a", "b"])
            {
                (long, double)[] points = [.. Enumerable.Range(0, (int)(TimeSpan.FromHours(1) / step)).Select(i => (StoreOnDisk.T0 + hour * 3_600_000L + (long)(i * step.TotalMilliseconds), Value(hour, i, host)))];
                if (late && hour == 1) points = points[5..];
                disk.Store.Ingest(OtlpBytes.Gauge("g", [("host.id", host)], [], points), null);
                disk.Store.Ingest(OtlpBytes.Sum("c", Temporality.Cumulative, [("host.id", host)], [], [.. points.Select(p => (p.Item1, (p.Item1 - StoreOnDisk.T0) / 1000d % 5000))]), null);
            }
            Assert.True(disk.Store.TrySealAll());
        }
        disk.Time.Advance(TimeSpan.FromHours(6));
        return disk;
    }

    static double Value(int hour, int i, string host) => hour * 100 + i % 7 + (host == "b" ? 0.25 : 0);

    [Theory]
    [InlineData(Aggregation.Avg)]
    [InlineData(Aggregation.Min)]
    [InlineData(Aggregation.Max)]
    [InlineData(Aggregation.Count)]
    [InlineData(Aggregation.Last)]
    [InlineData(Aggregation.Sum)]
    [InlineData(Aggregation.Rate)]
    public async Task An_hours_answer_from_roll_ups_is_the_one_from_raw_points(Aggregation aggregation)
    {
        using var disk = Filled(TimeSpan.FromSeconds(10));
        var before = await Hourly(disk, aggregation);
        Assert.True(new RollUp(disk.Store, disk.Settings, disk.Time).Run());
        Assert.True(disk.Store.RolledUpMs > StoreOnDisk.T0);
        var after = await Hourly(disk, aggregation);
        Assert.Equal(before.Select(p => p.UnixMs), after.Select(p => p.UnixMs));
        foreach (var (b, a) in before.Zip(after)) Assert.Equal(b.Value, a.Value, 9);
    }

    static async Task<IReadOnlyList<QueryPoint>> Hourly(StoreOnDisk disk, Aggregation aggregation)
    {
        var result = await disk.Engine.RunAsync(new()
        {
            Metric = aggregation == Aggregation.Rate ? "c" : "g", From = Start, To = Start.AddHours(8).AddMilliseconds(-1),
            Step = TimeSpan.FromHours(1), GroupBy = [], Aggregation = aggregation,
        });
        return Assert.Single(result.Series).Points;
    }

    [Fact]
    public async Task Points_closer_than_a_minute_live_on_as_minutes_and_then_as_hours()
    {
        using var disk = Filled(TimeSpan.FromSeconds(10));
        var minutesBefore = await Minutes(disk);
        var (rollUp, retention) = (new RollUp(disk.Store, disk.Settings, disk.Time), new Retention(disk.Store, disk.Settings, disk.Time));
        disk.Time.Advance(TimeSpan.FromHours(60));
        rollUp.Run();
        Assert.True(retention.Run() > 0);
        Assert.Equal(minutesBefore, await Minutes(disk));

        disk.Time.Advance(TimeSpan.FromDays(16));
        rollUp.Run();
        Assert.True(retention.Run() > 0);
        var hours = (await disk.Raw("g"))["a"];
        Assert.Equal(8, hours.Count);
        Assert.Equal(Enumerable.Range(0, 360).Average(i => Value(3, i, "a")), hours[3].Value, 9);

        disk.Time.Advance(TimeSpan.FromDays(400));
        retention.Run();
        Assert.Empty(await disk.Raw("g"));
    }

    static async Task<IReadOnlyList<QueryPoint>> Minutes(StoreOnDisk disk) => Assert.Single((await disk.Engine.RunAsync(new()
    {
        Metric = "g", From = Start, To = Start.AddHours(8), Step = TimeSpan.FromMinutes(1), Aggregation = Aggregation.Max, GroupBy = [],
    })).Series).Points;

    [Fact]
    public async Task Points_a_minute_apart_are_kept_as_they_are_for_as_long_as_minutes()
    {
        using var disk = Filled(TimeSpan.FromMinutes(1));
        disk.Time.Advance(TimeSpan.FromHours(60));
        new RollUp(disk.Store, disk.Settings, disk.Time).Run();
        Assert.Equal(0, new Retention(disk.Store, disk.Settings, disk.Time).Run());
        Assert.Equal(480, (await disk.Raw("g"))["a"].Count);
    }

    [Fact]
    public async Task A_late_point_is_rolled_up_too()
    {
        using var disk = Filled(TimeSpan.FromMinutes(10), late: true);
        var rollUp = new RollUp(disk.Store, disk.Settings, disk.Time);
        rollUp.Run();
        disk.Store.Ingest(OtlpBytes.Gauge("g", [("host.id", "a")], [], (StoreOnDisk.T0 + 3_600_000, 999)), null);
        disk.Store.TrySealAll();
        rollUp.Run();
        var hourly = await Hourly(disk, Aggregation.Max);
        Assert.Equal(999, hourly[1].Value);
    }

    [Theory]
    [InlineData(Aggregation.Avg)]
    [InlineData(Aggregation.Max)]
    [InlineData(Aggregation.Count)]
    [InlineData(Aggregation.Sum)]
    [InlineData(Aggregation.Rate)]
    public async Task Hours_that_no_late_point_can_change_become_long_blocks_with_the_same_answer(Aggregation aggregation)
    {
        using var disk = Filled(TimeSpan.FromSeconds(10));
        var rollUp = new RollUp(disk.Store, disk.Settings, disk.Time);
        rollUp.Run();
        var before = await Hourly(disk, aggregation);
        var blocks = HourBlocks(disk);
        for (var day = 0; day < 12; day++)
        {
            disk.Time.Advance(TimeSpan.FromDays(1));
            rollUp.Run();
        }
        Assert.True(HourBlocks(disk) < blocks, $"{HourBlocks(disk)} blocks of hours, {blocks} before.");
        Assert.Equal(before, await Hourly(disk, aggregation));

        // A point as late as that is found raw; the long hours stand, even where raw points are now to be kept for longer.
        disk.Settings.Retention.Raw = TimeSpan.FromDays(100);
        disk.Store.Ingest(OtlpBytes.Gauge("g", [("host.id", "a")], [], (StoreOnDisk.T0 + 5_000, 999)), null);
        Assert.True(disk.Store.TrySealAll());
        rollUp.Run();
        Assert.Equal(before, await Hourly(disk, aggregation));
    }

    static long HourBlocks(StoreOnDisk disk)
    {
        using var reader = disk.Store.Database!.OpenReader();
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT count(*) FROM block WHERE level = 2";
        return (long)command.ExecuteScalar()!;
    }

    [Fact]
    public void The_catalogue_lists_metrics_series_keys_and_values()
    {
        using var disk = new StoreOnDisk();
        foreach (var host in (string[])["a", "b"])
            foreach (var state in (string[])["user", "system"])
                disk.Store.Ingest(OtlpBytes.Gauge("m", [("host.id", host)], [("state", state)], (StoreOnDisk.T0, 1)), host == "a" ? "t" : "u");
        var catalogue = new SeriesCatalogue(disk.Store);
        var metric = Assert.Single(catalogue.Metrics().Items);
        Assert.Equal(("m", "By", 4, 4), (metric.Name, metric.Unit, metric.Series, metric.ActiveSeries));
        Assert.Equal(2, Assert.Single(catalogue.Metrics(["t"]).Items).Series);
        Assert.Empty(catalogue.Metrics(["nobody"]).Items);
        Assert.Equal(["host.id", "nrdot.tenant", "state"], catalogue.LabelKeys("m").Select(k => k.Value));
        Assert.Equal([new("system", 2), new("user", 2)], catalogue.LabelValues("m", "state").Items);
        var page = catalogue.Series("m", [new("state", LabelMatch.Regex, "us.*")], null, 1, 1, out var fault);
        Assert.Null(fault);
        Assert.Equal((2, "b"), (page!.Total, page.Items.Single().Labels.Get("host.id")));
        Assert.Null(catalogue.Series("m", [new("state", LabelMatch.Regex, "(")], null, 0, 1, out fault));
        Assert.NotNull(fault);
    }
}
