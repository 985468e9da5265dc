using NrdotConsole.Core.Cost;

namespace NrdotConsole.Core.Tests.Cost;

public sealed class UsageWindowTests
{
    const long Start = 1_800_000_000_000;

    /// <summary>6,000 bytes and 60 points every <paramref name="everySeconds"/>, first at 0 s.</summary>
    static UsageWindow Scrapes(int count, int everySeconds)
    {
        var window = new UsageWindow();
        for (var i = 0; i < count; i++) window.Observe(Start + (i * everySeconds * 1000L), (i + 1) * 6000, (i + 1) * 60);
        return window;
    }

    [Fact]
    public void There_is_no_rate_before_a_window_is_complete()
    {
        Assert.Null(Scrapes(1, 60).Rate(Start + 59_999));
        Assert.Null(Scrapes(6, 10).Rate(Start + 50_000));
    }

    [Theory]
    [InlineData(2, 60, 60)]
    [InlineData(7, 10, 60)]
    [InlineData(20, 60, 1140)]
    [InlineData(200, 1, 199)]
    public void Bursts_of_any_cadence_make_a_steady_rate(int count, int everySeconds, int now) =>
        Assert.Equal(new UsageRate(6000L * 3600 / everySeconds, 60L * 3600 / everySeconds), Scrapes(count, everySeconds).Rate(Start + (now * 1000L)));

    [Fact]
    public void The_rate_holds_between_two_bursts() =>
        Assert.Equal(Scrapes(10, 60).Rate(Start + 540_000), Scrapes(10, 60).Rate(Start + 599_000));

    [Fact]
    public void Silence_brings_the_rate_down_to_zero()
    {
        var window = Scrapes(10, 60);
        Assert.True(window.Rate(Start + 760_000)!.Value.BytesPerHour < 360_000);
        Assert.Equal(default(UsageRate), window.Rate(Start + 900_000));
    }

    [Fact]
    public void A_counter_that_begins_anew_is_no_negative_rate()
    {
        var window = Scrapes(3, 60);
        window.Observe(Start + 180_000, 1000, 10);
        Assert.Null(window.Rate(Start + 180_000));
    }
}
