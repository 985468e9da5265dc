using System.Net.Http.Json;
using System.Text.Json;

namespace NrdotConsole.Journeys;

/// <summary>Changes on their way through a fleet whose agents speak OpAMP, each as a process of its own.</summary>
public sealed class RolloutJourneys(Browser browser) : IClassFixture<Browser>
{
    static FleetProcess Fleet(ConsoleProcess console, params string[] more) => FleetProcess.Start(console,
        ["--hosts", "60", "--interval", "2s", "--calm", "--heartbeat", "5s", "--opamp", $"ws://127.0.0.1:{console.OpAmpPort}/v1/opamp", "--opamp-token", ConsoleProcess.EnrolmentToken, .. more]);

    static int Agents(JsonElement rollout, string state) => rollout.GetProperty("waves").EnumerateArray()
        .Sum(w => w.GetProperty("agents").EnumerateObject().Where(a => string.Equals(a.Name, state, StringComparison.OrdinalIgnoreCase)).Sum(a => a.Value.GetInt32()));

    static bool IsPhase(JsonElement rollout, string phase) => rollout.GetProperty("phase").GetString() == phase;

    /// <summary>Sixty agents that have what main says.</summary>
    static Task<JsonElement> SettledAsync(ConsoleProcess console) => console.UntilAsync("api/v1/agents?state=ConfigApplied&connected=true&limit=1", a => a.GetProperty("total").GetInt32() == 60);

    static bool HasEnded(JsonElement rollout, bool isBack) => IsPhase(rollout, "rolledBack") || (!isBack && IsPhase(rollout, "applied"));

    /// <summary>Waits for the end of a rollout, or of its way back; kills the console at seeded moments on it, at most so often.</summary>
    static async Task<(JsonElement Rollout, int Killed)> EndAsync(ConsoleProcess console, long id, bool isBack, int kills, Random random)
    {
        var killed = 0;
        for (; killed < kills; killed++)
        {
            await Task.Delay(random.Next(0, 4_000));
            using var answer = await console.Api.GetAsync($"api/v1/rollouts/{id}");
            if (answer.IsSuccessStatusCode && HasEnded(await answer.Content.ReadFromJsonAsync<JsonElement>(), isBack)) break;
            await console.KillAsync();
            await console.StartAgainAsync();
        }
        return (await console.UntilAsync($"api/v1/rollouts/{id}", r => HasEnded(r, isBack)), killed);
    }

    /// <summary>NRDOT_JOURNEY_KILLS sets how many: a hundred take some twenty minutes.</summary>
    [Fact]
    public async Task Kills_of_the_console_at_any_point_of_a_rollout_and_of_its_way_back_leave_the_fleet_in_one_state()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("NRDOT_JOURNEY_KILLS"), out var asked) ? asked : 2;
        var random = new Random(20261123);
        await using var console = await ConsoleProcess.StartAsync();
        await using var fleet = Fleet(console);
        await SettledAsync(console);
        for (var (left, round) = (kills, 0); left > 0; round++)
        {
            // Each another configuration: one that was taken back is not begun again.
            var id = await console.StartFilterAsync(round == 0 ? "paging" : $"nothing{round}", gates: false);
            var (ended, killed) = await EndAsync(console, id, isBack: false, Math.Min(left, 3), random);
            left -= killed;
            if (IsPhase(ended, "applied"))
            {
                await AttemptsAsync(console, id, 1);
                if (round == 0) await SeenAsync(console, id);
                await console.StepAsync(id, "rollback");
                (ended, killed) = await EndAsync(console, id, isBack: true, Math.Min(left, 2), random);
                left -= killed;
            }
            // On a slow machine hosts that fell silent may have taken it back by themselves: one state all the same.
            Assert.Equal(60, Agents(ended, "rolledBack") + Agents(ended, "pending"));
            await AttemptsAsync(console, id, 2);
            await SettledAsync(console);
            await console.UntilChangeAsync(id, "rolledBack");
        }
    }

    /// <summary>Nobody was given anything twice: it at most once, and what was before at most once.</summary>
    static async Task AttemptsAsync(ConsoleProcess console, long id, int attempts)
    {
        var agents = await console.Api.GetFromJsonAsync<JsonElement>($"api/v1/rollouts/{id}/agents?limit=1000");
        Assert.All(agents.GetProperty("items").EnumerateArray(), a => Assert.InRange(a.GetProperty("attempts").GetArrayLength(), 0, attempts));
    }

    async Task SeenAsync(ConsoleProcess console, long id)
    {
        await using var visit = await browser.OpenAsync(console);
        await visit.SignInAsync();
        await visit.Page.GotoAsync($"rollouts/{id}");
        await visit.Page.Locator(".lanes li").Nth(4).WaitForAsync();
        Assert.Equal(5, await visit.Page.Locator(".lanes .tag.good").CountAsync());
        Assert.Contains("Time to roll out", await visit.Page.Locator(".kpis").InnerTextAsync());
        Assert.Empty(visit.Faults);
    }

    [Fact]
    public async Task A_configuration_that_agents_reject_goes_no_further_than_its_first_ring_and_is_poisoned()
    {
        await using var console = await ConsoleProcess.StartAsync();
        await using var fleet = Fleet(console, "--agent-faults", "reject=1");
        await console.UntilAsync("api/v1/hosts?limit=1", h => h.GetProperty("total").GetInt32() == 60);
        await console.UntilAsync("api/v1/agents?connected=true&limit=1", a => a.GetProperty("total").GetInt32() == 60);
        var id = await console.StartFilterAsync("paging", gates: true);
        var rollout = await console.UntilAsync($"api/v1/rollouts/{id}", r => IsPhase(r, "rolledBack"));
        Assert.All(rollout.GetProperty("waves").EnumerateArray().Skip(1), w => Assert.Equal(JsonValueKind.Null, w.GetProperty("begunAt").ValueKind));
        var poison = await console.Api.GetFromJsonAsync<JsonElement>("api/v1/poison");
        Assert.True(poison.GetProperty("total").GetInt32() > 0);
        await console.UntilChangeAsync(id, "rolledBack");

        var agents = await console.Api.GetFromJsonAsync<JsonElement>("api/v1/agents?limit=1");
        await using var visit = await browser.OpenAsync(console);
        await visit.SignInAsync();
        var faults = new List<string>();
        foreach (var width in new[] { 1440, 390 })
        {
            await visit.Page.SetViewportSizeAsync(width, 900);
            foreach (var path in new[] { $"rollouts/{id}", "rollouts", $"changes/{id}", "agents?state=Failed", $"agents/{agents.GetProperty("items")[0].GetProperty("instanceUid").GetString()}" }) faults.AddRange(await visit.LookAtAsync(path));
        }
        faults.AddRange(visit.Faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }
}
