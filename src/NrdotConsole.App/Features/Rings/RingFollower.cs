using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Live;
using NrdotConsole.App.Platform.Rings;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Rings;

/// <summary>
/// Moves hosts once a Change of <c>rings.yaml</c> is applied, and back once it is rolled back. A rollout has moved its own by then; this is for
/// Changes that alter no agent's configuration, and for what a crash left undone: rows say what was done, so a look can be repeated.
/// </summary>
internal sealed class RingFollower(
    RingAssignments assignments, RingStore store, ChangeStore changes, ChangeLife life, ConfigRepository repository, DesiredStates desired, TimeProvider time, ILogger<RingFollower> logger) : BackgroundService
{
    /// <summary>Ended Changes looked at: far more than can end while a console is down.</summary>
    const int Newest = 200;

    static readonly TimeSpan s_every = TimeSpan.FromSeconds(30);

    readonly Wakeup _news = new();
    readonly HashSet<long> _settled = [];

    public async Task FollowAsync(CancellationToken ct = default)
    {
        var migrations = await store.MigrationsAsync(ct);
        var ended = (await changes.PageAsync(new([ChangeState.Applied, ChangeState.RolledBack]), new(0, Newest), ct)).Items;
        foreach (var change in ended.OrderBy(c => c.ChangedAt).ThenBy(c => c.Id))
        {
            var hasMoved = migrations.TryGetValue(change.Id, out var isBack);
            if (change.State == ChangeState.RolledBack && hasMoved && !isBack) await assignments.ReturnAsync(change.Id, ct);
            if (change.State == ChangeState.Applied && !hasMoved && !_settled.Contains(change.Id)) await MoveAsync(change, ct);
        }
    }

    async Task MoveAsync(Change change, CancellationToken ct)
    {
        if (change is { PreviousCommit: { } from, RollingCommit: { } to } && repository.Changes(from, to).Any(f => f.Path == RingEdit.File))
        {
            var plan = desired.At(to).Rings;
            if (!plan.PlacesAlike(desired.At(from).Rings)) await assignments.MoveAsync(change.Id, assignments.Preview(plan), ct);
        }
        _settled.Add(change.Id);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        life.Moved += OnMoved;
        try
        {
            while (true)
            {
                try
                {
                    await FollowAsync(stoppingToken);
                }
                catch (Exception fault) when (fault is not OperationCanceledException)
                {
                    logger.LogError(fault, "Hosts of an applied change could not be moved between rings; it is tried again every {Seconds} s. See whether the disk of console.db (Console:DataDirectory) is full or read-only.", s_every.TotalSeconds);
                }
                await _news.WaitAsync(s_every, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            life.Moved -= OnMoved;
        }
    }

    void OnMoved(Change change)
    {
        if (change.State is ChangeState.Applied or ChangeState.RolledBack) _news.Wake();
    }
}
