using NrdotConsole.FleetSim.Agents;
using NrdotConsole.FleetSim.Worlds;
using NrdotConsole.Protocol.OpAmp;
using NrdotConsole.Supervisor.Tests;

namespace NrdotConsole.FleetSim.Tests;

/// <summary>One simulated host's agent and the console's end of OpAMP on a real port.</summary>
public sealed class AgentTests : IAsyncDisposable
{
    readonly CancellationTokenSource _ending = new();
    TestConsole _console = null!;
    World _world = null!;
    Task _running = Task.CompletedTask;

    async Task StartAsync(AgentFaults? faults = null)
    {
        _console = await TestConsole.StartAsync();
        var begin = TimeProvider.System.GetUtcNow();
        _world = new World(new() { Hosts = 1, Interval = TimeSpan.FromSeconds(1) }, begin, begin);
        _running = Task.Run(async () =>
        {
            using var fleet = new AgentFleet(_world, new(_console.WebSocket, "enrol-me") { Faults = faults ?? AgentFaults.None, Heartbeat = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);
            var talking = fleet.RunAsync(_ending.Token);
            while (!_ending.IsCancellationRequested)
            {
                fleet.Step(TimeProvider.System.GetUtcNow());
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
            await talking;
        });
        await _console.HearAsync(m => m.Description is not null);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        await _console.DisposeAsync();
        _ending.Dispose();
    }

    static AgentFaults Always(AgentFault fault) => new([(fault, 1)]);

    [Fact]
    public async Task A_configuration_that_comes_is_run_and_told()
    {
        await StartAsync();
        var text = AppliedConfigTests.Render("conservative");
        Assert.Equal(RemoteConfigStatuses.Applied, (await _console.OutcomeAsync(_console.Offer(text))).Status);
        Assert.Equal("conservative", _world.Hosts[0].Applied?.Profile);
    }

    [Fact]
    public async Task One_that_no_collector_could_build_is_refused()
    {
        await StartAsync();
        var outcome = await _console.OutcomeAsync(_console.Offer("receivers: {}"));
        Assert.Equal(RemoteConfigStatuses.Failed, outcome.Status);
        Assert.Null(_world.Hosts[0].Applied);
    }

    [Fact]
    public async Task An_agent_told_to_reject_does()
    {
        await StartAsync(Always(AgentFault.Reject));
        Assert.Equal(RemoteConfigStatuses.Failed, (await _console.OutcomeAsync(_console.Offer(AppliedConfigTests.Render("balanced")))).Status);
    }

    [Fact]
    public async Task A_crash_loop_is_told_and_the_last_good_one_runs_again()
    {
        await StartAsync(Always(AgentFault.Crash));
        var hash = _console.Offer(AppliedConfigTests.Render("emergency"));
        Assert.False((await _console.HearAsync(m => m.Health is { Healthy: false })).Health!.Healthy);
        Assert.Contains("panic", (await _console.OutcomeAsync(hash)).Error, StringComparison.Ordinal);
        Assert.NotEqual("emergency", _world.Hosts[0].Applied?.Profile);
    }

    [Fact]
    public async Task One_that_hangs_says_that_it_applies_and_nothing_after()
    {
        await StartAsync(Always(AgentFault.Hang));
        _console.Offer(AppliedConfigTests.Render("balanced"));
        await _console.HearAsync(m => m.RemoteConfigStatus is { Status: RemoteConfigStatuses.Applying });
        for (var beats = 0; beats < 3; beats++) Assert.Null((await _console.HearAsync(_ => true)).RemoteConfigStatus);
    }
}
