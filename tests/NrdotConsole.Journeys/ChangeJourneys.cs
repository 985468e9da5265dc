using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace NrdotConsole.Journeys;

/// <summary>A console whose fleet is steered: twelve hosts with agents.</summary>
public sealed class SteeredFleet : IAsyncLifetime
{
    public const int Hosts = 12;

    internal ConsoleProcess Console { get; private set; } = null!;
    FleetProcess _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        Console = await ConsoleProcess.StartAsync();
        _fleet = FleetProcess.StartSteered(Console, "--hosts", $"{Hosts}", "--interval", "5s", "--seed", "11", "--calm");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!(await Console.Api.GetStringAsync("api/v1/hosts?limit=1", limit.Token)).Contains($"\"total\":{Hosts}", StringComparison.Ordinal)) await Task.Delay(250, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await Console.DisposeAsync();
    }
}

[CollectionDefinition]
public sealed class SteeringInTheBrowser : ICollectionFixture<SteeredFleet>, ICollectionFixture<Browser>;

/// <summary>What an operator does to the fleet, in a browser.</summary>
[Collection(typeof(SteeringInTheBrowser))]
public sealed partial class ChangeJourneys(SteeredFleet fleet, Browser browser)
{
    async Task<Visit> SignedInAsync(string path)
    {
        var visit = await browser.OpenAsync(fleet.Console, path);
        await visit.SignInAsync();
        await visit.Page.Locator(".live-btn:enabled").WaitForAsync();
        return visit;
    }

    [Fact]
    public async Task A_profile_goes_from_a_draft_to_applied_and_every_chart_shows_when()
    {
        await using var visit = await SignedInAsync("/changes/new");
        var page = visit.Page;
        await page.GetByRole(AriaRole.Radio, new() { Name = "conservative" }).CheckAsync();
        foreach (var ring in new[] { 0, 1, 2, 3, 4 }) await page.GetByRole(AriaRole.Checkbox, new() { Name = $"Ring {ring}" }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview", Exact = true }).ClickAsync();
        await Expect(page.Locator(".wizard-blast")).ToContainTextAsync(HostsNamed());
        await page.GetByLabel("Reason", new() { Exact = true }).FillAsync("The fleet is over its budget");
        await page.GetByLabel("Soak of a ring").FillAsync("0s");
        await page.GetByLabel("Gates judge each ring").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Draft and validate" }).ClickAsync();

        await Expect(page).ToHaveURLAsync(ChangeAddress());
        await Expect(page.Locator(".change-head .tag").First).ToHaveTextAsync("Validated");
        await page.Locator(".shift summary").First.ClickAsync();
        await Expect(page.Locator(".shift[open] .diff .add").First).ToBeVisibleAsync();
        await ConfirmAsync(page, "Approve", "Approve", null);
        await Expect(page.Locator(".timeline")).ToContainTextAsync("self-approved: only one approver exists");
        await ConfirmAsync(page, "Start the rollout", "Start the rollout", null);
        await Expect(page.Locator(".change-head .tag").First).ToHaveTextAsync("Applied", new() { Timeout = 90_000 });

        await page.GotoAsync("/explore?metric=system.memory.usage&agg=avg");
        await Expect(page.Locator("nr-chart .apexcharts-xaxis-annotation-label").First).ToHaveTextAsync(Mark(), new() { Timeout = 30_000 });
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task The_lever_shows_on_every_page_and_its_release_asks_why()
    {
        await using var visit = await SignedInAsync("/fleet");
        var page = visit.Page;
        await ConfirmAsync(page, "Pull the safety lever", "Pull the lever", "smoke");
        await Expect(page.GetByText("The safety lever is pulled.")).ToBeVisibleAsync();
        await page.GotoAsync("/changes");
        await page.Locator(".live-btn:enabled").WaitForAsync();
        await Expect(page.GetByText("The safety lever is pulled.")).ToBeVisibleAsync();
        using var lever = JsonDocument.Parse(await fleet.Console.Api.GetStringAsync("api/v1/lever"));
        Assert.Equal("smoke", lever.RootElement.GetProperty("reason").GetString());
        await page.GetByRole(AriaRole.Button, new() { Name = "Release", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Release the lever" })).ToBeDisabledAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Reason").FillAsync("it was steam");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Release the lever" }).ClickAsync();
        await Expect(page.GetByText("The safety lever is pulled.")).ToHaveCountAsync(0);
        Assert.Empty(visit.Faults);
    }

    static async Task ConfirmAsync(IPage page, string button, string confirm, string? reason)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.Locator(".blast")).ToBeVisibleAsync();
        if (reason is not null) await dialog.GetByLabel("Reason").FillAsync(reason);
        await dialog.GetByRole(AriaRole.Button, new() { Name = confirm, Exact = true }).ClickAsync();
    }

    [GeneratedRegex(@"\d+ hosts of .+ in rings")]
    private static partial Regex HostsNamed();

    [GeneratedRegex(@"/changes/\d+")]
    private static partial Regex ChangeAddress();

    [GeneratedRegex(@"\d+ (start|applied)")]
    private static partial Regex Mark();
}
