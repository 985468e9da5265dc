using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using NrdotConsole.App.Features.Rings;
using NrdotConsole.App.Features.Rings.Pages;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Profiles;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>The rings' page on real assignments and a real repository: empty, data, editing, failing.</summary>
public sealed class RingsPageTests : SteerPageTest
{
    public RingsPageTests()
    {
        Services.AddSingleton(new CollectorEndpoints("http://console:4318"));
        Services.AddSingleton<RingReading>();
        Services.AddSingleton<RingPreviews>();
        Services.AddSingleton<RingChanges>();
        As(Permissions.ConfigRead, Permissions.ConfigWrite, Permissions.CostRead);
        OnCircuit();
    }

    IRenderedComponent<RingsPage> Open(string query = "")
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/rings" + query);
        return Settled<RingsPage>();
    }

    static IElement Editor(IRenderedComponent<RingsPage> page, string label) => page.Find($"[aria-label='{label}']");

    [Fact]
    public void Without_hosts_the_plan_stands_and_says_how_hosts_come()
    {
        var page = Open();
        Assert.Contains("No host has a ring yet", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["4", "3", "2", "1", "0"], page.FindAll("table.cards tbody tr").Select(r => r.QuerySelector("a")!.TextContent.Split(' ')[1]));
    }

    [Fact]
    public async Task Hosts_their_measurements_and_the_ring_that_they_claim_stand_by_ring()
    {
        await SeeAsync(100);
        var member = World.Rings.Members.Values.First(m => m.Ring == 4);
        Board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, At, 1, new Dictionary<HostHealth, int>(),
            [new("prod", member.Host.Key, member.Host.Name, HostHealth.Degraded, "queue", "0", "balanced", "linux", At, 120, null, 0.5m, 0.9, 2, null)]));
        var page = Open("?ring=4");
        var first = page.FindAll("table.cards tbody tr")[0].TextContent;
        Assert.Contains("1 degraded", first, StringComparison.Ordinal);
        Assert.Contains("$0.50 /h", first, StringComparison.Ordinal);
        Assert.Contains("90 %", first, StringComparison.Ordinal);
        Assert.Contains("Hosts of ring 4", page.Markup, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Contains("says ring 0", page.Markup, StringComparison.Ordinal));
        Assert.Contains("exact", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_only_look_is_shown_no_way_to_edit_and_no_dollars()
    {
        As(Permissions.ConfigRead);
        await SeeAsync(10);
        var page = Open("?edit=1");
        Assert.Empty(page.FindAll(".ring-edit"));
        Assert.Empty(page.FindAll("input[type=checkbox]"));
        Assert.DoesNotContain("Edit the plan", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("Cost a host", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_shares_are_typed_the_page_says_who_would_move_and_what_is_missing()
    {
        await SeeAsync(100);
        var page = Open("?edit=1");
        await page.InvokeAsync(() => Editor(page, "Share of ring 0, percent").Change("30"));
        page.WaitForAssertion(() => Assert.Contains("10 % are missing", page.Markup, StringComparison.Ordinal));
        Assert.True(Button(page, "Open change").HasAttribute("disabled"));
        await page.InvokeAsync(() => Editor(page, "Give ring 4 the rest").Click());
        page.WaitForAssertion(() => Assert.Contains("10<small>of 100 hosts move", page.Markup, StringComparison.Ordinal));
        Assert.Contains("prod 10", page.Markup, StringComparison.Ordinal);
        Assert.Equal("10", page.Find(".ring-moves table").GetAttribute("aria-rowcount"));
        Assert.False(Button(page, "Open change").HasAttribute("disabled"));
        Assert.Equal(5, World.Rings.Members.Values.Count(m => m.Ring == 4));
    }

    [Fact]
    public async Task Hosts_are_pinned_by_a_pasted_list_and_those_of_nobody_are_told()
    {
        await SeeAsync(20);
        var page = Open("?edit=1");
        await page.InvokeAsync(() => page.Find("textarea").Input("host-001, i-002\nhost-999"));
        await page.InvokeAsync(() => Button(page, "Pin to").Click());
        page.WaitForAssertion(() => Assert.Contains("host-001 → ring 4", page.Markup, StringComparison.Ordinal));
        Assert.Contains("Of no host that has been seen: host-999", page.Markup, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Contains("hosts move", page.Find(".ring-preview").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => Editor(page, "Release host-001 → ring 4").Click());
        page.WaitForAssertion(() => Assert.DoesNotContain("host-001 → ring 4", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Selected_hosts_are_pinned_in_bulk_in_a_draft_that_opens_for_them()
    {
        await SeeAsync(20);
        var page = Open();
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll("[aria-label='Select host-003']")));
        await page.InvokeAsync(() => Editor(page, "Select host-003").Change(true));
        await page.InvokeAsync(() => Editor(page, "Select host-004").Change(true));
        page.WaitForAssertion(() => Assert.Contains("2 hosts selected", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => Editor(page, "Ring to pin the selected hosts to").Change("2"));
        page.WaitForAssertion(() => Button(page, "Pin to ring 2"));
        await page.InvokeAsync(() => Button(page, "Pin to ring 2").Click());
        page.WaitForAssertion(() => Assert.Contains("2 hosts pinned to ring 2 in this draft.", page.Markup, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Contains("host-003 → ring 2", page.Markup, StringComparison.Ordinal));
        page.WaitForAssertion(() => Assert.Contains("hosts move", page.Find(".ring-preview").TextContent, StringComparison.Ordinal));
        await page.InvokeAsync(() => Editor(page, "Select all 20 hosts shown").Change(true));
        page.WaitForAssertion(() => Assert.Contains("20 hosts selected", page.Markup, StringComparison.Ordinal));
        await page.InvokeAsync(() => page.FindAll(".bulk button").Single(b => b.TextContent == "Exclude").Click());
        page.WaitForAssertion(() => Assert.Contains("Excluded 20", page.Markup, StringComparison.Ordinal));
    }

    static IElement Button(IRenderedComponent<RingsPage> page, string text) => page.FindAll("button").Single(b => b.TextContent.Trim() == text);
}
