using NrdotConsole.App.Platform.ConfigRepo;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Once at the start: branches that a crash left without their rows are removed. Each hour: Changes that waited too long expire.</summary>
internal sealed class ChangeKeeper(ChangeLife life, ChangeStore store, ConfigRepository repository, TimeProvider time, ILogger<ChangeKeeper> log) : BackgroundService
{
    static readonly TimeSpan s_every = TimeSpan.FromHours(1);

    public async Task SweepAsync(CancellationToken ct = default)
    {
        foreach (var (branch, _) in repository.Branches(ChangeLife.BranchOf(0)[..^1]))
        {
            if (long.TryParse(branch.AsSpan(branch.IndexOf('/') + 1), out var id) && await store.FindAsync(id, ct) is null) repository.DeleteBranch(branch);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            do
            {
                try
                {
                    await life.ExpireAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    log.LogError(fault, "Looking for changes that have waited too long failed; it is tried again within the hour");
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The console stops.
        }
    }
}
