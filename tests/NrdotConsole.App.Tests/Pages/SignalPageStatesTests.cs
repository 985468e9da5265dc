using Bunit;
using Dapper;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Features.Anomalies.Pages;
using NrdotConsole.App.Features.Cardinality.Pages;
using NrdotConsole.App.Features.Cost.Pages;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Shell;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>Cost, Cardinality and Anomalies: waiting, data, empty, unknown, failing.</summary>
public sealed class SignalPageStatesTests : PageTest
{
    readonly TempDirectory _directory = new();
    readonly ConsoleDatabase _database;

    public SignalPageStatesTests()
    {
        _database = _directory.OpenDatabase(Time);
        Services.AddFeedback(_database);
        OnCircuit();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        _database.Dispose();
        _directory.Dispose();
    }

    static CostSummary Cost(decimal? usd = 1.5m, params CostSlice[] hosts) => new(
        SignalScope.Fleet, At, TimeSpan.FromMinutes(5), usd, 2000, 50, 40, 0.4m, 100, 3, usd * 24, 30, usd * 720, [], hosts,
        usd is null ? [] : [new("process.cpu.time", "process.cpu.time", 1.5m, 2000, 50) { Share = 1 }],
        usd is null ? [] : [new("database", "database", 1.5m, 2000, 50) { Share = 1 }]);

    static CostSlice Host(string tenant, string key) => new(key, key, 0.75m, 1000, 25) { Share = 0.5, Tenant = tenant };

    static CardinalitySummary Cardinality(double? growth = 0.02, bool any = true) => new(
        SignalScope.Fleet, At, any ? 5000 : 0, any ? 6000 : 0, 0, 15_000_000, growth, 3,
        any ? [new("process.cpu.time", 900, 95_000, 0.008, 100_000)] : [],
        any ? [new("process.pid", 400, 0, 4000, [new("1", 12), new("", 3)])] : [],
        any ? [new("prod", "h-1", "db-1", 200)] : []);

    static AnomalyVerdict Verdict(long id, AnomalyLevel level = AnomalyLevel.High) => new(
        id, "prod", "h-1", "db-1", "postgres", "postgres", level, 0.8, At.AddMinutes(-5), null, "cpu 8 times its usual", [new("EWMA", "cpu", 6, 3, true, false)], new Dictionary<string, double> { ["cpu"] = 0.8 });

    static AnomalySummary Anomalies(params AnomalyVerdict[] open) => new(SignalScope.Fleet, At, open.Length, 2, 40, open.CountBy(v => v.Level).ToDictionary(), open, []);

    [Fact]
    public void Before_the_first_figures_each_page_shows_that_it_waits()
    {
        Assert.NotEmpty(Render<CostPage>().FindAll(Waiting));
        Assert.NotEmpty(Render<CardinalityPage>().FindAll(Waiting));
        Assert.NotEmpty(Render<AnomaliesPage>().FindAll(Waiting));
    }

    [Fact]
    public void Hosts_of_one_key_in_two_tenants_each_lead_to_their_own_page()
    {
        Board.Cost(SignalScope.Fleet).Publish(Cost(1.5m, Host("prod", "h-1"), Host("staging", "h-1")));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/cost?by=host");
        var links = Render<CostPage>().FindAll("td.lead a.name").Select(a => a.GetAttribute("href"));
        Assert.Equal(["/fleet/prod/h-1", "/fleet/staging/h-1"], links);
    }

    [Fact]
    public void Cost_that_is_not_known_yet_is_neither_zero_nor_a_projection()
    {
        Board.Cost(SignalScope.Fleet).Publish(Cost(null));
        var page = Render<CostPage>();
        Assert.Equal(Format.Unknown, page.Find(".kpi .value").TextContent.Trim());
        Assert.DoesNotContain("ends near", page.Markup);
        Assert.Equal(2, page.FindAll(".empty").Count);
    }

    [Fact]
    public void A_part_of_cost_or_cardinality_that_fails_leaves_the_rest_standing()
    {
        Board.Cost(SignalScope.Fleet).Publish(Cost() with { ByProcessClass = [null!] });
        var cost = Render<CostPage>();
        Assert.Single(cost.FindAll(".failed-panel"));
        Assert.Contains("process.cpu.time", cost.Markup);
        Board.Cardinality(SignalScope.Fleet).Publish(Cardinality() with { TopAttributes = [null!] });
        var cardinality = Render<CardinalityPage>();
        Assert.Single(cardinality.FindAll(".failed-panel"));
        Assert.Contains("db-1", cardinality.Markup);
    }

    [Fact]
    public void Cardinality_shows_what_makes_series_and_warns_near_a_limit()
    {
        Board.Cardinality(SignalScope.Fleet).Publish(Cardinality());
        var page = Render<CardinalityPage>();
        Assert.Equal("/explore?metric=process.cpu.time", page.Find("td.lead a.name").GetAttribute("href"));
        Assert.Equal("95 %", page.Find(".tag").TextContent);
        Assert.Contains("(empty) (3)", page.Markup);
        Assert.Contains("/fleet/prod/h-1", page.Markup);
    }

    [Fact]
    public void Cardinality_without_series_says_so_and_its_growth_is_unknown()
    {
        Board.Cardinality(SignalScope.Fleet).Publish(Cardinality(null, any: false));
        var page = Render<CardinalityPage>();
        Assert.Equal(3, page.FindAll(".empty").Count);
        Assert.Contains("Needs an hour of history", page.Markup);
    }

    [Fact]
    public async Task Anomalies_shows_what_is_open_and_what_was()
    {
        await Services.GetRequiredService<VerdictStore>().AddAsync([Verdict(1), Verdict(2, AnomalyLevel.Low)]);
        Board.Anomalies(SignalScope.Fleet).Publish(Anomalies(Verdict(1)));
        var page = Render<AnomaliesPage>();
        page.WaitForAssertion(() => Assert.Contains("1–2 of 2", page.Find(".table-foot").TextContent));
        Assert.Contains("cpu 8 times its usual", page.Find("section[aria-label='Open now']").TextContent);
    }

    [Fact]
    public void Quiet_times_are_told_as_such()
    {
        Board.Anomalies(SignalScope.Fleet).Publish(Anomalies());
        var page = Render<AnomaliesPage>();
        page.WaitForAssertion(() => Assert.Contains("No verdicts in this range", page.Markup));
        Assert.Equal(2, page.FindAll(".empty").Count);
    }

    [Fact]
    public async Task A_history_that_cannot_be_read_says_so_beside_what_is_open_and_is_tried_again()
    {
        await Services.GetRequiredService<VerdictStore>().AddAsync([Verdict(1)]);
        await RenameAsync("verdicts", "away");
        Board.Anomalies(SignalScope.Fleet).Publish(Anomalies(Verdict(1)));
        var page = Render<AnomaliesPage>();
        page.WaitForAssertion(() => Assert.Contains("The history cannot be read", page.Find(".failed-panel").TextContent));
        Assert.Contains("cpu 8 times its usual", page.Find("section[aria-label='Open now']").TextContent);
        await RenameAsync("away", "verdicts");
        await page.Find(".failed-panel button").ClickAsync(new());
        page.WaitForAssertion(() => Assert.Contains("1–1 of 1", page.Find(".table-foot").TextContent));
    }

    async Task RenameAsync(string from, string to)
    {
        await using var connection = await _database.OpenAsync();
        await connection.ExecuteAsync($"ALTER TABLE {from} RENAME TO {to}");
    }
}
