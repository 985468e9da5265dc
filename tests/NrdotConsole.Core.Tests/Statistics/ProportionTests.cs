using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Tests.Statistics;

/// <summary>Held against published values: Wilson's from Newcombe (1998, table I, method 3), the exact ones from the same, method 5.</summary>
public sealed class ProportionTests
{
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Wilsons_interval_is_the_published_one(long hits, long of, double low, double high)
    {
        var interval = Proportion.Wilson95(hits, of);
        Assert.Equal(low, interval.Low, 0.00006);
        Assert.Equal(high, interval.High, 0.00006);
    }

    [Theory]
    [InlineData(81, 263, 0.2527, 0.3676)]
    [InlineData(15, 148, 0.0578, 0.1617)]
    [InlineData(0, 20, 0.0000, 0.1684)]
    [InlineData(1, 29, 0.0009, 0.1776)]
    public void The_exact_interval_is_the_published_one(double hits, double of, double low, double high)
    {
        var interval = Proportion.Exact(hits, of, 0.025);
        Assert.Equal(low, interval.Low, 0.00006);
        Assert.Equal(high, interval.High, 0.00006);
    }

    [Fact]
    public void All_of_all_reaches_one_and_none_of_none_is_no_share()
    {
        Assert.Equal(1, Proportion.Wilson95(7, 7).High);
        Assert.Equal(1, Proportion.Exact(7, 7, 0.025).High);
        Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Wilson95(0, 0));
    }
}
