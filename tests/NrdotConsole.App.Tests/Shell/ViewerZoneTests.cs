using NrdotConsole.App.Shell;

namespace NrdotConsole.App.Tests.Shell;

public sealed class ViewerZoneTests
{
    static readonly ViewerZone Berlin = ViewerZone.Parse("Europe/Berlin");

    [Theory]
    [InlineData("2026-11-23T23:05:09Z", "2026-11-24 00:05:09")]
    [InlineData("2026-07-01T12:00:00Z", "2026-07-01 14:00:00")]
    public void Moments_are_told_in_the_viewers_zone(string utc, string shown) => Assert.Equal(shown, Berlin.Show(DateTimeOffset.Parse(utc, null)));

    [Fact]
    public void A_fixed_range_is_told_in_the_zone_and_stays_UTC_in_the_address()
    {
        var range = TimeRange.Parse("2026-11-23T12:00:00Z..2026-11-23T12:30:00Z");
        Assert.Equal("23 Nov 13:00 – 13:30", Berlin.Show(range));
        Assert.Equal("2026-11-23T12:00:00Z..2026-11-23T12:30:00Z", range.Text);
        Assert.Equal("Last hour", Berlin.Show(TimeRange.Default));
    }

    [Fact]
    public void What_the_zones_clocks_say_becomes_a_moment_and_what_they_leap_over_none()
    {
        Assert.Equal(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero), Berlin.Moment(new(2026, 11, 23, 13, 0, 0)));
        Assert.Null(Berlin.Moment(new(2026, 3, 29, 2, 30, 0)));
        Assert.Equal(new(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), Berlin.Moment(new(2026, 10, 25, 2, 30, 0)));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-11-23", "2026-11-22T23:00:00Z")]
    [InlineData("America/Santiago", "2026-09-06", "2026-09-06T04:00:00Z")] // the clocks leap from 00:00 to 01:00
    [InlineData("Europe/Berlin", "2026-10-25", "2026-10-24T22:00:00Z")]
    [InlineData(null, "2026-11-23", "2026-11-23T00:00:00Z")]
    public void A_day_begins_where_the_viewers_clocks_begin_it(string? zone, string day, string utc) =>
        Assert.Equal(DateTimeOffset.Parse(utc, null), ViewerZone.Parse(zone).Start(DateOnly.Parse(day, null)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Mars/Olympus")]
    [InlineData("../../etc/passwd")]
    public void A_zone_that_is_unknown_here_is_UTC(string? name) => Assert.Equal(ViewerZone.Utc, ViewerZone.Parse(name));
}
