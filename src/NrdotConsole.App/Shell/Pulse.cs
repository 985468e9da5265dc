namespace NrdotConsole.App.Shell;

/// <summary>The one timer all circuits share: four beats a second, so that news shows at once and several news in one batch.</summary>
internal sealed class Pulse(TimeProvider clock, ILogger<Pulse> log) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    public event Action? Beat;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await Next(timer, stoppingToken))
        {
            foreach (var handler in Beat?.GetInvocationList() ?? [])
            {
                try
                {
                    ((Action)handler)();
                }
                catch (Exception fault)
                {
                    log.LogError(fault, "A page could not take its beat; the others go on");
                }
            }
        }
    }

    static async Task<bool> Next(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
