namespace NrdotConsole.App.Features.Experiments;

/// <summary>Steps the experiments twice a minute. A fault is told once in ten minutes, and tried again.</summary>
internal sealed class ExperimentLoop(ExperimentRunner runner, TimeProvider time, ILogger<ExperimentLoop> log) : BackgroundService
{
    static readonly TimeSpan s_every = TimeSpan.FromSeconds(30), s_warnEvery = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var warnedAt = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await runner.StepAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    if (time.GetUtcNow() - warnedAt < s_warnEvery) continue;
                    warnedAt = time.GetUtcNow();
                    log.LogError(fault, "The experiments could not be sampled; it is tried again every 30 s. See whether the disk of console.db is full or read-only.");
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The console stops.
        }
    }
}
