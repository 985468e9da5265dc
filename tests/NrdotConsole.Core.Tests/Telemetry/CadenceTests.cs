using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Core.Tests.Telemetry;

public sealed class CadenceTests
{
    static long After(params long[] gaps)
    {
        var cadence = new Cadence();
        foreach (var gap in gaps) cadence.Observe(gap);
        return cadence.IntervalMs(60_000);
    }

    [Fact]
    public void Before_the_first_gap_the_expected_interval_stands() => Assert.Equal(60_000, After());

    [Fact]
    public void One_missed_scrape_does_not_stretch_the_interval() => Assert.Equal(10_000, After(10_000, 10_000, 20_000, 10_000));

    [Fact]
    public void A_new_interval_is_learnt_within_three_gaps() => Assert.Equal(15_000, After(60_000, 60_000, 60_000, 60_000, 60_000, 15_000, 15_000, 15_000));

    [Fact]
    public void Duplicates_and_outages_are_no_cadence() => Assert.Equal(30_000, After(30_000, 0, 5, 7_200_000, -60_000));
}
