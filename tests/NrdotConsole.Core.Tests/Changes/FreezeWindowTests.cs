using NrdotConsole.Core.Desired;

namespace NrdotConsole.Core.Tests.Changes;

public sealed class FreezeWindowTests
{
    static readonly FreezeWindow Night = new("night", null, null, [DayOfWeek.Friday], new(22, 0), new(6, 0)) { Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") };

    [Theory]
    [InlineData("2026-11-27T20:59:00Z", false)] // Friday 21:59 in Berlin
    [InlineData("2026-11-27T21:00:00Z", true)]
    [InlineData("2026-11-28T04:59:00Z", true)] // Saturday morning belongs to Friday's night
    [InlineData("2026-11-28T05:00:00Z", false)]
    [InlineData("2026-11-28T22:00:00Z", false)]
    [InlineData("2026-07-03T20:00:00Z", true)] // in summer an hour earlier
    public void A_window_is_read_by_the_clocks_of_its_zone(string at, bool frozen) => Assert.Equal(frozen, Night.IsInForce(DateTimeOffset.Parse(at)));

    [Fact]
    public void A_window_of_dates_holds_from_its_first_moment_to_before_its_last()
    {
        var (from, until) = (new DateTimeOffset(2026, 12, 20, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2027, 1, 2, 0, 0, 0, TimeSpan.Zero));
        var holidays = new FreezeWindow("holidays", from, until, [], default, default);
        Assert.Equal([false, true, true, false], new[] { from.AddTicks(-1), from, until.AddTicks(-1), until }.Select(holidays.IsInForce));
    }
}
