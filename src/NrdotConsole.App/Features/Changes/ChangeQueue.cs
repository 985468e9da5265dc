using NrdotConsole.App.Platform.Lever;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Gives the next Change that waits its turn once the one before has ended, the lever is released, or a freeze window is over.</summary>
internal sealed class ChangeQueue(ChangeLife life, SafetyLever lever, TimeProvider time, ILogger<ChangeQueue> log) : BackgroundService
{
    /// <summary>For what no event tells: the end of a freeze window, a start of the console.</summary>
    static readonly TimeSpan s_every = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _news = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        life.Moved += OnMoved;
        lever.State.Changed += OnLever;
        using var timer = time.CreateTimer(_ => Wake(), null, TimeSpan.Zero, s_every);
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
        if (!ChangeStates.IsMoving(change.State)) Wake();
    }

    void OnLever(LeverState state) => Wake();

    void Wake()
    {
        try
        {
            if (_news.CurrentCount == 0) _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else was faster: it is awake.
        }
    }

    public override void Dispose()
    {
        _news.Dispose();
        base.Dispose();
    }
}
