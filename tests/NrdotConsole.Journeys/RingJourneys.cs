using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace NrdotConsole.Journeys;

/// <summary>A ring's share from its form to hosts that have moved.</summary>
[Collection(typeof(InTheBrowser))]
public sealed class RingJourneys(LiveFleet fleet, Browser browser)
{
    async Task<int> HostsOfAsync(int ring)
    {
        using var rings = JsonDocument.Parse(await fleet.Console.Api.GetStringAsync("api/v1/rings"));
        return rings.RootElement.GetProperty("rings").EnumerateArray().Single(r => r.GetProperty("id").GetInt32() == ring).GetProperty("hosts").GetInt32();
    }

    async Task AppliedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!(await fleet.Console.Api.GetStringAsync("api/v1/changes?limit=1", limit.Token)).Contains("\"state\":\"applied\"", StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(250), limit.Token);
    }

    [Fact]
    public async Task A_share_is_edited_its_moves_are_seen_the_change_is_opened_approved_and_applied_and_the_hosts_have_moved()
    {
        await using var visit = await browser.OpenAsync(fleet.Console, "/rings?ring=4");
        await visit.SignInAsync();
        await visit.Page.Locator(".live-btn:enabled").WaitForAsync();
        var before = await HostsOfAsync(4);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Edit the plan" }).ClickAsync();
        await visit.Page.GetByLabel("Share of ring 0, percent").FillAsync("20");
        await visit.Page.GetByLabel("Share of ring 0, percent").PressAsync("Tab");
        await Expect(visit.Page.GetByText("20 % are missing")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Open change" })).ToBeDisabledAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Give ring 4 the rest" }).ClickAsync();
        await Expect(visit.Page.Locator(".ring-preview .big")).ToContainTextAsync(new Regex(@"\d+\s*of \d+ hosts move"));
        await Expect(visit.Page.Locator(".ring-move").First).ToContainTextAsync("→ 4");
        Assert.Equal(before, await HostsOfAsync(4));

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Open change" }).ClickAsync();
        var dialog = visit.Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog).ToContainTextAsync("Tenants:");
        await dialog.GetByLabel("Reason").FillAsync("a first ring that is wide enough to judge");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Open change" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Rings: control 40 → 20 %, experimental 5 → 25 %");
        foreach (var step in new[] { "Approve", "Start the rollout" })
        {
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = step, Exact = true }).ClickAsync();
            await dialog.GetByRole(AriaRole.Button, new() { Name = step, Exact = true }).ClickAsync();
        }
        // The page tells it as it happens; what counts is that it is so.
        await Expect(visit.Page.Locator(".change-head")).ToContainTextAsync("Applied", new() { Timeout = 60_000 });
        await AppliedAsync();

        await visit.Page.GotoAsync("/rings?ring=4");
        await Expect(visit.Page.Locator("table.cards tbody tr").First).ToContainTextAsync("25 %");
        var after = await HostsOfAsync(4);
        Assert.True(after >= before + 3, $"Ring 4 has {after} hosts, of {before} before");
        await Expect(visit.Page.Locator("tr.host-row")).ToHaveCountAsync(after);
        Assert.Empty(visit.Faults);
    }
}
