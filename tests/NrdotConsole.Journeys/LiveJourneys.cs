using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace NrdotConsole.Journeys;

/// <summary>What is live, and what happens to it while the console is away.</summary>
[Collection(typeof(InTheBrowser))]
public sealed class LiveJourneys(LiveFleet fleet, Browser browser)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_page_says_that_the_console_is_away_and_lives_again_when_it_is_back()
    {
        await using var console = await ConsoleProcess.StartAsync();
        await using var visit = await browser.OpenAsync(console);
        await visit.SignInAsync();
        await visit.Page.Locator(".live-btn:enabled").WaitForAsync();
        var strip = visit.Page.GetByText("Connection lost");
        await Expect(strip).ToBeHiddenAsync();

        await console.KillAsync();
        await Expect(strip).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(visit.Page.Locator(".kpi").First).ToHaveCSSAsync("filter", "grayscale(1)");

        await console.StartAgainAsync();
        await Expect(strip).ToBeHiddenAsync(new() { Timeout = 60_000 });
        await using var sending = FleetProcess.Start(console, "--hosts", "3", "--interval", "5s", "--seed", "3");
        await Expect(visit.Page.Locator(".kpi").First).ToContainTextAsync("of 3", new() { Timeout = 60_000 });
    }

    [Fact]
    public async Task Any_SignalR_client_hears_the_overview_once_points_arrive()
    {
        await using var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(fleet.Console.Url, "hubs/live"), o => o.AccessTokenProvider = () => Task.FromResult<string?>(ConsoleProcess.ApiToken))
            .Build();
        var heard = new List<long>();
        var enough = new TaskCompletionSource();
        connection.On<string, string, JsonElement>("summary", (panel, scope, value) =>
        {
            if ((panel, scope) != ("overview", "fleet") || value.GetProperty("hosts").GetInt32() < 20) return;
            heard.Add(value.GetProperty("at").GetDateTimeOffset().ToUnixTimeMilliseconds());
            if (heard.Count == 3) enough.TrySetResult();
        });
        await connection.StartAsync(TestContext.Current.CancellationToken);
        await connection.InvokeAsync("Subscribe", "overview", "fleet", TestContext.Current.CancellationToken);
        await enough.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal(heard.Distinct().Order(), heard);
    }
}
