using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.Core.Overview;
using static NrdotConsole.App.Tests.Anomalies.FeedbackWorld;

namespace NrdotConsole.App.Tests.Anomalies;

/// <summary>Anomalies that no verdict told.</summary>
public sealed class MissedStoreTests : IDisposable
{
    readonly FeedbackWorld _world = new();

    public void Dispose() => _world.Dispose();

    Task<MissedOutcome> ReportAsync(MissedFields fields, params string[] tenants) => _world.Missed.ReportAsync(Ann, tenants.Length > 0 ? tenants.ToHashSet() : null, fields);

    async Task<IReadOnlyList<MissedAnomaly>> AllAsync() => (await _world.Missed.PageAsync(SignalScope.Fleet, null, null, new(0, 10))).Items;

    [Fact]
    public async Task A_report_is_kept_listed_audited_and_can_be_taken_back()
    {
        var missed = (await ReportAsync(Report())).Missed!;
        Assert.Equal(("prod", "h1", "web-1", "java", "ann", At), (missed.Tenant, missed.HostKey, missed.HostName, missed.Executable, missed.By, missed.At));
        Assert.Equal([missed], await AllAsync());
        Assert.Null(await _world.Missed.RemoveAsync(Bob, null, missed.Id));
        Assert.Empty(await AllAsync());
        Assert.True((await _world.Missed.RemoveAsync(Bob, null, missed.Id))!.NotFound);
        var deeds = await _world.DeedsAsync();
        Assert.Equal([("bob", "anomaly.missed.remove"), ("ann", "anomaly.missed.report")], deeds.Select(d => (d.Actor, d.Action)));
        Assert.Equal((deeds[1].After, $"missed:{missed.Id}"), (deeds[0].Before, deeds[0].Target));
        Assert.Contains("\"executable\":\"java\"", deeds[1].After!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_is_never_given_twice()
    {
        var first = (await ReportAsync(Report())).Missed!.Id;
        await _world.Missed.RemoveAsync(Ann, null, first);
        Assert.True((await ReportAsync(Report())).Missed!.Id > first);
    }

    [Fact]
    public async Task What_a_verdict_told_was_not_missed()
    {
        await _world.Verdicts.AddAsync([Verdict(7, minutesAgo: 58, lasted: 3), Verdict(8, host: "h2", minutesAgo: 58, lasted: null)]);
        Assert.Contains("Verdict 7", (await ReportAsync(Report())).Refusal!.Detail, StringComparison.Ordinal);
        Assert.NotNull((await ReportAsync(Report("h2", minutesAgo: 20))).Refusal);
        Assert.NotNull((await ReportAsync(Report(minutesAgo: 80))).Missed);
        Assert.NotNull((await ReportAsync(Report(executable: "nginx"))).Missed);
    }

    [Fact]
    public async Task The_same_miss_counts_once()
    {
        await ReportAsync(Report());
        Assert.Equal("It is reported already.", (await ReportAsync(Report(minutesAgo: 55))).Refusal!.Title);
        Assert.NotNull((await ReportAsync(Report(minutesAgo: 50))).Missed);
    }

    [Fact]
    public async Task A_host_is_meant_by_key_or_name_and_two_of_one_name_need_the_tenant()
    {
        Assert.Equal("h2", (await ReportAsync(Report("WEB-2", null))).Missed!.HostKey);
        Assert.Equal(("tenant", "which tenant's host is meant: lab, prod"), ((await ReportAsync(Report("web-1", null))).Faults[0].Field, (await ReportAsync(Report("web-1", null))).Faults[0].Allowed));
        Assert.Equal("h9", (await ReportAsync(Report("web-1", "lab"))).Missed!.HostKey);
        Assert.Equal("host", Assert.Single((await ReportAsync(Report("web-3"))).Faults).Field);
        Assert.Equal("host", Assert.Single((await ReportAsync(Report("h9", "lab"), "prod")).Faults).Field);
    }

    [Theory]
    [InlineData("executable", "", -60, -50)]
    [InlineData("to", "java", -50, -60)]
    [InlineData("to", "java", -60, 30)]
    [InlineData("from", "java", -600_000, -590_000)]
    public async Task A_report_that_cannot_be_is_refused_by_field(string field, string executable, double from, double to)
    {
        var outcome = await ReportAsync(new("prod", "h1", executable, At.AddMinutes(from).ToString("O"), At.AddMinutes(to).ToString("O"), null));
        Assert.Equal(field, Assert.Single(outcome.Faults).Field);
        Assert.Empty(await AllAsync());
    }

    [Fact]
    public async Task Times_are_read_as_anywhere_in_the_API() =>
        Assert.Equal((At.AddHours(-2), At.AddHours(-1)), ((await ReportAsync(new("prod", "h1", "java", "now-2h", "now-1h", null))).Missed is { } m ? (m.From, m.To) : default));

    [Fact]
    public async Task Reports_are_found_by_scope_and_by_when_they_began()
    {
        await ReportAsync(Report());
        await ReportAsync(Report("h9", "lab", minutesAgo: 30));
        async Task<int> Count(SignalScope scope, double from, double to) => (await _world.Missed.PageAsync(scope, At.AddMinutes(from), At.AddMinutes(to), new(0, 10))).Total;
        Assert.Equal((2, 1, 1, 1, 0), (await Count(SignalScope.Fleet, -60, 0), await Count(new("lab"), -60, 0), await Count(new("prod", "h1"), -60, 0), await Count(SignalScope.Fleet, -59, 0), await Count(SignalScope.Fleet, -29, 0)));
    }
}
