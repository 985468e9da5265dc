using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;

namespace NrdotConsole.Core.Tests.Coverage;

public sealed class CoverageRuleTests
{
    const long Minute = 60_000;
    const long Now = 1_800_000_000_000;

    /// <summary>Process metrics each minute, the inventory every ten, its last scan three minutes ago.</summary>
    static HostSighting Host(long inventoryAgo = 3 * Minute) => new(Now, Minute, Now - inventoryAgo, 10 * Minute, HasDeclared: false);

    static HostSighting HostWithoutInventory() => new(Now, Minute, 0, 10 * Minute, HasDeclared: false);

    static ProcessSighting Seen(long firstAgo = 0, long lastAgo = 0, long inventoryAgo = 0, bool declared = false, bool superseded = false) =>
        new(firstAgo == 0 ? 0 : Now - firstAgo, lastAgo == 0 ? 0 : Now - lastAgo, inventoryAgo == 0 ? 0 : Now - inventoryAgo, declared, superseded);

    [Theory]
    [InlineData(3 * Minute, ProcessPresence.Fresh)]
    [InlineData((3 * Minute) + 1, ProcessPresence.Missing)]
    public void A_process_is_fresh_for_three_intervals(long lastAgo, ProcessPresence expected) =>
        Assert.Equal(expected, CoverageRule.Judge(Seen(60 * Minute, lastAgo, 3 * Minute), Host(), Now));

    [Theory]
    [InlineData(10_000, 60_000, ProcessPresence.Fresh)]
    [InlineData(10_000, 60_001, ProcessPresence.Missing)]
    public void A_fast_sender_still_has_a_minute(long interval, long lastAgo, ProcessPresence expected) =>
        Assert.Equal(expected, CoverageRule.Judge(Seen(60 * Minute, lastAgo, Minute), Host() with { MetricIntervalMs = interval }, Now));

    [Fact]
    public void A_process_that_only_the_inventory_names_is_missing() =>
        Assert.Equal(ProcessPresence.Missing, CoverageRule.Judge(Seen(inventoryAgo: 3 * Minute), Host(), Now));

    [Fact]
    public void A_process_that_the_newest_scan_came_without_is_gone_not_missing() =>
        Assert.Equal(ProcessPresence.Gone, CoverageRule.Judge(Seen(60 * Minute, lastAgo: 9 * Minute, inventoryAgo: 13 * Minute), Host(), Now));

    [Fact]
    public void Parts_of_one_scan_may_arrive_apart() =>
        Assert.Equal(ProcessPresence.Missing, CoverageRule.Judge(Seen(inventoryAgo: 4 * Minute), Host(inventoryAgo: 3 * Minute), Now));

    [Fact]
    public void A_passing_command_is_gone_when_it_ends() =>
        Assert.Equal(ProcessPresence.Gone, CoverageRule.Judge(Seen(firstAgo: 9 * Minute, lastAgo: 5 * Minute), HostWithoutInventory(), Now));

    [Fact]
    public void Without_an_inventory_an_established_process_that_stops_is_missing_for_a_day()
    {
        Assert.Equal(ProcessPresence.Missing, CoverageRule.Judge(Seen(firstAgo: 10 * Minute, lastAgo: 5 * Minute), HostWithoutInventory(), Now));
        Assert.Equal(ProcessPresence.Gone, CoverageRule.Judge(Seen(firstAgo: 2000 * Minute, lastAgo: 1441 * Minute), HostWithoutInventory(), Now));
    }

    [Fact]
    public void An_executable_that_reports_under_another_owner_since_is_not_missed() =>
        Assert.Equal(ProcessPresence.Gone, CoverageRule.Judge(Seen(60 * Minute, 5 * Minute, superseded: true), HostWithoutInventory(), Now));

    [Fact]
    public void A_declared_process_is_missing_even_if_it_was_never_seen() =>
        Assert.Equal(ProcessPresence.Missing, CoverageRule.Judge(Seen(declared: true), HostWithoutInventory() with { HasDeclared = true }, Now));

    [Theory]
    [InlineData(30 * Minute, true)]
    [InlineData((30 * Minute) + 1, false)]
    public void A_stale_inventory_makes_the_denominator_unknown(long inventoryAgo, bool known) =>
        Assert.Equal(known, CoverageRule.IsDenominatorKnown(Host(inventoryAgo), Now));

    [Theory]
    [InlineData(3 * Minute, false)]
    [InlineData((3 * Minute) + 1, true)]
    public void What_the_store_refused_of_a_host_within_three_intervals_makes_the_denominator_unknown(long refusedAgo, bool known) =>
        Assert.Equal(known, CoverageRule.IsDenominatorKnown(Host(Minute) with { SeriesRefusedUnixMs = Now - refusedAgo }, Now));

    [Fact]
    public void A_host_that_never_sent_a_process_is_unknown() =>
        Assert.False(CoverageRule.IsDenominatorKnown(new(0, Minute, 0, 10 * Minute, HasDeclared: false), Now));

    [Fact]
    public void The_score_weighs_processes_by_importance()
    {
        var tally = new CoverageTally();
        tally.CountHost(denominatorKnown: true);
        tally.CountProcess(ProcessClassification.Default.Of("postgres"), fresh: true);
        tally.CountProcess(ProcessClassification.Default.Of("java"), fresh: false);
        tally.CountProcess(ProcessClassification.Default.Of("sleep"), fresh: false);

        // 0.9 of 0.9 + 0.6 + 0.0
        Assert.Equal(0.6, tally.Score!.Value, 12);
        Assert.Equal(1.0, tally.Of(Tier.Critical).Ratio);
        Assert.Equal(0.0, tally.Of(Tier.Important).Ratio);
        Assert.Null(tally.Of(Tier.Standard).Ratio);
        Assert.Equal(new CoverageRatio(1, 3), tally.All);
    }

    [Fact]
    public void Nothing_known_is_an_unknown_score() => Assert.Null(new CoverageTally().Score);

    [Fact]
    public void Ratios_are_pooled_over_hosts_not_averaged()
    {
        var small = new CoverageTally();
        small.CountProcess(ProcessClassification.Default.Of("sshd"), fresh: false);
        var large = new CoverageTally();
        for (var i = 0; i < 9; i++) large.CountProcess(ProcessClassification.Default.Of("sshd"), fresh: true);

        var both = small;
        both.Add(large);
        Assert.Equal(0.9, both.Of(Tier.Critical).Ratio);
        both.Subtract(large);
        Assert.Equal(small, both);
    }
}
