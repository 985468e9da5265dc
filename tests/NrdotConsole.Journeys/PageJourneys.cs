using System.Net.Http.Json;
using System.Text.Json;

namespace NrdotConsole.Journeys;

/// <summary>A console with a fleet of twenty hosts and half an hour of their history.</summary>
public sealed class LiveFleet : IAsyncLifetime
{
    internal ConsoleProcess Console { get; private set; } = null!;
    FleetProcess _fleet = null!;
    long? _change;

    /// <summary>A change that is validated and waits: its number.</summary>
    internal async Task<long> ChangeAsync()
    {
        if (_change is { } known) return known;
        var file = await Console.Api.GetFromJsonAsync<JsonElement>("api/v1/config/filters.yaml");
        using var drafted = await Console.Api.PostAsJsonAsync("api/v1/changes", new
        {
            title = "Stop collecting paging", kind = "filter", reason = "nobody looks at it",
            edits = new[] { new { file = "filters.yaml", content = $"{file.GetProperty("text").GetString()}\n  no_paging:\n    enabled: true\n    description: \"Not needed\"\n    conditions:\n      - 'IsMatch(metric.name, \"^system[.]paging\")'\n" } },
        });
        Assert.True(drafted.IsSuccessStatusCode, await drafted.Content.ReadAsStringAsync());
        var id = (await drafted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64();
        using var validated = await Console.Api.PostAsJsonAsync($"api/v1/changes/{id}/validate", new { reason = "journey" });
        Assert.True(validated.IsSuccessStatusCode, await validated.Content.ReadAsStringAsync());
        _change = id;
        return id;
    }

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
        "rings", "rings?ring=4&edit=1", "rollouts", "flags", "flags?new=1", "flags/ewma_anomaly_detection?edit=1", "experiments", "experiments/ewma-anomaly-detection", "agents", "validation",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_page_is_clean(bool phone)
    {
        await using var visit = await browser.OpenAsync(fleet.Console, phone: phone);
        await visit.SignInAsync();
        var faults = new List<string>();
        foreach (var path in (string[])[.. Pages, await visit.HostPageAsync(fleet.Console), $"changes/{await fleet.ChangeAsync()}"]) faults.AddRange(await visit.LookAtAsync(path, Pictures));
        faults.AddRange(visit.Faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
