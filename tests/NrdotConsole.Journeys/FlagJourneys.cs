using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;

namespace NrdotConsole.Journeys;

/// <summary>Flags through the front door: OpenFeature's own SDKs ask, an operator rolls out, a guardrail takes it back.</summary>
public sealed class FlagJourneys(Browser browser) : IClassFixture<Browser>
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task OpenFeature_s_own_clients_ask_one_by_one_and_all_at_once()
    {
        await using var console = await ConsoleProcess.StartAsync();
        await ApplyAsync(console, "everywhere", new { enabled = true, strategy = "all", reason = "for clients" });
        await ApplyAsync(console, "experimental", new { enabled = true, strategy = "ring", rings = new[] { 4 }, reason = "for clients" });

        var said = await AskAsync(console);
        Assert.Equal((true, "STATIC"), (Value(said["server on"]), Text(said["server on"], "reason")));
        Assert.Equal((true, "TARGETING_MATCH"), (Value(said["server ring"]), Text(said["server ring"], "reason")));
        Assert.Equal((true, "FLAG_NOT_FOUND"), (Value(said["server missing"]), Text(said["server missing"], "errorCode")));
        Assert.Equal("TARGETING_KEY_MISSING", Text(said["server no key"], "errorCode"));
        Assert.Equal("TYPE_MISMATCH", Text(said["server wrong type"], "errorCode"));
        Assert.True(Value(said["web on"]));
        Assert.True(Value(said["web ring"]));
        Assert.False(Value(said["web other ring"]));
        Assert.Equal([200, 304], said["web polled"].GetProperty("statuses").EnumerateArray().Select(s => s.GetInt32()).Order());
    }

    [Fact]
    public async Task A_flag_is_rolled_out_and_its_guardrail_takes_it_back()
    {
        await using var console = await ConsoleProcess.StartAsync();
        await using var fleet = FleetProcess.Start(console, "--hosts", "20");
        // A bound that every host breaks.
        await ApplyAsync(console, "risky", new { enabled = true, strategy = "percentage", percentage = 0, guardrails = new[] { new { signal = "series.active", max = 1 } }, reason = "to be rolled out" });
        await console.UntilAsync("api/v1/flags/risky", f => f.GetProperty("hostsTotal").GetInt32() == 20);

        await using var visit = await browser.OpenAsync(console, "flags/risky?edit=1");
        await visit.SignInAsync();
        await visit.SettleAsync();
        var page = visit.Page;
        await page.GetByLabel("Percent of the hosts").FillAsync("100");
        await Assertions.Expect(page.GetByText("20 of 20 hosts, now 0.")).ToBeVisibleAsync();
        await page.GetByLabel("Why", new() { Exact = true }).FillAsync("It did well in the lab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Draft the change" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Draft the change" }).ClickAsync();
        await page.WaitForURLAsync("**/changes/*", new() { WaitUntil = WaitUntilState.Commit });
        await console.StepAsync(long.Parse(new Uri(page.Url).Segments[^1]), "approve", "start");

        await page.GotoAsync("flags/risky");
        var changes = await console.UntilAsync("api/v1/changes?kind=flag", c => c.GetProperty("items")[0] is var newest && Text(newest, "origin") == "guardrail" && Text(newest, "state") == "applied");
        Assert.Equal("Turn risky off: its guardrail broke", Text(changes.GetProperty("items")[0], "title"));
        var row = await console.UntilAsync("api/v1/flags/risky", f => !f.GetProperty("enabled").GetBoolean());
        Assert.Equal(0, row.GetProperty("hostsOn").GetInt32());
        await Assertions.Expect(page.GetByText("Turn risky off: its guardrail broke")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.Empty(visit.Faults);
    }

    static async Task<Dictionary<string, JsonElement>> AskAsync(ConsoleProcess console)
    {
        var folder = Path.Combine(ConsoleProcess.SourceRoot, "tests", "NrdotConsole.Journeys", "OpenFeature");
        using var client = Process.Start(new ProcessStartInfo("node", ["client.mjs", console.Url.ToString().TrimEnd('/'), ConsoleProcess.ApiToken])
        { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        var text = await client.StandardOutput.ReadToEndAsync().WaitAsync(Soon);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToDictionary(e => Text(e, "what")!);
    }

    static async Task ApplyAsync(ConsoleProcess console, string key, object fields)
    {
        var answer = await console.Api.PutAsJsonAsync($"api/v1/flags/{key}", fields);
        answer.EnsureSuccessStatusCode();
        await console.StepAsync((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt64(), "approve", "start");
    }

    static bool Value(JsonElement said) => said.GetProperty("value").GetBoolean();

    static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();
}
