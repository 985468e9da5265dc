using System.Net.Http.Json;
using System.Text.Json;

namespace NrdotConsole.Journeys;

/// <summary>What journeys ask of a console's REST interface.</summary>
internal static class ConsoleApi
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    extension(ConsoleProcess console)
    {
        /// <summary>Asks again until the answer is as it shall be; else a <see cref="TimeoutException"/> tells the last one.</summary>
        public async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> holds)
        {
            using var limit = new CancellationTokenSource(s_patience);
            var last = "never answered";
            while (true)
            {
                try
                {
                    using var answer = await console.Api.GetAsync(path, limit.Token);
                    last = await answer.Content.ReadAsStringAsync(limit.Token);
                    if (answer.IsSuccessStatusCode && JsonDocument.Parse(last).RootElement is var body && holds(body)) return body;
                    await Task.Delay(200, limit.Token);
                }
                catch (OperationCanceledException)
                {
                    throw new TimeoutException($"{path} is still: {last}");
                }
            }
        }

        /// <summary>The first agent that is so.</summary>
        public async Task<JsonElement> UntilAgentAsync(Func<JsonElement, bool> holds)
        {
            var page = await console.UntilAsync("api/v1/agents", p => p.GetProperty("items").EnumerateArray().Any(holds));
            return page.GetProperty("items").EnumerateArray().First(holds);
        }

        /// <summary>Takes these steps of a Change, one after another: validate, approve, start, rollback.</summary>
        public async Task StepAsync(long change, params string[] steps)
        {
            foreach (var step in steps) await console.PostAsync($"api/v1/changes/{change}/{step}", new { reason = "journey" });
        }

        /// <summary>Drafts a Change, has it validated and approved, and starts it; its number.</summary>
        public async Task<long> StartChangeAsync(object draft)
        {
            var id = (await console.PostAsync("api/v1/changes", draft)).GetProperty("id").GetInt64();
            await console.StepAsync(id, "validate", "approve", "start");
            return id;
        }

        /// <summary>Starts a filter for every host, at the shortest soak.</summary>
        public async Task<long> StartFilterAsync(string metric, bool gates, int concurrency = 20)
        {
            var file = await console.Api.GetFromJsonAsync<JsonElement>("api/v1/config/filters.yaml");
            var content = $"{file.GetProperty("text").GetString()}\n  no_{metric}:\n    enabled: true\n    description: \"Not needed\"\n    conditions:\n      - 'IsMatch(metric.name, \"^system[.]{metric}\")'\n";
            return await console.StartChangeAsync(new
            {
                title = $"No {metric}", kind = "filter", reason = "nobody looks at it", edits = new[] { new { file = "filters.yaml", content } },
                rollout = new { soak = "2s", concurrency, applyTimeout = "2m", gates },
            });
        }

        public Task<JsonElement> UntilChangeAsync(long change, string state) => console.UntilAsync($"api/v1/changes/{change}", c => c.GetProperty("change").GetProperty("state").GetString() == state);

        async Task<JsonElement> PostAsync(string path, object body)
        {
            using var answer = await console.Api.PostAsJsonAsync(path, body);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{path} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
    }
}
