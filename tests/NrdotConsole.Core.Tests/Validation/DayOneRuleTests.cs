using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Validation;

namespace NrdotConsole.Core.Tests.Validation;

public sealed class DayOneRuleTests
{
    static readonly DateTimeOffset s_at = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly ProfileVolume[] s_volumes = [new("conservative", 1, 100), new("balanced", 2, 200), new("aggressive", 3, 300)];

    static readonly HostReading s_good = new("prod", "a", "a")
    {
        IsReporting = true, AcceptedPerSecond = 100, RefusedPerSecond = 0, CpuShare = 0.01, DroppedPerSecond = 0, QueueShare = 0.1, Reduction = new(25, 100, 10, 0),
        TargetReduction = 0.7, Critical = new(20, 20), ProfileSwitches = 1, Processes = 30, PointsPerMinute = 600,
    };

    static DayOneReport Judge(params HostReading[] hosts) => DayOneRule.Judge("fleet", null, s_at, hosts, s_volumes);
    static DayOneCheck Check(string key, params HostReading[] hosts) => Judge(hosts).Checks.Single(c => c.Key == key);

    [Fact]
    public void A_host_that_keeps_every_bound_passes()
    {
        var report = Judge(s_good);
        Assert.All(report.Checks, c => Assert.Equal((c.Key, CheckVerdict.Pass, null), (c.Key, c.Verdict, c.Warning)));
        Assert.Equal(CheckVerdict.Pass, report.Verdict);
        Assert.Equal(new(1, 1, 30, 600), report.Facts);
    }

    public static TheoryData<string, HostReading> Bad => new()
    {
        { "acceptance", s_good with { RefusedPerSecond = 6 } },
        { "collector_cpu", s_good with { CpuShare = 0.02 } },
        { "dropped", s_good with { DroppedPerSecond = 0.01 } },
        { "queue", s_good with { QueueShare = 0.8 } },
        { "reduction", s_good with { Reduction = new(31, 100, 10, 0) } },
        { "critical_coverage", s_good with { Critical = new(18, 20) } },
        { "profile_switches", s_good with { ProfileSwitches = 4 } },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void One_host_beyond_a_bound_fails_that_check_of_its_fleet_and_no_other(string key, HostReading bad)
    {
        // Reduction is pooled: alone it fails, among others it may not.
        var hosts = key == "reduction" ? new[] { bad } : [s_good, bad with { HostKey = "b", Name = "b" }];
        var report = Judge(hosts);
        Assert.Equal([key], report.Checks.Where(c => c.Verdict == CheckVerdict.Fail).Select(c => c.Key));
        Assert.Equal(CheckVerdict.Fail, report.Verdict);
        if (key != "reduction") Assert.Equal("b", Assert.Single(report.Checks.Single(c => c.Key == key).Findings).Name);
    }

    [Fact]
    public void A_silent_host_makes_its_fleet_unknown_and_is_named()
    {
        var report = Judge(s_good, new("prod", "b", "b") { ProfileSwitches = 0 });
        Assert.Equal(CheckVerdict.Unknown, report.Verdict);
        Assert.DoesNotContain(report.Checks, c => c.Verdict == CheckVerdict.Fail);
        Assert.All(report.Checks.Where(c => c.Key is not ("profile_switches" or "cost_order")), c =>
            Assert.Equal((CheckVerdict.Unknown, 1, "b"), (c.Verdict, c.Unknown, Assert.Single(c.Findings).Name)));
    }

    [Fact]
    public void Nothing_passes_where_there_is_no_host() => Assert.All(Judge().Checks, c => Assert.Equal(CheckVerdict.Unknown, c.Verdict));

    [Fact]
    public void What_fails_is_told_though_other_hosts_are_unknown() =>
        Assert.Equal(CheckVerdict.Fail, Check("queue", s_good with { QueueShare = 0.9 }, s_good with { QueueShare = null }).Verdict);

    [Fact]
    public void Ratios_are_pooled_and_each_host_counts_by_its_size()
    {
        var small = s_good with { AcceptedPerSecond = 1, RefusedPerSecond = 1, Critical = new(0, 1) };
        Assert.Equal(101.0 / 102, Check("acceptance", s_good, small).Value!.Value, 12);
        Assert.Equal(20.0 / 21, Check("critical_coverage", s_good, small).Value!.Value, 12);
        Assert.Equal(CheckVerdict.Fail, Check("critical_coverage", s_good, small).Verdict);
    }

    [Fact]
    public void Acceptance_above_its_bound_but_below_the_target_passes_with_a_warning()
    {
        var check = Check("acceptance", s_good with { AcceptedPerSecond = 97, RefusedPerSecond = 3 });
        Assert.Equal(CheckVerdict.Pass, check.Verdict);
        Assert.NotNull(check.Warning);
    }

    [Fact]
    public void Reduction_is_held_against_what_the_hosts_profiles_would_keep_together()
    {
        var aggressive = s_good with { Reduction = new(150, 300, 10, 0), TargetReduction = 0.5 };
        var check = Check("reduction", s_good, aggressive);
        Assert.Equal(0.55, check.Bound.AtLeast!.Value, 12);
        Assert.Equal(1 - (175.0 / 400), check.Value!.Value, 12);
        Assert.Equal(CheckVerdict.Pass, check.Verdict);
    }

    [Fact]
    public void A_reduction_far_beyond_its_target_passes_with_a_warning() =>
        Assert.NotNull(Check("reduction", s_good with { Reduction = new(5, 100, 10, 0) }).Warning);

    [Fact]
    public void A_host_whose_processes_never_come_has_no_reduction_to_pass() =>
        Assert.Equal(CheckVerdict.Unknown, Check("reduction", s_good with { Reduction = new(0, 0, 0, 40) }).Verdict);

    [Fact]
    public void A_dearer_profile_that_sends_less_fails_the_order_of_cost()
    {
        var report = DayOneRule.Judge("fleet", null, s_at, [s_good], [.. s_volumes, new("emergency", 0, 150)]);
        var check = report.Checks.Single(c => c.Key == "cost_order");
        Assert.Equal(CheckVerdict.Fail, check.Verdict);
        Assert.Contains("emergency costs more than conservative", check.Warning);
        Assert.Equal(CheckVerdict.Unknown, DayOneRule.Judge("fleet", null, s_at, [s_good], []).Checks.Single(c => c.Key == "cost_order").Verdict);
    }
}
