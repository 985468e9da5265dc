using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Signals;

public sealed class CardinalitySignalTests : IDisposable
{
    readonly SignalWorld _world = new(new() { Limits = new(PerMetric: 10, PerAccount: 1000) });

    public void Dispose() => _world.Dispose();

    CardinalitySummary Prod => _world.Board.Cardinality(SignalWorld.Prod).Current!;

    /// <summary>A process that restarts each minute: each pid is two new series.</summary>
    void Restarts(int minutes) => _world.Run(minutes * 60, second =>
    {
        if (second % 60 == 0) _world.Send("prod", w => _world.Process(w, "h1", "java", 1, 1e7, pid: $"{_world.Now.ToUnixTimeSeconds()}"));
    });

    [Fact]
    public void Active_series_are_those_of_five_minutes_and_daily_ones_never_leave()
    {
        Restarts(9);
        Assert.Equal((10, 18L), (Prod.Active, Prod.Daily));
        Assert.Equal((0.0, 9L, 0.9), (Prod.DailyError, Prod.TopMetrics[0].Daily, Prod.TopMetrics[0].DailyLimitShare));
        Assert.Equal(2, Prod.NewSeriesLastMinute);
        Assert.Equal("h1", Assert.Single(Prod.TopHosts).HostKey);
    }

    [Fact]
    public void The_attribute_that_mints_series_leads_the_list()
    {
        Restarts(9);
        var first = Prod.TopAttributes[0];
        Assert.Equal("process.pid", first.Attribute);
        Assert.InRange(first.DistinctValues, 4, 6);
        var host = _world.Board.Cardinality(new("prod", "h1")).Current!;
        Assert.Equal((10, 5L), (host.Active, host.TopAttributes[0].DistinctValues));
    }

    [Fact]
    public async Task Nearing_a_limit_is_told_once_a_day()
    {
        Restarts(12);
        var told = (await _world.Stores.Events.PageAsync(null, null, "cardinality.near_limit", new(0, 10))).Items;
        Assert.Equal(2, told.Count);
        Assert.All(told, e => Assert.Contains("of the limit of 10", e.Text));
    }

    [Fact]
    public void The_days_identities_survive_a_restart_even_those_that_have_ended()
    {
        Restarts(9);
        _world.Restart();
        _world.Run(2);
        Assert.Equal(18, Prod.Daily);
        Assert.Equal(0, Prod.NewSeriesLastMinute);
    }

    [Fact]
    public void Midnight_begins_the_count_anew()
    {
        Restarts(9);
        _world.Time.SetUtcNow(new(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
        Restarts(1);
        Assert.Equal(2, Prod.Daily);
    }

    [Fact]
    public void Growth_is_unknown_for_an_hour_and_then_against_an_hour_ago()
    {
        Restarts(30);
        Assert.Null(Prod.GrowthPerHour);
        Restarts(40);
        Assert.Equal(0, Prod.GrowthPerHour);
    }

    [Fact]
    public void Tenants_sum_to_the_fleet()
    {
        _world.Scrape("prod", "h1", ("java", 1, 1));
        _world.Scrape("staging", "h1", ("java", 1, 1));
        _world.Run(2);
        Assert.Equal((4, 4L), (_world.Board.Cardinality(SignalScope.Fleet).Current!.Active, _world.Board.Cardinality(SignalScope.Fleet).Current!.Daily));
        Assert.Equal(2, Prod.Active);
    }
}
