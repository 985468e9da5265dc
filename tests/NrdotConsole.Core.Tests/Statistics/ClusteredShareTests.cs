using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Tests.Statistics;

/// <summary>Shares that are counted in clusters, and how often their intervals hold, by seeded simulation.</summary>
public sealed class ClusteredShareTests
{
    [Fact]
    public void It_is_the_ratio_of_sums_so_a_host_of_one_verdict_does_not_weigh_like_one_of_fifty()
    {
        var share = ClusteredShare.From([new(0, 50), new(1, 1), new(0, 0)])!;
        Assert.Equal((2, 1L, 51L, 1 / 51.0), (share.Clusters, share.Hits, share.Of, share.Share));
    }

    [Fact]
    public void Nothing_counted_is_no_share_and_one_host_alone_tells_nothing_sure()
    {
        Assert.Null(ClusteredShare.From([new(0, 0)]));
        Assert.Equal(new ShareInterval(0, 1), ClusteredShare.From([new(3, 50)])!.Interval(new(0.025)));
    }

    [Theory]
    [InlineData(1, 36, 40)]
    [InlineData(10, 36, 48)]
    public void Verdicts_of_a_host_that_all_agree_are_worth_one_trial(int each, double least, double most)
    {
        Assert.InRange(ClusteredShare.From(Enumerable.Range(0, 40).Select(i => new ClusterCount(i < 8 ? each : 0, each)))!.EffectiveOf, least, most);
        Assert.InRange(ClusteredShare.From(Enumerable.Repeat(new ClusterCount(0, each), 40))!.EffectiveOf, least, most);
    }

    [Fact]
    public void Verdicts_that_vary_within_each_host_are_worth_a_trial_each()
    {
        var share = ClusteredShare.From(Enumerable.Repeat(new ClusterCount(3, 10), 200))!;
        Assert.InRange(share.EffectiveOf, 1500, 2000);
    }

    /// <summary>Each host: 1 to 12 verdicts; with probability <paramref name="alike"/> they are all of one kind, else each is drawn on its own.</summary>
    [Theory]
    [InlineData(20, 0.15, 0.0, 0.025)]
    [InlineData(20, 0.15, 0.5, 0.025)]
    [InlineData(60, 0.05, 0.5, 0.025)]
    [InlineData(12, 0.85, 0.3, 0.025)]
    [InlineData(40, 0.5, 1.0, 0.025)]
    [InlineData(8, 0.15, 0.3, 0.025)]
    [InlineData(100, 0.15, 0.3, 0.0025)]
    [InlineData(30, 0.15, 1.0, 0.0025)]
    public void The_interval_misses_no_oftener_than_its_level_says(int hosts, double truth, double alike, double tail)
    {
        const int simulations = 600;
        var (level, random, missed) = (new StudentT(tail), new Random(11), 0);
        for (var i = 0; i < simulations; i++)
        {
            var counts = Enumerable.Range(0, hosts).Select(_ => Host(random, truth, alike));
            var (low, high) = ClusteredShare.From(counts)!.Interval(level);
            if (truth < low || truth > high) missed++;
        }
        var expected = simulations * 2 * tail;
        Assert.InRange(missed, 0, expected + (3 * Math.Sqrt(expected)));
    }

    static ClusterCount Host(Random random, double truth, double alike)
    {
        var of = 1 + (int)(11 * Math.Pow(random.NextDouble(), 3) + 0.5);
        if (random.NextDouble() < alike) return new(random.NextDouble() < truth ? of : 0, of);
        return new(Enumerable.Range(0, of).Count(_ => random.NextDouble() < truth), of);
    }
}
