using NrdotConsole.App.Platform.Rings;
using Bunit;
using Bunit.TestDoubles;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Coverage.Pages;
using NrdotConsole.App.Features.Fleet.Pages;
using NrdotConsole.App.Features.Overview.Pages;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Shell;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>Whole pages in their states: waiting, data, empty, unknown, failing.</summary>
public sealed class PageStatesTests : PageTest
{
    readonly TempDirectory _directory = new();
    readonly ConsoleDatabase _database;

    public PageStatesTests()
    {
        _database = _directory.OpenDatabase(Time);
        Services.AddSingleton(_rings = new(new RingStore(_database), Time));
        OnCircuit();
    }

    readonly RingAssignments _rings;

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        _database.Dispose();
        _directory.Dispose();
    }

    static OverviewSummary Overview(int hosts = 3, double? score = 0.97, decimal? usd = 1.5m, params FleetEvent[] events) =>
        new(SignalScope.Fleet, At, hosts, hosts, score, score, usd, usd * 720, 5000, 6000, 0, 900, null, events);

    static CoverageSummary Coverage(double? score = 0.97, params MissingProcess[] missing) => new(
        SignalScope.Fleet, At, score, [new(Tier.Critical, score is null ? default : new(97, 100))], score is null ? 0 : 3, score is null ? 3 : 0,
        [], missing, missing.Length);

    static HostRow Host(string name, HostHealth health, string reason = "") =>
        new("prod", name, name, health, reason, "0", "balanced", "linux", At, 200, 1200, 0.01m, null, 0, null);

    void Publish(params HostRow[] rows) =>
        Board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, At, rows.Length, rows.CountBy(r => r.Health).ToDictionary(), rows));

    string Kpi(IRenderedComponent<OverviewPage> page, string label) =>
        page.FindAll(".kpi").Single(k => k.QuerySelector(".label")?.TextContent == label).QuerySelector(".value")!.TextContent;

    [Fact]
    public void Before_the_first_figures_every_page_shows_that_it_waits()
    {
        Assert.NotEmpty(Render<OverviewPage>().FindAll(".skeleton"));
        Assert.NotEmpty(Render<CoveragePage>().FindAll("[role=status][aria-label^=Waiting]"));
        Assert.NotEmpty(Render<FleetPage>().FindAll("[role=status][aria-label^=Waiting]"));
    }

    [Fact]
    public void The_overview_shows_its_figures_and_events_with_the_way_to_their_host()
    {
        Board.Overview(SignalScope.Fleet).Publish(Overview(events: new FleetEvent(1, At, EventSeverity.Critical, "anomaly", "prod", "h-1", "java on web-1: cpu 19 %")));
        var page = Render<OverviewPage>();
        Assert.Equal(("3of 3", "97 %", "$1.50an hour"), (Kpi(page, "Hosts reporting"), Kpi(page, "Coverage"), Kpi(page, "Cost")));
        Assert.Equal("/fleet/prod/h-1", page.Find(".events a.where").GetAttribute("href"));
        Assert.Contains("Critical", page.Find(".events .tag").TextContent);
    }

    [Fact]
    public void The_overview_ranks_metrics_by_the_series_active_now_whatever_the_day_has_seen()
    {
        Board.Cardinality(SignalScope.Fleet).Publish(new(SignalScope.Fleet, At, 1_000, 9_300, 0, 15_000_000, null, 0,
            [new("churned", 50, 9_000, 0, 100_000), new("steady", 300, 300, 0, 100_000)], [], []));
        Assert.Equal(["steady", "churned"], Render<OverviewPage>().FindAll(".panel a[href*='metric=']").Select(a => a.TextContent.Trim()));
    }

    [Fact]
    public void What_is_unknown_is_not_shown_as_nothing()
    {
        Board.Overview(SignalScope.Fleet).Publish(Overview(score: null, usd: null));
        var page = Render<OverviewPage>();
        Assert.Equal((Format.Unknown, Format.Unknown), (Kpi(page, "Coverage"), Kpi(page, "Cost")));
        Assert.DoesNotContain("month ends near", page.Markup);
    }

    [Fact]
    public void Without_a_host_the_overview_says_how_to_connect_one()
    {
        Board.Overview(SignalScope.Fleet).Publish(Overview(hosts: 0, score: null, usd: null));
        Assert.Equal("/ingest", Render<OverviewPage>().Find(".empty a.btn").GetAttribute("href"));
    }

    [Fact]
    public void Who_may_not_read_cost_sees_none()
    {
        User.SetPolicies(Permissions.TelemetryRead);
        Board.Overview(SignalScope.Fleet).Publish(Overview());
        var page = Render<OverviewPage>();
        Assert.DoesNotContain("$", page.Markup);
        Assert.DoesNotContain("cost.hourly", page.Markup);
    }

    [Fact]
    public void A_panel_that_fails_says_so_and_the_others_go_on()
    {
        Board.Overview(SignalScope.Fleet).Publish(Overview());
        Board.Coverage(SignalScope.Fleet).Publish(Coverage() with { WorstHosts = null! });
        var page = Render<OverviewPage>();
        Assert.Single(page.FindAll(".failed-panel"));
        Assert.Equal("97 %", Kpi(page, "Coverage"));
        Assert.Contains("Active series", page.Markup);
    }

    [Fact]
    public void Coverage_lists_what_is_missing_and_since_when()
    {
        Board.Coverage(SignalScope.Fleet).Publish(Coverage(0.97, new MissingProcess("prod", "h-1", "db-1", "postgres", "postgres", "database", Tier.Critical, At.AddMinutes(-9))));
        var row = Render<CoveragePage>().Find("table tbody tr");
        Assert.Equal("postgres", row.QuerySelector(".name")!.TextContent);
        Assert.Equal("/fleet/prod/h-1", row.QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal(At.AddMinutes(-9).ToUnixTimeMilliseconds().ToString(), row.QuerySelector("nr-age")!.GetAttribute("at"));
    }

    [Fact]
    public void Coverage_without_an_inventory_is_unknown_and_says_why()
    {
        Board.Coverage(SignalScope.Fleet).Publish(Coverage(null));
        var page = Render<CoveragePage>();
        Assert.Equal(Format.Unknown, page.Find(".headline .big").TextContent);
        Assert.NotEmpty(page.Find(".headline .side-note").TextContent);
    }

    [Fact]
    public void The_fleet_is_filtered_by_the_address_and_counts_by_health()
    {
        Publish(Host("web-1", HostHealth.Healthy), Host("web-2", HostHealth.Degraded, "Queue 96 % full"), Host("db-1", HostHealth.Stale));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/fleet?find=web&health=Degraded");
        var page = Render<FleetPage>();
        Assert.Equal(["web-2"], page.FindAll("tr.host-row .name").Select(n => n.TextContent));
        Assert.Equal("Queue 96 % full", page.Find(".reason").TextContent);
        Assert.Equal("true", page.FindAll(".seg button").Single(b => b.TextContent.StartsWith("Degraded", StringComparison.Ordinal)).GetAttribute("aria-pressed"));
    }

    [Fact]
    public void An_empty_fleet_says_how_to_begin()
    {
        Publish();
        Assert.Equal("/ingest", Render<FleetPage>().Find(".empty a.btn").GetAttribute("href"));
    }

    [Fact]
    public async Task What_is_typed_into_the_filter_narrows_and_a_link_takes_over()
    {
        Publish(Host("web-1", HostHealth.Healthy), Host("db-1", HostHealth.Stale));
        var page = Render<FleetPage>();
        await page.InvokeAsync(() => page.Find("input[type=search]").Input("web"));
        Assert.Equal(["web-1"], page.FindAll("tr.host-row .name").Select(n => n.TextContent));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/fleet?find=db");
        Assert.Equal("db", page.Find("input[type=search]").GetAttribute("value"));
        Assert.Equal(["db-1"], page.FindAll("tr.host-row .name").Select(n => n.TextContent));
    }

    [Fact]
    public async Task A_host_stands_in_the_ring_that_it_is_assigned_and_what_it_says_itself_is_told()
    {
        await _rings.SeeAsync(Core.Rings.RingPlan.Default with { Pins = new Dictionary<string, int> { ["a"] = 3, ["b"] = 0 } }, [new("prod", "a", "a"), new("prod", "b", "b")]);
        Publish(Host("a", HostHealth.Healthy), Host("b", HostHealth.Healthy));
        var page = Render<FleetPage>();
        Assert.Equal(["3says 0", "0"], page.FindAll("tr.host-row").Select(r => r.QuerySelectorAll("td")[3].TextContent.Trim()));
        Assert.Equal(["All rings", "Ring 0", "Ring 3"], page.FindAll("select[aria-label=Ring] option").Select(o => o.TextContent));
    }
}
