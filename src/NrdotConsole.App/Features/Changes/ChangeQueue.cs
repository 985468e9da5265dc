using NrdotConsole.App.Platform.Lever;
using NrdotConsole.App.Platform.Live;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Gives the next Change that waits its turn once the one before has ended, the lever is released, or a freeze window is over.</summary>
internal sealed class ChangeQueue(ChangeLife life, SafetyLever lever, TimeProvider time, ILogger<ChangeQueue> log) : BackgroundService
{
    /// <summary>For what no event tells: the end of a freeze window, a start of the console.</summary>
    static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    readonly Wakeup _news = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        life.Moved += OnMoved;
        lever.State.Changed += OnLever;
        using var timer = time.CreateTimer(_ => _news.Wake(), null, TimeSpan.Zero, s_every);
        try
        {
            while (true)
            {
                await _news.WaitAsync(stoppingToken);
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The console stops; the queue is rows.
        }
        finally
        {
            life.Moved -= OnMoved;
            lever.State.Changed -= OnLever;
        }
    }

    async Task LookAsync(CancellationToken ct)
    {
        try
        {
            await life.StartNextAsync(ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogError(fault, "A change that waits could not be started; it is tried again every {Seconds} s. See whether the disk of console.db (Console:DataDirectory) is full or read-only.", s_every.TotalSeconds);
        }
    }

    void OnMoved(Change change)
    {
        if (!ChangeStates.IsMoving(change.State)) _news.Wake();
    }

    void OnLever(LeverState state) => _news.Wake();
}
