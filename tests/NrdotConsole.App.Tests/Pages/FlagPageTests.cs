using Bunit;
using Dapper;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Flags;
using NrdotConsole.App.Features.Flags.Pages;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.Core.Desired;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>One flag's page on a real repository and database: who has it and why, who asked, its history, its form, and failing.</summary>
public sealed class FlagPageTests : SteerPageTest
{
    public FlagPageTests()
    {
        AddFlags();
        As(Permissions.ConfigRead, Permissions.ConfigWrite, Permissions.CostRead);
        OnCircuit();
    }

    string Key => World.States.Current.Flags.Flags.First(f => f.Enabled).Key;

    IRenderedComponent<FlagPage> Open(string? key = null, string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/flags/{key ?? Key}{query}");
        return Settled<FlagPage>(p => p.Add(x => x.Key, key ?? Key));
    }

    static string Kpi(IRenderedComponent<FlagPage> page, string label) =>
        page.FindAll(".kpi").Single(k => k.QuerySelector(".label")?.TextContent == label).TextContent;

    static string[] Buttons(IRenderedComponent<FlagPage> page) => [.. page.FindAll(".page-head .btn").Select(b => b.TextContent.Trim())];

    [Fact]
    public void Without_hosts_and_before_anybody_asked_it_says_so()
    {
        var page = Open();
        Says(page, "No host has it");
        Says(page, "Nobody has asked since the console started");
        Assert.Contains("nobody has asked", Kpi(page, "Evaluations"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_shows_who_has_it_who_asked_and_the_commit_that_brought_it()
    {
        await SeeAsync(200);
        var on = World.States.Current.Flags.Flags.First(f => f.Enabled && Services.GetRequiredService<FlagReached>().Of(f.Key).Count > 0).Key;
        Services.GetRequiredService<FlagUseLog>().Add(new(on, At, "host-001", "prod", "checkout", true, "SPLIT", "below its share"));
        var page = Open(on);
        Assert.Contains("of 200", Kpi(page, "Hosts that have it"), StringComparison.Ordinal);
        Assert.Contains(page.FindAll("td"), c => c.TextContent == "checkout");
        Says(page, "The files that the console ships");
        Assert.StartsWith("1", Kpi(page, "Evaluations")["Evaluations".Length..], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_is_told_why_it_has_it_or_not_and_a_name_of_nobody_finds_nobody()
    {
        await SeeAsync(20);
        var page = Open(query: "?find=host-007");
        var row = page.Find("[aria-label=Verdicts] tbody tr");
        Assert.StartsWith("host-007", row.TextContent.Trim(), StringComparison.Ordinal);
        Assert.NotEmpty(row.QuerySelectorAll("td")[2].TextContent);
        Says(Open(query: "?find=nobody"), "No host's name or key holds that");
    }

    [Fact]
    public async Task A_guardrail_that_took_it_back_is_told_with_its_change()
    {
        await SeeAsync(20);
        Services.GetRequiredService<LiveFlags>().Trips = new Dictionary<string, FlagTrip> { [Key] = new(Key, At, "coverage.score", 0.5, "at least 0.9", 7) };
        var page = Open();
        Says(page, "Its guardrail turned it off.");
        Assert.Equal("/changes/7", page.Find(".notice.bad a").GetAttribute("href"));
    }

    [Fact]
    public void A_flag_that_is_none_says_so()
    {
        var page = Open("no_such_flag");
        Says(page, "There is no such flag");
        Assert.Empty(Buttons(page));
    }

    [Fact]
    public async Task The_form_says_whom_it_would_reach_and_who_may_only_look_gets_none()
    {
        await SeeAsync(20);
        var page = Open(query: "?edit=1");
        Assert.NotEmpty(page.FindAll("form.wizard"));
        await page.InvokeAsync(() => page.FindAll(".seg button").Single(b => b.TextContent == "Every host").Click());
        var rings = World.States.Current.Flags.Find(Key)!.Rings;
        Says(page, $"{World.Rings.Members.Values.Count(m => rings.Contains(m.Ring))} of 20 hosts");
        Says(page, "Only hosts of the rings chosen.");
        As(Permissions.ConfigRead);
        page = Open(query: "?edit=1");
        Assert.Empty(page.FindAll("form.wizard"));
        Assert.Empty(Buttons(page));
    }

    [Fact]
    public async Task A_guardrail_without_a_bound_is_told_where_its_reach_would_stand()
    {
        var page = Open(query: "?edit=1");
        await page.InvokeAsync(() => page.FindAll("form.wizard button").Single(b => b.TextContent == "Add a guardrail").Click());
        Assert.Contains("guardrails", page.Find(".blast .lines").TextContent, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.FindAll(".flag-guard button").Single(b => b.TextContent == "Take away").Click());
        Assert.Contains("hosts", page.Find(".blast .lines").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flag_that_cannot_be_read_says_so_and_another_try_reads_it()
    {
        await using (var connection = await World.Database.OpenAsync()) await connection.ExecuteAsync("ALTER TABLE flag_use RENAME TO lost");
        var page = Render<FlagPage>(p => p.Add(x => x.Key, Key));
        page.WaitForAssertion(() => Says(page, "The flag cannot be read"));
        await using (var connection = await World.Database.OpenAsync()) await connection.ExecuteAsync("ALTER TABLE lost RENAME TO flag_use");
        await page.InvokeAsync(() => page.Find(".failed-panel button").Click());
        page.WaitForAssertion(() => Says(page, "Hosts that have it"));
    }
}
