using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NrdotConsole.App.Features.Profiles;
using NrdotConsole.App.Features.Profiles.Pages;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rings;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>The Profiles page on a real repository and a store with real points.</summary>
public sealed class ProfilesPageTests : PageTest
{
    readonly ChangeWorld _world = new();
    readonly SeriesStore _store;

    public ProfilesPageTests()
    {
        _store = new(new(), Time);
        var endpoints = new CollectorEndpoints("http://console.example:4318");
        var estimator = new FleetEstimator(_world.States, _store, Board, endpoints, Time);
        Services.AddSingleton(estimator);
        Services.AddSingleton(new ProfileCatalogue(_world.States, _world.Rings, Board, estimator, endpoints));
        User.SetPolicies(Permissions.ConfigRead);
        OnCircuit();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        _store.Dispose();
        _world.Dispose();
    }

    IRenderedComponent<ProfilesPage> Page(string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/profiles" + query);
        var page = Render<ProfilesPage>();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("tbody tr")), TimeSpan.FromSeconds(30));
        return page;
    }

    string[] Names(IRenderedComponent<ProfilesPage> page) => [.. page.FindAll("td.lead a.name").Select(a => a.TextContent)];

    void Send(string executable, long bytes)
    {
        var writer = new OtlpWriter();
        writer.Resource([new("host.id", "h-1"), new("host.name", "db-1"), new("process.executable.name", executable), new("process.pid", executable)]);
        writer.Scope();
        writer.Metric("process.memory.usage", MetricKind.Sum, "By", "", Temporality.Cumulative);
        writer.Number(new(0, (ulong)At.ToUnixTimeMilliseconds() * 1_000_000, false), bytes);
        Assert.Equal(IngestStatus.Accepted, _store.Ingest(writer.Complete().Span, "prod").Status);
    }

    [Fact]
    public void Profiles_stand_in_the_order_of_their_cost_with_direction_in_words()
    {
        var page = Page();
        Assert.Equal(["emergency", "conservative", "balanced", "aggressive"], Names(page));
        Assert.Contains("collects least, costs least", page.Markup, StringComparison.Ordinal);
        Assert.Contains("collects most, costs most", page.Markup, StringComparison.Ordinal);
        Assert.Contains("What balanced keeps", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Passes every check", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_hosts_it_says_that_it_estimates_on_samples() => Assert.Contains("No host is measured yet", Page().Markup, StringComparison.Ordinal);

    [Fact]
    public void With_hosts_it_estimates_on_them()
    {
        Send("postgres", 30_000_000);
        Send("report-gen", 20_000_000);
        var page = Page();
        Assert.Contains("Estimated on 1 of 1 hosts", page.Markup, StringComparison.Ordinal);
        Assert.Contains("1 of 1", page.FindAll("tbody tr").Single(r => r.TextContent.StartsWith("database", StringComparison.Ordinal)).TextContent, StringComparison.Ordinal);
        Assert.Contains("0 of 1", page.FindAll("tbody tr").Single(r => r.TextContent.StartsWith("other", StringComparison.Ordinal)).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Dollars_and_the_way_to_edit_are_for_who_may_have_them()
    {
        Assert.Contains("not shown to you", Page().Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("edit=1", Page("?edit=1").Markup, StringComparison.Ordinal);
        User.SetClaims([new(Principals.AllowedTenantsJson, "*"), new(Principals.Permission, Permissions.CostRead), new(Principals.Permission, Permissions.ConfigWrite)]);
        var page = Page();
        Assert.DoesNotContain("not shown to you", page.Markup, StringComparison.Ordinal);
        Assert.Contains("edit=1", page.Find("section[aria-label='What balanced keeps'] a.btn").GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_profiles_are_compared_line_by_line()
    {
        var page = Page("?profile=conservative&with=balanced&ring=4");
        Assert.NotEmpty(page.FindAll(".diff .add"));
        Assert.NotEmpty(page.FindAll(".diff .del"));
    }

    [Fact]
    public async Task Hosts_are_counted_by_the_profile_that_they_should_have()
    {
        var plan = RingPlan.Default;
        await _world.Rings.SeeAsync(plan, [new("prod", "a", "a"), new("prod", "b", "b")]);
        Board.Fleet(Core.Overview.SignalScope.Fleet).Publish(new(Core.Overview.SignalScope.Fleet, At, 0, new Dictionary<Core.Fleet.HostHealth, int>(), []));
        var balanced = Page().FindAll("tbody tr").Single(r => r.TextContent.Contains("default", StringComparison.Ordinal) && r.QuerySelector("td.lead") is not null);
        Assert.StartsWith("2", balanced.QuerySelector("[data-h=Hosts]")!.TextContent, StringComparison.Ordinal);
    }
}
