using NrdotConsole.App.Features.Signals;

namespace NrdotConsole.App.Tests.Signals;

public sealed class TickPaceTests
{
    static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Without_points_a_tick_comes_each_second()
    {
        Assert.Equal([0, 1000, 2000, 3000], Ticks(0, 3000, _ => false));
    }

    [Fact]
    public void Points_after_a_quiet_second_are_not_kept_waiting()
    {
        Assert.Equal([0, 1000, 1300, 2300], Ticks(0, 2900, at => at == 1300));
    }

    [Fact]
    public void Points_that_come_all_the_time_tick_once_a_second_after_the_first_two()
    {
        Assert.Equal([0, 50, 1000, 2000, 3000], Ticks(0, 3900, _ => true));
    }

    [Fact]
    public void Points_about_once_a_second_are_told_of_when_they_come()
    {
        int[] arrivals = [100, 1050, 2100, 3000, 4050, 4950];
        Assert.Subset(Ticks(0, 5500, arrivals.Contains).ToHashSet(), arrivals.ToHashSet());
    }

    [Fact]
    public void A_clock_set_back_does_not_stop_the_ticks()
    {
        var pace = new TickPace();
        Assert.True(pace.IsDue(Noon, true));
        Assert.True(pace.IsDue(Noon.AddHours(-1), false));
        Assert.False(pace.IsDue(Noon.AddHours(-1).AddMilliseconds(50), false));
    }

    static List<int> Ticks(int from, int to, Func<int, bool> hasPoints)
    {
        var pace = new TickPace();
        return [.. Enumerable.Range(0, (to - from) / 50 + 1).Select(i => from + i * 50).Where(at => pace.IsDue(Noon.AddMilliseconds(at), hasPoints(at)))];
    }
}
