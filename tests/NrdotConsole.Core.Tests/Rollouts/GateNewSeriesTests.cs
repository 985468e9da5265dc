using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.Core.Tests.Rollouts;

/// <summary>Identities that were first seen since a ring began.</summary>
public sealed class GateNewSeriesTests
{
    const int Series = 400;

    static IEnumerable<GateHost> Hosts(int count, bool treated, Func<int, double> share) => Enumerable.Range(0, count)
        .Select(i => new GateHost("prod", $"{(treated ? "t" : "c")}{i}", treated, Of(10_000), Of(10_000 + (long)(Series * share(i)))));

    static HostMeasures Of(long minted) => new(null, null, null, null, null, Series, minted, null);

    static GateVerdict Judge(Func<int, double> treated) => new GateJudge(GateRules.Default, 5, 20)
        .Judge(0, 1, DateTimeOffset.UnixEpoch, [.. Hosts(10, true, treated), .. Hosts(40, false, i => 0.02 * (i % 4))]).Results.Single(r => r.Measure == GateMeasure.NewSeries).Verdict;

    [Fact]
    public void One_host_that_starts_new_processes_all_day_does_not_keep_a_ring_open() => Assert.Equal(GateVerdict.Pass, Judge(i => i == 0 ? 12 : 0.02 * (i % 4)));

    [Fact]
    public void New_series_on_every_host_fail() => Assert.Equal(GateVerdict.Fail, Judge(i => 0.9 + (0.02 * (i % 4))));

    [Fact]
    public void New_series_on_half_of_the_hosts_do_not_pass() => Assert.NotEqual(GateVerdict.Pass, Judge(i => i % 2));
}
