using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Signals;

public sealed class CostSignalTests : IDisposable
{
    readonly SignalWorld _world = new();
    long _bytes;

    public void Dispose() => _world.Dispose();

    void Minutes(int minutes) => _world.Run(minutes * 60, second =>
    {
        if (second % 60 != 0) return;
        _bytes += _world.Scrape("prod", "h1", ("postgres", 5, 1e8), ("java", 5, 1e8));
        _bytes += _world.Scrape("prod", "h2", ("nginx", 5, 1e8));
        _bytes += _world.Scrape("staging", "h3", ("java", 5, 1e8));
    });

    CostSummary Fleet => _world.Board.Cost(SignalScope.Fleet).Current!;

    [Fact]
    public void There_is_no_hourly_cost_before_a_window_is_complete()
    {
        _world.Run(50, second =>
        {
            if (second == 0) _world.Scrape("prod", "h1", ("java", 1, 1));
        });
        Assert.Null(Fleet.UsdPerHour);
        Assert.Null(Fleet.UsdMonthProjected);
    }

    [Fact]
    public void An_hour_costs_the_measured_bytes_at_the_price_of_a_gigabyte()
    {
        Minutes(10);
        // What the messages hold is what the resources hold, less the few bytes that frame each of them.
        var perHour = Fleet.BytesPerSecond * 3600;
        Assert.InRange(perHour, _bytes / 10.0 * 60 * 0.97, _bytes / 10.0 * 60);
        Assert.Equal((decimal)Math.Round(perHour) * 0.40m / 1e9m, Fleet.UsdPerHour!.Value);
        Assert.Equal(8 / 60.0, Fleet.PointsPerSecond, 6);
    }

    [Fact]
    public void Every_breakdown_sums_to_the_whole_exactly()
    {
        Minutes(10);
        foreach (var scope in new SignalScope[] { SignalScope.Fleet, new("prod"), new("staging"), new("prod", "h1") })
        {
            var cost = _world.Board.Cost(scope).Current!;
            foreach (var slices in new[] { cost.ByTenant, cost.ByHost, cost.ByMetric, cost.ByProcessClass })
            {
                Assert.Equal(cost.UsdPerHour, slices.Sum(s => s.UsdPerHour));
                Assert.Equal(1, slices.Sum(s => s.Share), 9);
            }
        }
        Assert.Equal(["prod", "staging"], Fleet.ByTenant.Select(s => s.Key));
        Assert.Equal(["prod", "staging"], Fleet.ByHost.Select(s => s.Tenant).Distinct().Order());
        Assert.Equal(["application", "database", "web_server"], Fleet.ByProcessClass.Select(s => s.Key).Order());
        Assert.Contains("process.cpu.time", Fleet.ByMetric.Select(s => s.Key));
    }

    [Fact]
    public void Today_is_the_bytes_since_midnight_and_goes_on_at_the_present_rate()
    {
        Minutes(10);
        var today = _world.Engine.Read(e => e.Ledger.Days.Sum(d => d.Bytes)) * 0.40m / 1e9m;
        Assert.Equal(today, Fleet.UsdToday);
        Assert.Equal(today, Fleet.UsdMonth);
        var hoursLeft = (decimal)(SignalWorld.Start.AddHours(12) - Fleet.At).TotalHours;
        Assert.Equal((double)(today + (Fleet.UsdPerHour!.Value * hoursLeft)), (double)Fleet.UsdTodayProjected!.Value, 9);
    }

    [Fact]
    public void Counted_bytes_survive_a_restart_and_are_not_counted_twice()
    {
        Minutes(5);
        var before = Fleet.UsdToday;
        _world.Restart();
        _world.Run(2);
        Assert.Equal(before, Fleet.UsdToday);
        Minutes(5);
        Assert.Equal((double)(before * 2), (double)Fleet.UsdToday, 12);
    }

    [Fact]
    public void After_a_restart_the_cost_is_unknown_until_most_hosts_have_been_heard_for_a_window()
    {
        Minutes(5);
        _world.Time.Advance(TimeSpan.FromMinutes(10));
        _world.Restart();
        _world.Run(30);
        Assert.Null(Fleet.UsdPerHour);
        Minutes(3);
        Assert.True(Fleet.UsdPerHour > 0);
    }

    [Fact]
    public void A_new_day_begins_at_nothing_and_the_month_goes_on()
    {
        Minutes(3);
        var first = Fleet.UsdToday;
        _world.Time.Advance(TimeSpan.FromHours(12));
        Minutes(1);
        Assert.True(Fleet.UsdToday < first);
        Assert.Equal(first + Fleet.UsdToday, Fleet.UsdMonth);
    }

    [Fact]
    public void A_silent_fleet_costs_nothing_an_hour()
    {
        Minutes(5);
        _world.Run(700);
        Assert.Equal(0m, Fleet.UsdPerHour);
    }

    [Fact]
    public void The_consoles_own_history_costs_nobody_anything()
    {
        Minutes(3);
        Assert.DoesNotContain("nrdot-console", _world.Board.Tenants);
        Assert.DoesNotContain(_world.Engine.Read(e => e.Ledger.Days.ToList()), d => d.Tenant == "nrdot-console");
        Assert.Contains(_world.Store.Metrics, m => m.Name == "nrdot.cost.hourly");
    }

    [Fact]
    public void A_backlog_that_is_sent_at_once_counts_today_and_is_no_hourly_rate()
    {
        // Half an hour of history within ten seconds, then life.
        var history = _world.Run30MinutesAtOnce();
        _world.Run(130, second =>
        {
            if (second % 60 == 0) _bytes = _world.Scrape("prod", "h1", ("java", 5, 1e8));
        });
        Assert.InRange(Fleet.BytesPerSecond, _bytes * 0.9 / 60, _bytes / 60.0);
        Assert.InRange(Fleet.UsdToday, (history + (_bytes * 3)) * 0.9m * 0.4m / 1e9m, (history + (_bytes * 3)) * 0.4m / 1e9m);
    }
}
