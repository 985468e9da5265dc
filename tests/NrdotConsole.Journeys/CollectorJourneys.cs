using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace NrdotConsole.Journeys;

/// <summary>A real collector under our supervisor before a running console: steered, and there through whatever dies.</summary>
public sealed class CollectorJourneys
{
    const string Host = "real-1", Metric = "system.cpu.load_average.1m";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_real_collector_is_enrolled_steered_and_goes_on_when_it_the_console_or_the_supervisor_dies()
    {
        var binary = SupervisorProcess.FindCollector();
        await using var console = await ConsoleProcess.StartAsync(null, "OpAmp__HeartbeatSeconds=1");
        var ports = FreePorts.Take(2);
        var (otlp, grpc) = (ports[0], ports[1]);
        await ApplyAsync(console, "feature-flags.yaml", text => text.TrimEnd() + "\n\n" + PortsFlag(otlp, grpc));
        await using var supervisor = SupervisorProcess.Start(console, binary, Host);

        // It enrols, tells what it is built of, and runs what was rendered for that.
        var agent = await console.UntilAgentAsync(a => Text(a, "configState") == "configApplied" && a.GetProperty("hasOwnSecret").GetBoolean());
        Assert.Equal((Host, "webSocket"), (Text(agent, "hostKey"), Text(agent, "transport")));
        await SendAsync(otlp, 1.25);
        await UntilPointAsync(console, 1.25);

        // A Change of its profile reaches it.
        await ApplyAsync(console, "profiles.yaml", text => text.Replace("pins: {}", $"pins:\n  {Host}: conservative", StringComparison.Ordinal));
        var before = Text(agent, "assignedHash");
        agent = await console.UntilAgentAsync(a => Text(a, "configState") == "configApplied" && Text(a, "assignedHash") != before && Text(a, "effectiveHash") == Text(a, "assignedHash"));
        var configs = await console.Api.GetFromJsonAsync<JsonElement>($"api/v1/agents/{Text(agent, "instanceUid")}/config");
        Assert.Contains("nrdot.profile: conservative", configs.GetProperty("effective").GetProperty("yaml").GetString());

        // A restart that is asked for, and a collector that is killed: another process each time, and it is healthy.
        var first = supervisor.CollectorPid;
        using (var ordered = await console.Api.PostAsJsonAsync($"api/v1/agents/{Text(agent, "instanceUid")}/restart", new { reason = "journey" })) Assert.Equal(HttpStatusCode.NoContent, ordered.StatusCode);
        var second = await UntilAnotherAsync(supervisor, first);
        await SendAsync(otlp, 2);
        // Past the supervisor's probation: its end counts against nothing.
        await UntilPointAsync(console, 2);
        using (var victim = Process.GetProcessById(second)) victim.Kill();
        await UntilAnotherAsync(supervisor, second);
        await console.UntilAgentAsync(a => a.GetProperty("healthy").GetBoolean() && Text(a, "configState") == "configApplied");

        // Without the console it goes on; afterwards it is there again by itself, and so is what it collected.
        await console.KillAsync();
        await SendAsync(otlp, 2.5);
        await console.StartAgainAsync();
        agent = await console.UntilAgentAsync(a => a.GetProperty("connected").GetBoolean());
        Assert.Equal("configApplied", Text(agent, "configState"));
        await UntilPointAsync(console, 2.5);

        Assert.Equal(0, await supervisor.StopAsync());
        await console.UntilAgentAsync(a => !a.GetProperty("connected").GetBoolean());
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(supervisor.CollectorPid));
    }

    /// <summary>Receivers on ports that are free, and no waiting for a batch to fill.</summary>
    static string PortsFlag(int http, int grpc) => $$"""
          journey_ports:
            enabled: true
            rollout:
              strategy: "canary"
              hosts: ["{{Host}}"]
            collector:
              receivers:
                otlp:
                  protocols:
                    grpc: {endpoint: "127.0.0.1:{{grpc}}"}
                    http: {endpoint: "127.0.0.1:{{http}}"}
              processors:
                batch: {timeout: 200ms}
              exporters:
                otlp_http/console:
                  retry_on_failure: {initial_interval: 1s, max_interval: 2s}

        """;

    static async Task ApplyAsync(ConsoleProcess console, string file, Func<string, string> edit)
    {
        var now = await console.Api.GetFromJsonAsync<JsonElement>($"api/v1/config/{file}");
        var id = await console.StartChangeAsync(new
        {
            title = $"Journey: {file}", kind = "profile", reason = "journey", edits = new[] { new { file, content = edit(Text(now, "text")!) } },
            rollout = new { soak = "1s", concurrency = 20, applyTimeout = "1m", gates = false },
        });
        var change = await console.UntilAsync($"api/v1/changes/{id}", c => Text(c.GetProperty("change"), "state") is "applied" or "rolledBack");
        Assert.Equal("applied", Text(change.GetProperty("change"), "state"));
    }

    /// <summary>Until the collector takes it: it may be restarting.</summary>
    static Task SendAsync(int port, double value) => UntilAsync(async () =>
    {
        using var http = new HttpClient();
        var point = new { timeUnixNano = $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}000000", asDouble = value };
        var metric = new { name = Metric, unit = "{thread}", gauge = new { dataPoints = new[] { point } } };
        var host = new { attributes = new[] { new { key = "host.id", value = new { stringValue = Host } } } };
        var export = new { resourceMetrics = new[] { new { resource = host, scopeMetrics = new[] { new { metrics = new[] { metric } } } } } };
        try
        {
            using var answer = await http.PostAsJsonAsync($"http://127.0.0.1:{port}/v1/metrics", export);
            return answer.IsSuccessStatusCode ? answer.StatusCode.ToString() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }, "the collector takes a point");

    static Task UntilPointAsync(ConsoleProcess console, double value) => UntilAsync(async () =>
    {
        var found = await console.Api.GetFromJsonAsync<JsonElement>($"api/v1/query?metric={Metric}");
        return found.GetProperty("series").EnumerateArray().Any(s => s.GetProperty("points").EnumerateArray().Any(p => p[1].GetDouble() == value)) ? "found" : null;
    }, $"the console has the point {value}");

    static async Task<int> UntilAnotherAsync(SupervisorProcess supervisor, int pid)
    {
        await UntilAsync(() => Task.FromResult(supervisor.CollectorPid is > 0 and var now && now != pid ? "another" : null), $"the collector's process is not {pid}");
        return supervisor.CollectorPid;
    }

    static async Task UntilAsync(Func<Task<string?>> look, string what)
    {
        var limit = Stopwatch.StartNew();
        while (await look() is null)
        {
            if (limit.Elapsed > s_patience) throw new TimeoutException($"Waited in vain until {what}.");
            await Task.Delay(100);
        }
    }

    static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();
}
