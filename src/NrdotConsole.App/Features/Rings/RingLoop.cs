using NrdotConsole.App.Platform.Rings;
using System.Data.Common;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Rings;

/// <summary>Gives hosts a ring when telemetry or their agent first shows them. What cannot be written is tried again at the next look.</summary>
internal sealed class RingLoop(RingAssignments assignments, DesiredStates desired, SignalBoard board, AgentDirectory agents, TimeProvider time, ILogger<RingLoop> logger) : BackgroundService
{
    static readonly TimeSpan s_every = TimeSpan.FromSeconds(2), s_warnEvery = TimeSpan.FromMinutes(1);

    /// <summary>The directory keeps agents that are long gone; those are not seen.</summary>
    static readonly TimeSpan s_agentsWithin = TimeSpan.FromHours(2);

    DateTimeOffset _warnedAt;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await assignments.LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One look at everybody who is there.</summary>
    public async Task LookAsync(CancellationToken ct = default)
    {
        try
        {
            await assignments.SeeAsync(desired.Current.Rings, [.. Hosts()], ct);
        }
        catch (DbException fault)
        {
            if (time.GetUtcNow() - _warnedAt < s_warnEvery) return;
            _warnedAt = time.GetUtcNow();
            logger.LogWarning(fault, "New hosts could not be given a ring: console.db cannot be written. It is tried again every {Seconds} s. See whether its disk (Console:DataDirectory) is full or read-only.", s_every.TotalSeconds);
        }
    }

    /// <summary>A host that sends telemetry and has an agent counts once, by the name that its telemetry gives it.</summary>
    IEnumerable<HostIdentity> Hosts()
    {
        var since = time.GetUtcNow() - s_agentsWithin;
        return (board.Fleet(SignalScope.Fleet).Current?.Rows ?? []).Select(r => new HostIdentity(r.Tenant, r.HostKey, r.Name, r.Os))
            .Concat(agents.All.Where(a => a.LastSeen > since).Select(a => new HostIdentity(a.Tenant, a.HostKey, a.HostName, a.Os)))
            .Where(h => h.Key.Length > 0).DistinctBy(h => (h.Tenant, h.Key));
    }
}
