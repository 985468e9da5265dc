using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.Core.Tests.Rollouts;

/// <summary>Ill hosts in small rings: theirs alone, or everybody's trouble.</summary>
public sealed class GateHealthTests
{
    static readonly HostMeasures s_any = new(null, null, null, null, null, 100, null, null);

    static IEnumerable<GateHost> Hosts(int count, int ill, bool treated) =>
        Enumerable.Range(0, count).Select(i => new GateHost("prod", $"{(treated ? "t" : "c")}{i}", treated, s_any, s_any, i < ill));

    static GateVerdict Judge(int ill, int treated, int illControl, int control) =>
        new GateJudge(GateRules.Default, 5, 20).Judge(0, 1, DateTimeOffset.UnixEpoch, [.. Hosts(treated, ill, true), .. Hosts(control, illControl, false)])
            .Results.Single(r => r.Measure == GateMeasure.AgentHealth).Verdict;

    [Fact]
    public void Two_of_three_fall_ill_and_nobody_else_fails() => Assert.Equal(GateVerdict.Fail, Judge(2, 3, 0, 36));

    // Seen when a busy machine kept a fleet from sending: 7 of 39 were silent, and the first ring had two of them. Chance deals that once in 13.
    [Fact]
    public void Two_of_three_where_the_control_falls_ill_as_well_is_not_decided_and_does_not_pass() => Assert.Equal(GateVerdict.Inconclusive, Judge(2, 3, 5, 36));

    [Fact]
    public void All_of_three_are_more_than_the_control_s_trouble_explains() => Assert.Equal(GateVerdict.Fail, Judge(3, 3, 5, 36));

    [Fact]
    public void A_lone_host_that_falls_ill_fails_without_a_control() => Assert.Equal(GateVerdict.Fail, Judge(1, 1, 0, 0));
}
