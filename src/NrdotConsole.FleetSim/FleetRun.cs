using System.Net.Sockets;
using NrdotConsole.FleetSim.Agents;
using NrdotConsole.FleetSim.Cli;
using NrdotConsole.FleetSim.Local;
using NrdotConsole.FleetSim.Sending;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim;

/// <summary>Runs a world against a receiver until told to stop: first its history, then along with the clock.</summary>
sealed class FleetRun(SimOptions options, TimeProvider time, TextWriter output)
{
    const int Lanes = 8, LanePlaces = 2_000;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200), ReportEvery = TimeSpan.FromSeconds(10), Patience = TimeSpan.FromSeconds(5);

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (!await ReceiverIsUpAsync(cancel))
        {
            if (!cancel.IsCancellationRequested) await output.WriteLineAsync($"Nothing listens at {options.Endpoint} after {options.Wait.TotalSeconds:0} s. Is the console running? --wait sets how long to wait.");
            return cancel.IsCancellationRequested ? 0 : 1;
        }
        using var transport = Transport.Open(options);
        await using var sender = new BatchSender(transport.Exporter, Math.Clamp(options.World.Hosts + 1, 1, Lanes), LanePlaces, time);
        var report = new RunReport(sender.Counters, time, output);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (options.Duration is { } duration) limit.CancelAfter(duration);
        using var reportTimer = time.CreateTimer(_ => report.Line(), null, ReportEvery, ReportEvery);
        try
        {
            await PlayAsync(sender, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
        }
        await sender.DrainAsync(Patience);
        report.Total();
        return 0;
    }

    async Task PlayAsync(BatchSender sender, CancellationToken cancel)
    {
        var live = time.GetUtcNow();
        var world = new World(options.World, live - options.Backfill, live);
        var local = OpenLocal(sender, live);
        void Send(SimBatch batch) => sender.TryEnqueue(batch.Host.Index, batch.Body, batch.Points);

        var begun = time.GetTimestamp();
        for (var at = live - options.Backfill; at < live; at += TimeSpan.FromSeconds(1))
        {
            await sender.RoomAsync(cancel);
            if (options.Speed > 0)
            {
                var due = (at - (live - options.Backfill)) / options.Speed - time.GetElapsedTime(begun);
                if (due > TimeSpan.FromMilliseconds(20)) await Task.Delay(due, time, cancel);
            }
            world.Step(at, Send);
        }
        using var agents = options.Agents is { } speaking ? new AgentFleet(world, speaking, time) : null;
        using var timer = new PeriodicTimer(Tick, time);
        var talking = agents?.RunAsync(cancel) ?? Task.CompletedTask;
        try
        {
            await LiveAsync(timer, world, agents, local, sender, Send, cancel);
        }
        finally
        {
            await talking;
        }
    }

    async Task LiveAsync(PeriodicTimer timer, World world, AgentFleet? agents, LocalReporter? local, BatchSender sender, Action<SimBatch> send, CancellationToken cancel)
    {
        do
        {
            agents?.Step(time.GetUtcNow());
            world.Step(time.GetUtcNow(), send);
            local?.Step(time.GetUtcNow(), (body, points) => sender.TryEnqueue(options.World.Hosts, body, points));
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    LocalReporter? OpenLocal(BatchSender sender, DateTimeOffset now)
    {
        if (!options.Local) return null;
        var local = new LocalOptions(CommandLine: options.CommandLine) { Interval = options.World.Interval };
        if (LocalReporter.IsPossible(local)) return new(local, Environment.MachineName, sender.Counters, now);
        output.WriteLine("fleet: this machine has no /proc, so --local has nothing to report.");
        return null;
    }

    async Task<bool> ReceiverIsUpAsync(CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(options.Endpoint.Host, options.Endpoint.Port, cancel);
                return true;
            }
            catch (SocketException) when (time.GetElapsedTime(started) < options.Wait)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250), time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (SocketException)
            {
                return false;
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
        return false;
    }
}
