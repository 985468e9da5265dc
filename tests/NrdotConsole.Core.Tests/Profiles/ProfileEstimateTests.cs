using NrdotConsole.Core.Profiles;

namespace NrdotConsole.Core.Tests.Profiles;

public sealed class ProfileEstimateTests
{
    static readonly HostSample s_host = SampleHosts.All[0];

    [Fact]
    public void A_profile_that_costs_less_sends_less_of_every_sample_host()
    {
        foreach (var host in SampleHosts.All)
        {
            var points = ShippedProfiles.All.Profiles.OrderBy(p => p.CostRank).Select(p => ProfileEstimate.Of(RenderInputs.Of(p), host).PointsPerHour).ToArray();
            Assert.Equal(points.Order(), points);
            Assert.Equal(points.Length, points.Distinct().Count());
        }
    }

    [Fact]
    public void Points_and_dollars_follow_from_series_and_interval()
    {
        var host = new HostSample("one", [new("postgres", "postgres", Count: 3), new("kworker/0:1", Count: 5)], HostSeries: 85);
        var estimate = ProfileEstimate.Of(RenderInputs.Of(), host);
        Assert.Equal((8, 3, 3, 3), (estimate.Processes, estimate.Kept, estimate.Critical, estimate.CriticalKept));
        Assert.Equal((21, 56, 85), (estimate.ProcessSeries, estimate.ProcessSeriesTotal, estimate.HostSeries));
        Assert.Equal(0.625, estimate.Reduction);
        Assert.Equal(106 * 60, estimate.PointsPerHour);
        Assert.Equal(106 * 60 * 500m / 1e9m * 0.40m, estimate.UsdPerHour(500, 0.40m));
    }

    [Fact]
    public void What_is_beyond_top_k_or_the_most_series_is_told()
    {
        var profile = ShippedProfiles.All.Find("balanced")! with { MaxSeriesPerHost = 100 };
        var estimate = ProfileEstimate.Of(RenderInputs.Of(profile), s_host);
        Assert.True(estimate.IsBeyondMaxSeries);
        var database = Assert.Single(estimate.Classes, c => c.Class.Name == "database");
        Assert.Equal((50, 50, 50, false), (database.Processes, database.Kept, database.TopK, database.IsBeyondTopK));
    }

    [Fact]
    public void A_host_without_processes_has_no_reduction() => Assert.Null(ProfileEstimate.Of(RenderInputs.Of(), new("bare", [])).Reduction);
}
