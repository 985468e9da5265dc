using NrdotConsole.Core.Rollouts;
using NrdotConsole.Core.Validation;

namespace NrdotConsole.Core.Tests.Rollouts;

/// <summary>Day-1 checks as one measure of a gate.</summary>
public sealed class GateDayOneTests
{
    static readonly HostDayOne s_good = new([], []), s_busy = new(["collector_cpu"], []), s_silent = new([], ["acceptance", "collector_cpu", "dropped", "queue", "critical_coverage"]);

    static IEnumerable<GateHost> Hosts(int count, bool treated, HostDayOne? before, HostDayOne? after) =>
        Enumerable.Range(0, count).Select(i => new GateHost("prod", $"{(treated ? "t" : "c")}{i}-{after}", treated, Of(before), after is null ? null : Of(after)));

    static HostMeasures Of(HostDayOne? state) => new(null, null, null, null, null, 100, null, null) { DayOne = state };

    static GateResult Judge(params IEnumerable<GateHost>[] hosts) =>
        new GateJudge(GateRules.Default, 5, 20).Judge(0, 1, DateTimeOffset.UnixEpoch, [.. hosts.SelectMany(h => h)]).Results.Single(r => r.Measure == GateMeasure.DayOne);

    [Fact]
    public void Hosts_that_lose_a_check_beyond_chance_fail_the_gate_and_the_check_is_named()
    {
        var result = Judge(Hosts(14, true, s_good, s_busy), Hosts(6, true, s_good, s_good), Hosts(40, false, s_good, s_good));
        Assert.Equal(GateVerdict.Fail, result.Verdict);
        Assert.Contains("collector_cpu: 14", result.Reason);
    }

    [Fact]
    public void What_failed_before_is_held_against_nobody() => Assert.Equal(GateVerdict.Pass, Judge(Hosts(20, true, s_busy, s_busy), Hosts(40, false, s_good, s_good)).Verdict);

    [Fact]
    public void What_happens_to_the_control_as_well_is_no_harm() => Assert.Equal(GateVerdict.Pass, Judge(Hosts(20, true, s_good, s_busy), Hosts(40, false, s_good, s_busy)).Verdict);

    [Fact]
    public void What_hosts_told_before_and_no_longer_tell_keeps_the_gate_open()
    {
        var result = Judge(Hosts(20, true, s_good, s_silent), Hosts(40, false, s_good, s_good));
        Assert.True(result is { Verdict: GateVerdict.Inconclusive, IsBlocking: true });
        Assert.Equal(GateVerdict.Inconclusive, Judge(Hosts(20, true, s_good, null), Hosts(40, false, s_good, s_good)).Verdict);
    }

    [Fact]
    public void What_was_never_told_is_not_asked()
    {
        Assert.True(Judge(Hosts(20, true, s_silent, s_silent), Hosts(40, false, s_good, s_good)) is { Verdict: GateVerdict.Inconclusive, IsBlocking: false });
        Assert.False(Judge(Hosts(20, true, null, null)).IsBlocking);
    }

    [Fact]
    public void Few_hosts_are_held_to_the_hard_limit()
    {
        Assert.Equal(GateVerdict.Fail, Judge(Hosts(2, true, s_good, s_busy), Hosts(1, false, s_good, s_good)).Verdict);
        Assert.Equal(GateVerdict.Pass, Judge(Hosts(2, true, s_good, s_good)).Verdict);
    }

    [Fact]
    public void Without_an_effect_it_fails_no_more_often_than_its_level()
    {
        var (random, fails) = (new Random(11), 0);
        for (var trial = 0; trial < 2_000; trial++)
        {
            IEnumerable<GateHost> Arm(int count, bool treated) => [.. Enumerable.Range(0, count).SelectMany(_ => Hosts(1, treated, s_good, random.Next(10) == 0 ? s_busy : s_good))];
            if (Judge(Arm(25, true), Arm(60, false)).Verdict == GateVerdict.Fail) fails++;
        }
        // One look, one measure, one ring of a rollout whose gates spend 5 % over all of them: far less is this one's.
        Assert.True(fails <= 2, $"{fails} of 2000");
    }

    [Fact]
    public void A_hosts_own_checks_are_told_by_key()
    {
        var host = new HostReading("prod", "i-1", "web-1") { IsReporting = true, AcceptedPerSecond = 90, RefusedPerSecond = 10, CpuShare = 0.01, DroppedPerSecond = 0, QueueShare = 0.9 };
        var state = DayOneRule.OfHost(host);
        Assert.Equal(["acceptance", "queue"], state.Failing);
        Assert.Equal(["critical_coverage"], state.Unknown);
    }
}
