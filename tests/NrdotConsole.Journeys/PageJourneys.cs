using Deque.AxeCore.Playwright;

namespace NrdotConsole.Journeys;

/// <summary>A console with a fleet of twenty hosts and half an hour of their history.</summary>
public sealed class LiveFleet : IAsyncLifetime
{
    internal ConsoleProcess Console { get; private set; } = null!;
    FleetProcess _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        Console = await ConsoleProcess.StartAsync();
        _fleet = FleetProcess.Start(Console, "--hosts", "20", "--interval", "5s", "--backfill", "30m", "--seed", "7");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            var hosts = await Console.Api.GetStringAsync("api/v1/hosts?limit=1", limit.Token);
            if (hosts.Contains("\"total\":20", StringComparison.Ordinal)) return;
            await Task.Delay(250, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        await Console.DisposeAsync();
    }
}

/// <summary>The journeys in a browser share one console and one Chromium, one after the other.</summary>
[CollectionDefinition]
public sealed class InTheBrowser : ICollectionFixture<LiveFleet>, ICollectionFixture<Browser>;

/// <summary>Every page with live data: no fault in the browser's console, nothing serious for axe, nothing wider than the screen.</summary>
[Collection(typeof(InTheBrowser))]
public sealed class PageJourneys(LiveFleet fleet, Browser browser)
{
    /// <summary>Where pictures of the pages go, when somebody wants to look at them.</summary>
    static readonly string? Pictures = Environment.GetEnvironmentVariable("PICTURES");

    static readonly string[] Pages =
    [
        "", "coverage", "cost", "cardinality", "anomalies", "fleet", "explore", "explore?metric=system.cpu.utilization&filter=state%3Duser&group=host.name&agg=avg", "ingest",
        "profiles", "profiles?profile=conservative&with=balanced&edit=1",
        "config", "config/profiles.yaml", "config/rings.yaml?tab=history", "changes", "changes/new", "people/users", "people/tokens", "people/audit", "account",
        "rings", "rings?ring=4&edit=1",
    ];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Every_page_is_clean(bool dark, bool phone)
    {
        await using var visit = await browser.OpenAsync(fleet.Console, dark: dark, phone: phone);
        await visit.SignInAsync();
        var host = await visit.HostPageAsync(fleet.Console);
        var faults = new List<string>();
        foreach (var path in Pages.Append(host))
        {
            await visit.Page.GotoAsync("/" + path);
            await visit.Page.WaitForSelectorAsync("h1");
            await visit.SettleAsync();
            if (Pictures is not null)
                await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"{Name(path)}-{(dark ? "dark" : "light")}-{(phone ? "phone" : "wide")}.png"), FullPage = true });
            if (await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))
                faults.Add($"/{path}: wider than the screen");
            var axe = await visit.Page.RunAxe();
            faults.AddRange(axe.Violations.Where(v => v.Impact is "serious" or "critical")
                .Select(v => $"/{path}: axe {v.Impact} {v.Id} ({v.Nodes.Length}): {v.Nodes[0].Html}"));
        }
        faults.AddRange(visit.Faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    static string Name(string path) => path.Length == 0 ? "overview" : string.Concat(path.Split('/', '?')[..Math.Min(2, path.Split('/', '?').Length)].Select(p => string.Concat(p.Where(char.IsAsciiLetterOrDigit)) + "-")).TrimEnd('-');
}
