using NrdotConsole.Journeys;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// A fleet of agents over WebSockets: how long it takes them all to come in at once and to apply their first configuration, what a connected
/// agent costs in memory, and what heartbeats every 30 s cost in CPU. The agents run in this process; only the console's share is counted.
/// </summary>
internal static class OpAmpBenchmark
{
    static readonly TimeSpan Heartbeat = OpAmpCodec.DefaultHeartbeat;

    public static async Task RunAsync(Report report, Scale scale)
    {
        var count = scale.Of(10_000, 500);
        report.Section($"{count} OpAMP agents over WebSockets, heartbeats every {Heartbeat.TotalSeconds} s");
        using var directory = new TempDirectory();
        await using var console = await ConsoleProcess.StartAsync(directory.Path);
        var cpu = new ChildCpu(console.ProcessId);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var idle = cpu.ResidentBytes;
        cpu.Lap();

        await using var agents = new OpAmpAgents(new($"ws://127.0.0.1:{console.OpAmpPort}{OpAmpCodec.Path}"), ConsoleProcess.EnrolmentToken);
        var begun = TimeProvider.System.GetTimestamp();
        await agents.ConnectAsync(count);
        report.Figure("all agents connected, from none", TimeProvider.System.GetElapsedTime(begun).TotalSeconds, "s", "-");
        await agents.UntilAppliedAsync(TimeSpan.FromMinutes(5));
        report.Figure("all agents enrolled, given a ring, and their configuration applied", TimeProvider.System.GetElapsedTime(begun).TotalSeconds, "s", "-");
        report.Figure("console's CPU for it", cpu.Lap() * 1000 / count, "ms an agent", "-");
        await Task.Delay(TimeSpan.FromSeconds(scale.Of(10, 2)));
        report.Figure("resident bytes an agent", (cpu.ResidentBytes - idle) / (double)count, "B", "-");

        var seconds = scale.Of(60, 10);
        using var until = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        cpu.Lap();
        var sent = await agents.BeatAsync(Heartbeat, until.Token);
        var share = cpu.Lap() / seconds;
        report.Figure("heartbeats answered", sent / (double)seconds, "a second", $"{count / Heartbeat.TotalSeconds:0}");
        report.Figure("console's CPU with heartbeats", share, "cores", "under 2");
        report.Figure("resident bytes an agent, after heartbeats", (cpu.ResidentBytes - idle) / (double)count, "B", "-");
        if (agents.Lost > 0) throw new InvalidOperationException($"{agents.Lost} of {count} connections were lost.");
    }
}
