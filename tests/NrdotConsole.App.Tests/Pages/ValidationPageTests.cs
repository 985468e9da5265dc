using AngleSharp.Dom;
using Bunit;
using Dapper;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NrdotConsole.App.Features.Profiles;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Features.Validation;
using NrdotConsole.App.Features.Validation.Pages;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Shell;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>Day-1 validation as it is seen: before the first figures, without hosts, with hosts that pass and fail, of one ring, failing.</summary>
public sealed class ValidationPageTests : SteerPageTest
{
    static readonly HostIdentity[] s_hosts = [new("prod", "i-1", "web-1", "linux"), new("prod", "i-2", "web-2", "linux"), new("lab", "i-3", "bench", "linux")];

    public ValidationPageTests()
    {
        var store = Owns(new SeriesStore(new(), Time));
        Services.AddSingleton(new DayOneValidator(Board, World.Rings, World.States, new ProfileSwitches(World.Store, World.States, Time),
            new FleetEstimator(World.States, store, Board, new CollectorEndpoints("http://console.example:4318"), Time), Time));
        OnCircuit();
    }

    HostRow Row(HostIdentity host, double queue) => new(host.Tenant, host.Key, host.Name, HostHealth.Healthy, "", "", "", host.Os, At, 100, 10, 0.01m, 1, 0,
        new(Acceptance: 1, DroppedPerSecond: 0, SendFailedPerSecond: 0, QueueShare: queue, MemoryRssBytes: null, CpuShare: 0.01, Uptime: null, Version: null, At: At) { AcceptedPerSecond = 90, RefusedPerSecond = 0 });

    async Task SeeAsync(double queueOfTheFirst = 0.1)
    {
        await World.Rings.SeeAsync(World.States.Current.Rings, s_hosts);
        Publish([.. s_hosts.Select((h, i) => Row(h, i == 0 ? queueOfTheFirst : 0.1))]);
    }

    void Publish(params HostRow[] rows) => Board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, At, rows.Length, rows.CountBy(r => r.Health).ToDictionary(), rows));

    IRenderedComponent<ValidationPage> Open(string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/validation" + query);
        return Settled<ValidationPage>();
    }

    static IElement Check(IRenderedComponent<ValidationPage> page, string title) => page.FindAll("table.checks tbody tr").Single(r => r.QuerySelector(".name")!.TextContent == title);

    static string Verdict(IElement row) => row.QuerySelector("[data-h=Verdict]")!.TextContent.Trim();

    [Fact]
    public async Task Before_the_first_figures_it_waits_and_shows_them_as_they_come()
    {
        var page = Render<ValidationPage>();
        Assert.NotEmpty(page.FindAll(Waiting));
        await SeeAsync();
        Time.Advance(TimeSpan.FromSeconds(5));
        page.WaitForAssertion(() => Assert.Equal("3", page.FindAll(".kpi .value")[1].TextContent[..1]));
    }

    [Fact]
    public void Without_hosts_it_says_when_checks_begin()
    {
        Publish();
        Says(Open(), "No host to check");
    }

    [Fact]
    public async Task What_is_measured_passes_or_fails_by_name_and_what_is_not_is_unknown()
    {
        await SeeAsync(queueOfTheFirst: 0.93);
        var page = Open();
        Assert.Equal("Fail", page.Find(".kpi .value").TextContent);
        Assert.Equal(("Fail", "Pass", "Unknown"), (Verdict(Check(page, "Export queue")), Verdict(Check(page, "Collector CPU")), Verdict(Check(page, "Reduction of process series"))));
        var finding = Check(page, "Export queue").QuerySelector("[data-h=Hosts] a")!;
        Assert.Equal(("web-1", "/fleet/prod/i-1"), (finding.TextContent, finding.GetAttribute("href")));
        var fails = page.FindAll("[aria-label='Validation by ring'] tbody tr").Where(r => Verdict(r) == "Fail").ToList();
        Assert.Equal($"Ring\u00a0{World.Rings.RingOf("prod", "i-1")}", Assert.Single(fails).QuerySelector("a")!.TextContent);
    }

    [Fact]
    public async Task A_ring_is_judged_by_its_own_hosts_and_one_without_any_leads_back_to_all()
    {
        await SeeAsync(queueOfTheFirst: 0.93);
        var (full, empty) = (World.Rings.RingOf("prod", "i-1"), World.States.Current.Rings.Rings.First(r => World.Rings.Members.Values.All(m => m.Ring != r.Id)).Id);
        var page = Open($"?ring={full}");
        Says(page, $"Checks of ring {full}");
        Assert.Equal("Fail", Verdict(Check(page, "Export queue")));
        page = Open($"?ring={empty}");
        Says(page, $"Ring {empty} has no host");
        Assert.Equal("/validation", page.Find(".empty a.btn").GetAttribute("href"));
    }

    [Fact]
    public async Task Of_one_host_it_shows_no_rings()
    {
        await SeeAsync();
        var page = Render<ValidationPage>(p => p.AddCascadingValue(ViewState.Default with { Tenant = "prod", Host = "i-1" }));
        Board.Fleet(new("prod", null)).Publish(new(new("prod", null), At, 1, new Dictionary<HostHealth, int> { [HostHealth.Healthy] = 1 }, [Row(s_hosts[0], 0.1)]));
        Time.Advance(TimeSpan.FromSeconds(5));
        page.WaitForAssertion(() => Says(page, "this host"));
        Assert.DoesNotContain("By ring", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checks_that_cannot_be_made_say_so_and_another_try_makes_them()
    {
        await SeeAsync();
        await using (var connection = await World.Database.OpenAsync()) await connection.ExecuteAsync("ALTER TABLE change_events RENAME TO lost");
        var page = Render<ValidationPage>();
        page.WaitForAssertion(() => Says(page, "The checks cannot be made"));
        await using (var connection = await World.Database.OpenAsync()) await connection.ExecuteAsync("ALTER TABLE lost RENAME TO change_events");
        await page.InvokeAsync(() => page.Find(".failed-panel button").Click());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("table.checks tbody tr")));
    }
}
