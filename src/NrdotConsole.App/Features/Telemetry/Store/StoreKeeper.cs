using Microsoft.Extensions.Options;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>The store's clock: opens it before the ports accept, then every second does what is due.</summary>
internal sealed class StoreKeeper(SeriesStore store, Retention retention, RollUp rollUp, IOptions<StoreSettings> settings, TimeProvider time, ILogger<StoreKeeper> log) : BackgroundService
{
    const int RetryOpenSeconds = 5;

    static readonly TimeSpan MaintainEvery = TimeSpan.FromMinutes(10);

    public override async Task StartAsync(CancellationToken ct)
    {
        Open();
        await base.StartAsync(ct);
    }

    void Open()
    {
        var begun = time.GetTimestamp();
        if (store.TryOpen()) log.LogInformation("Series store open after {Elapsed}: {Series} series replayed", time.GetElapsedTime(begun), store.Stats().Series);
        else log.LogError("{Fault}", store.Stats().Health.Fault);
    }

    /// <summary>Roll-ups may take long: the log is written through meanwhile.</summary>
    protected override async Task ExecuteAsync(CancellationToken ct)
    {
        try
        {
            await Task.WhenAll(Task.Run(() => TickAsync(ct), ct), Task.Run(() => MaintainAsync(ct), ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The host ends.
        }
    }

    async Task TickAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(settings.Value.LogSyncInterval, time);
        var nextSeal = time.GetUtcNow() + Slot;
        for (long second = 0; await timer.WaitForNextTickAsync(ct); second++)
        {
            if (second % RetryOpenSeconds == 0 && !store.TryOpen()) continue;
            store.Sync();
            store.Sweep(Math.Max(8192, store.SeriesEnd / 15));
            if (store.IsSealUrgent) store.TrySealAll();
            if (time.GetUtcNow() < nextSeal) continue;
            store.TrySealNext();
            nextSeal += Slot;
        }
    }

    async Task MaintainAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(MaintainEvery, time);
        while (await timer.WaitForNextTickAsync(ct))
            if (store.IsOpen && rollUp.Run()) retention.Run();
    }

    /// <summary>Each bucket once a window.</summary>
    TimeSpan Slot => settings.Value.HeadWindow / SealSchedule.Buckets;
}
