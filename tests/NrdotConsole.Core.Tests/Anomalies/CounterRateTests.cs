using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

public sealed class CounterRateTests
{
    static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);

    [Fact]
    public void A_counter_becomes_its_growth_a_second()
    {
        var rate = new CounterRate();
        Assert.True(double.IsNaN(rate.Observe(Start, 1_000)));
        Assert.Equal(5, rate.Observe(Start.AddSeconds(10), 1_050));
        Assert.Equal(0, rate.Observe(Start.AddSeconds(20), 1_050));
    }

    [Fact]
    public void A_reset_a_long_gap_and_a_repeated_time_give_no_rate()
    {
        var rate = new CounterRate();
        rate.Observe(Start, 1_000);
        Assert.True(double.IsNaN(rate.Observe(Start.AddSeconds(10), 4)));
        Assert.Equal(2, rate.Observe(Start.AddSeconds(20), 24));
        Assert.True(double.IsNaN(rate.Observe(Start.AddSeconds(20), 99)));
        Assert.True(double.IsNaN(rate.Observe(Start.AddSeconds(15), 99)));
        Assert.True(double.IsNaN(rate.Observe(Start.AddSeconds(20 + 301), 5_000)));
        Assert.Equal(1, rate.Observe(Start.AddSeconds(20 + 311), 5_010));
    }

    [Fact]
    public void A_steady_counter_is_never_an_anomaly_as_it_would_be_raw()
    {
        var (rate, fed, raw) = (new CounterRate(), new EwmaDetector(), new EwmaDetector());
        var rule = FeatureRule.All[(int)Feature.Io];
        var (rawFlags, flags) = (0, 0);
        for (var i = 1; i <= 30; i++)
        {
            var counter = 60_000.0 * i;
            if (raw.Observe(counter, rule).IsAnomaly) rawFlags++;
            if (fed.Observe(rate.Observe(Start.AddMinutes(i), counter), rule).IsAnomaly) flags++;
        }
        Assert.Equal(0, flags);
        Assert.True(rawFlags > 0);
    }
}
