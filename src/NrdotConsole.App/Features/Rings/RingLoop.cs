using System.Data.Common;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Rings;

/// <summary>Gives hosts a ring when telemetry first shows them. What cannot be written is tried again at the next look.</summary>
internal sealed class RingLoop(RingAssignments assignments, DesiredStates desired, SignalBoard board, TimeProvider time, ILogger<RingLoop> logger) : BackgroundService
{
    static readonly TimeSpan s_every = TimeSpan.FromSeconds(2), s_warnEvery = TimeSpan.FromMinutes(1);

    DateTimeOffset _seenAt, _warnedAt;

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

    async Task LookAsync(CancellationToken ct)
    {
        if (board.Fleet(SignalScope.Fleet).Current is not { } fleet || fleet.At == _seenAt) return;
        try
        {
            await assignments.SeeAsync(desired.Current.Rings, [.. fleet.Rows.Where(r => r.HostKey.Length > 0).Select(r => new HostIdentity(r.Tenant, r.HostKey, r.Name, r.Os))], ct);
            _seenAt = fleet.At;
        }
        catch (DbException fault)
        {
            if (time.GetUtcNow() - _warnedAt < s_warnEvery) return;
            _warnedAt = time.GetUtcNow();
            logger.LogWarning(fault, "New hosts could not be given a ring: console.db cannot be written. It is tried again every {Seconds} s. See whether its disk (Console:DataDirectory) is full or read-only.", s_every.TotalSeconds);
        }
    }
}
