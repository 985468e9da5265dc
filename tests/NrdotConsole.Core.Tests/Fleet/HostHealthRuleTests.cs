using NrdotConsole.Core.Fleet;

namespace NrdotConsole.Core.Tests.Fleet;

public sealed class HostHealthRuleTests
{
    const long Now = 1_800_000_000_000;
    static readonly HostFacts s_well = new(Now - 30_000, Now - 30_500, 60_000, null, null);

    static CollectorHealth Collector(double? acceptance = 1, double? dropped = 0, double? queue = 0.1) =>
        new(acceptance, dropped, 0, queue, null, null, TimeSpan.FromSeconds(5), "0.158.0", null);

    [Fact]
    public void A_host_with_fresh_data_is_healthy() => Assert.Equal(new HostVerdict(HostHealth.Healthy, ""), HostHealthRule.Judge(s_well, Now));

    [Fact]
    public void A_collector_that_has_just_reloaded_is_healthy() =>
        Assert.Equal(HostHealth.Healthy, HostHealthRule.Judge(s_well with { Collector = Collector() }, Now).Health);

    [Theory]
    [InlineData(180_000, HostHealth.Healthy)]
    [InlineData(180_001, HostHealth.Stale)]
    public void A_host_is_stale_after_three_of_its_intervals(long silentMs, HostHealth expected) =>
        Assert.Equal(expected, HostHealthRule.Judge(s_well with { LastReceivedUnixMs = Now - silentMs, LastPointUnixMs = Now - silentMs }, Now).Health);

    [Fact]
    public void Staleness_says_since_when() =>
        Assert.Equal("No data for 5 min; it reports every 60 s", HostHealthRule.Judge(s_well with { LastReceivedUnixMs = Now - 300_000 }, Now).Reason);

    [Fact]
    public void Every_fault_is_named()
    {
        var verdict = HostHealthRule.Judge(s_well with { Collector = Collector(0.5, 12, 0.95), CriticalCoverage = 0.5 }, Now);
        Assert.Equal(HostHealth.Degraded, verdict.Health);
        Assert.Equal(
            "Its collector accepts 50.0 % of points. Its collector loses 12 points a second. Its export queue is 95 % full. Coverage of critical processes is 50 %",
            verdict.Reason);
    }

    [Fact]
    public void Old_points_that_still_arrive_are_a_backlog_or_a_slow_clock() =>
        Assert.Equal("Its newest point is 60 min old on arrival: a backlog, or a slow clock", HostHealthRule.Judge(s_well with { LastPointUnixMs = Now - 3_630_000 }, Now).Reason);

    [Fact]
    public void A_host_that_was_never_heard_is_unknown() => Assert.Equal(HostHealth.Unknown, HostHealthRule.Judge(default, Now).Health);
}
