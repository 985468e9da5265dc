using System.Globalization;
using System.Text.Json;
using NrdotConsole.Journeys;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// A filter on its way through all five rings of a simulated fleet that speaks OpAMP, every gate and the day-1 checks on, the shortest soak;
/// and back. The times are the product's own, as its rollout page shows them.
/// </summary>
internal static class RolloutBenchmark
{
    public static async Task RunAsync(Report report, Scale scale)
    {
        var count = scale.Of(1_000, 60);
        foreach (var interval in scale.Of(1, 0) == 1 ? (string[])["2s", "10s"] : ["2s"])
        {
            report.Section($"a Change through five rings with gates, {count} agents that send every {interval}");
            using var directory = new TempDirectory();
            await using var console = await ConsoleProcess.StartAsync(directory.Path);
            await using var fleet = FleetProcess.StartSteered(console, "--hosts", $"{count}", "--interval", interval, "--calm", "--heartbeat", "5s");
            await console.UntilAsync("api/v1/agents?state=ConfigApplied&connected=true&limit=1", a => a.GetProperty("total").GetInt32() == count);
            // Gates compare with what was before: let there be some.
            await Task.Delay(TimeSpan.FromSeconds(30));

            var id = await console.StartFilterAsync("paging", gates: true, concurrency: count);
            var rollout = await console.UntilAsync($"api/v1/rollouts/{id}", r => Phase(r) is "applied" or "rolledBack" or "paused");
            if (Phase(rollout) != "applied") throw new InvalidOperationException($"The rollout ended {Phase(rollout)}: {rollout}");
            report.Figure("rollout: first ring begun to last gate passed", Seconds(rollout, "forward"), "s", "30 s at the shortest soak");
            await console.StepAsync(id, "rollback");
            rollout = await console.UntilAsync($"api/v1/rollouts/{id}", r => Phase(r) == "rolledBack");
            report.Figure("rollout: taken back from every agent", Seconds(rollout, "back"), "s", "10 s");
        }
    }

    static string? Phase(JsonElement rollout) => rollout.GetProperty("phase").GetString();

    static double Seconds(JsonElement rollout, string way) => TimeSpan.Parse(rollout.GetProperty(way).GetString()!, CultureInfo.InvariantCulture).TotalSeconds;
}
