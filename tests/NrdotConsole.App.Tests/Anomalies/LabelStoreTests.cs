using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Overview;
using static NrdotConsole.App.Tests.Anomalies.FeedbackWorld;

namespace NrdotConsole.App.Tests.Anomalies;

/// <summary>What people say verdicts were.</summary>
public sealed class LabelStoreTests : IDisposable
{
    readonly FeedbackWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_label_says_what_by_whom_and_when_and_may_be_changed_and_taken_away()
    {
        await _world.Verdicts.AddAsync([Verdict(1)]);
        await _world.Labels.SetAsync(Ann, null, [1], AnomalyLabel.FalseAlarm, " the nightly backup ");
        Assert.Equal(new(AnomalyLabel.FalseAlarm, "the nightly backup", "ann", At), (await _world.Labels.OfAsync([1, 2]))[1]);
        await _world.Labels.SetAsync(Bob, null, [1], AnomalyLabel.Real, "no, a leak");
        Assert.Equal(("bob", AnomalyLabel.Real), ((await _world.Labels.OfAsync([1]))[1].By, (await _world.Labels.OfAsync([1]))[1].Label));
        await _world.Labels.SetAsync(Ann, null, [1], null, null);
        Assert.Empty(await _world.Labels.OfAsync([1]));
    }

    [Fact]
    public async Task Each_label_lands_in_the_audit_log_with_what_was_before()
    {
        await _world.Verdicts.AddAsync([Verdict(1)]);
        await _world.Labels.SetAsync(Ann, null, [1], AnomalyLabel.FalseAlarm, "the nightly backup");
        await _world.Labels.SetAsync(Bob, null, [1], AnomalyLabel.Real, "");
        await _world.Labels.SetAsync(Ann, null, [1], null, null);
        var deeds = (await _world.DeedsAsync()).Reverse().ToList();
        Assert.Equal([("ann", "anomaly.label"), ("bob", "anomaly.label"), ("ann", "anomaly.unlabel")], deeds.Select(d => (d.Actor, d.Action)));
        Assert.All(deeds, d => Assert.Equal("verdict:1", d.Target));
        Assert.Equal((null, "the nightly backup"), (deeds[0].Before, deeds[0].Reason));
        Assert.Equal("""{"label":"falseAlarm","note":"the nightly backup","by":"ann"}""", deeds[1].Before);
        Assert.Equal(("""{"label":"real","note":"","by":"bob"}""", null), (deeds[2].Before, deeds[2].After));
    }

    [Fact]
    public async Task The_same_label_again_is_no_deed_and_stays_whose_it_is()
    {
        await _world.Verdicts.AddAsync([Verdict(1)]);
        await _world.LabelAsync(AnomalyLabel.Real, 1);
        Assert.Equal(0, (await _world.Labels.SetAsync(Bob, null, [1], AnomalyLabel.Real, null)).Changed);
        Assert.Equal("ann", (await _world.Labels.OfAsync([1]))[1].By);
        Assert.Single(await _world.DeedsAsync());
    }

    [Fact]
    public async Task Many_are_labelled_at_once_and_unknown_ones_are_named()
    {
        await _world.Verdicts.AddAsync([Verdict(1), Verdict(2), Verdict(3)]);
        var outcome = await _world.LabelAsync(AnomalyLabel.FalseAlarm, 1, 3, 3, 99);
        Assert.Equal((2, 99L), (outcome.Changed, Assert.Single(outcome.Unknown)));
        Assert.Equal([1, 3], (await _world.Labels.OfAsync([1, 2, 3])).Keys.Order());
    }

    [Fact]
    public async Task A_verdict_of_a_tenant_that_one_may_not_see_is_unknown()
    {
        await _world.Verdicts.AddAsync([Verdict(1, "lab")]);
        Assert.Equal([1], (await _world.Labels.SetAsync(Ann, new HashSet<string> { "prod" }, [1], AnomalyLabel.Real, null)).Unknown);
        Assert.Empty(await _world.Labels.OfAsync([1]));
    }

    [Fact]
    public async Task A_note_that_is_too_long_is_refused_with_its_limit()
    {
        await _world.Verdicts.AddAsync([Verdict(1)]);
        var outcome = await _world.Labels.SetAsync(Ann, null, [1], AnomalyLabel.Real, new('x', LabelStore.MaxNoteLength + 1));
        Assert.Equal(("note", "at most 500 characters"), (outcome.Fault!.Field, outcome.Fault.Allowed));
        Assert.Empty(await _world.Labels.OfAsync([1]));
    }

    [Fact]
    public async Task A_label_still_counts_and_can_be_changed_when_its_verdict_has_gone_beyond_the_capacity()
    {
        await _world.Verdicts.AddAsync([Verdict(1), Verdict(2)]);
        await _world.LabelAsync(AnomalyLabel.FalseAlarm, 1);
        await _world.Verdicts.AddAsync([Verdict(VerdictStore.Capacity + 2)]);
        Assert.Empty(await _world.Verdicts.RevisionsAsync(1));
        Assert.Equal(new(0, 1, 0, 1), await _world.RatesAsync());
        await _world.LabelAsync(AnomalyLabel.Real, 1);
        Assert.Equal(new(1, 0, 0, 1), await _world.RatesAsync());
    }

    [Fact]
    public async Task Verdicts_are_listed_with_their_label_and_found_by_it()
    {
        await _world.Verdicts.AddAsync([Verdict(1), Verdict(2), Verdict(3), Verdict(1) with { Level = AnomalyLevel.Severe }]);
        await _world.LabelAsync(AnomalyLabel.Real, 1);
        await _world.LabelAsync(AnomalyLabel.FalseAlarm, 2);
        async Task<IEnumerable<long>> Ids(LabelFilter? label) => (await _world.Verdicts.PageAsync(new() { Label = label })).Items.Select(v => v.Id);
        Assert.Equal([1], await Ids(LabelFilter.Real));
        Assert.Equal([2], await Ids(LabelFilter.FalseAlarm));
        Assert.Equal([3], await Ids(LabelFilter.None));
        Assert.Equal([3, 2, 1], await Ids(null));
        Assert.Equal(AnomalyLabel.Real, (await _world.Verdicts.PageAsync(new())).Items[^1].Label!.Label);
    }

    [Fact]
    public async Task Rates_count_what_began_in_the_range_by_tenant_and_host_and_leave_the_unlabelled_out()
    {
        await _world.Verdicts.AddAsync([Verdict(1), Verdict(2, host: "h2"), Verdict(3, "lab", "h9"), Verdict(4), Verdict(5, minutesAgo: 90)]);
        await _world.LabelAsync(AnomalyLabel.Real, 1, 5);
        await _world.LabelAsync(AnomalyLabel.FalseAlarm, 2, 3);
        await _world.Missed.ReportAsync(Ann, null, Report(executable: "nginx", minutesAgo: 20));
        Assert.Equal(new(1, 2, 1, 1), await _world.RatesAsync());
        Assert.Equal(new(1, 1, 1, 1), await _world.RatesAsync("prod"));
        Assert.Equal(new(0, 1, 0, 0), await _world.RatesAsync("prod", "h2"));
        Assert.Equal(new(2, 2, 1, 1), await _world.RatesAsync(minutes: 120));
        Assert.Equal(default, await _world.RatesAsync("nobody"));
        Assert.Equal(["lab", "prod"], (await _world.Feedback.ByTenantAsync(SignalScope.Fleet, At.AddHours(-1), At)).Keys.Order());
    }

    [Fact]
    public async Task Open_pages_hear_of_a_label_and_of_nothing_that_changed_nothing()
    {
        var heard = 0;
        _world.News.Changed += () => heard++;
        await _world.Verdicts.AddAsync([Verdict(1)]);
        await _world.LabelAsync(AnomalyLabel.Real, 1);
        await _world.LabelAsync(AnomalyLabel.Real, 1, 7);
        Assert.Equal(1, heard);
    }
}
