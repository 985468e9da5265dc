using NrdotConsole.Core.Cardinality;

namespace NrdotConsole.Core.Tests.Cardinality;

public sealed class CardinalityGrowthTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    readonly CardinalityGrowth _growth = new();

    [Fact]
    public void Growth_is_the_share_gained_or_lost_since_an_hour_ago()
    {
        for (var minute = 0; minute <= 60; minute++) _growth.Sample(Start.AddMinutes(minute), 1_000 + minute);
        Assert.Equal(0.1, _growth.PerHour(Start.AddMinutes(60), 1_100)!.Value, 1e-12);
        Assert.Equal(-0.5, _growth.PerHour(Start.AddMinutes(60), 500)!.Value, 1e-12);
    }

    [Fact]
    public void It_is_unknown_before_an_hour_has_passed_and_where_there_was_nothing()
    {
        _growth.Sample(Start, 0);
        Assert.Null(_growth.PerHour(Start.AddMinutes(30), 10));
        Assert.Null(_growth.PerHour(Start.AddMinutes(60), 10));
    }

    [Fact]
    public void A_neighbour_within_two_minutes_stands_in_and_an_older_hour_does_not()
    {
        _growth.Sample(Start, 100);
        Assert.Equal(1, _growth.PerHour(Start.AddMinutes(62), 200));
        Assert.Equal(1, _growth.PerHour(Start.AddMinutes(58), 200));
        Assert.Null(_growth.PerHour(Start.AddMinutes(63), 200));
        Assert.Null(_growth.PerHour(Start.AddMinutes(64 + 60), 200));
    }

    [Fact]
    public void The_last_sample_of_a_minute_stands_and_a_late_one_does_not_overwrite_a_newer_hour()
    {
        _growth.Sample(Start.AddSeconds(1), 100);
        _growth.Sample(Start.AddSeconds(59), 200);
        Assert.Equal(0, _growth.PerHour(Start.AddMinutes(60), 200));
        _growth.Sample(Start.AddMinutes(-64), 7);
        Assert.Equal(0, _growth.PerHour(Start.AddMinutes(60), 200));
    }
}
