using System.Data.Common;

namespace NrdotConsole.App.Features.Agents;

/// <summary>Once a second: judges drift, writes what changed, and tells of agents that have fallen silent. At the end it writes the rest.</summary>
internal sealed class AgentLoop(
    AgentDirectory directory, AgentStore store, RestartOrders restarts, DriftWatch drift, AgentBoard board, OpAmpSettings settings, TimeProvider time, ILogger<AgentLoop> log) : BackgroundService
{
    static readonly TimeSpan LastSeenEvery = TimeSpan.FromMinutes(1), WarnEvery = TimeSpan.FromMinutes(1);

    DateTimeOffset _lastSeenAt = time.GetUtcNow(), _warnedAt = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TickAsync();
        }
        catch (OperationCanceledException)
        {
            // The console stops: what is left is written by StopAsync, once the connections have ended.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await SaveAsync(lastSeen: true);
    }

    internal async Task TickAsync()
    {
        Sweep();
        drift.Look();
        board.Tick();
        var lastSeen = time.GetUtcNow() - _lastSeenAt >= LastSeenEvery;
        if (lastSeen) _lastSeenAt = time.GetUtcNow();
        await SaveAsync(lastSeen);
    }

    /// <summary>An agent that polls is connected as long as it does; a WebSocket tells by itself when it ends.</summary>
    void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var entry in directory.Entries)
        {
            if (entry.Current is not { Connected: true, Transport: AgentTransport.Http } agent || now - agent.LastSeen <= entry.PollSilence(settings)) continue;
            lock (entry)
                if (entry.Current is { Connected: true, Transport: AgentTransport.Http } still && now - still.LastSeen > entry.PollSilence(settings)) directory.Publish(entry, still with { Connected = false });
        }
    }

    async Task SaveAsync(bool lastSeen)
    {
        try
        {
            while (await store.SaveAsync()) { }
            if (lastSeen) await store.SaveLastSeenAsync();
            await restarts.ExpireAsync(directory.Entries);
        }
        catch (DbException fault)
        {
            var now = time.GetUtcNow();
            if (now - _warnedAt < WarnEvery) return;
            _warnedAt = now;
            log.LogWarning("Agents could not be written ({Fault}); it is tried again each second, and what they told stays in memory meanwhile.", fault.Message);
        }
    }
}
