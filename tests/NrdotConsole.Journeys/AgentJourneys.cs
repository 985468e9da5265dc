using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace NrdotConsole.Journeys;

/// <summary>An OpAMP client that is not ours comes in, is steered, and survives the console's death.</summary>
public sealed class AgentJourneys
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Elastic_s_client_enrols_applies_what_main_desires_and_is_missed_when_it_ends(bool ownPort)
    {
        await using var console = await ConsoleProcess.StartAsync(null, "OpAmp__HeartbeatSeconds=1");
        using var agent = Start(console, ownPort ? console.OpAmpPort : console.HttpPort, "elastic-1");
        var offer = await NextAsync(agent);
        Assert.Contains("memory_limiter", offer.GetProperty("yaml").GetString());
        var row = await console.UntilAgentAsync(a => Text(a, "configState") == "configApplied");
        Assert.Equal(("elastic-1", "http", Text(offer, "hash")), (Text(row, "hostKey"), Text(row, "transport"), Text(row, "assignedHash")));
        agent.StandardInput.Close();
        await agent.WaitForExitAsync().WaitAsync(Soon);
        // It says no goodbye: three heartbeats without a word.
        await console.UntilAgentAsync(a => !a.GetProperty("connected").GetBoolean());
    }

    [Fact]
    public async Task After_kill_9_the_console_knows_its_agents_and_they_come_back_by_themselves()
    {
        await using var console = await ConsoleProcess.StartAsync();
        using var agent = Start(console, console.OpAmpPort, "elastic-2");
        await NextAsync(agent);
        var before = await console.UntilAgentAsync(a => Text(a, "configState") == "configApplied");
        // Rows are written within a second.
        await Task.Delay(TimeSpan.FromSeconds(3));
        await console.KillAsync();
        await console.StartAgainAsync();
        var after = await console.UntilAgentAsync(a => Text(a, "configState") == "configApplied");
        Assert.Equal((Text(before, "instanceUid"), Text(before, "assignedHash")), (Text(after, "instanceUid"), Text(after, "assignedHash")));
        await console.UntilAgentAsync(a => a.GetProperty("connected").GetBoolean());
        agent.StandardInput.Close();
    }

    static Process Start(ConsoleProcess console, int port, string host)
    {
        var folder = Path.Combine(ConsoleProcess.SourceRoot, "tests", "NrdotConsole.Journeys", "OpAmp");
        var process = Process.Start(new ProcessStartInfo("node", ["agent.mjs", $"http://127.0.0.1:{port}/v1/opamp", ConsoleProcess.EnrolmentToken, host])
        { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    static async Task<JsonElement> NextAsync(Process agent)
    {
        using var limit = new CancellationTokenSource(Soon);
        return await agent.StandardOutput.ReadLineAsync(limit.Token) is { } line ? JsonDocument.Parse(line).RootElement : throw new InvalidOperationException("The agent ended.");
    }

    static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();
}
