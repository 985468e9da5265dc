using NrdotConsole.App.Platform.Lever;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Flags;

/// <summary>
/// Makes the repository follow a trip: one Change that disables the flag, started as soon as nothing else moves. Every step can be
/// repeated, so a crash or a refusal between two only costs time.
/// </summary>
internal sealed class TripChanges(ConfigRepository repository, FlagStore store, ChangeLife changes, ChangeStore changeStore, SafetyLever lever, TimeProvider time, ILogger<TripChanges> logger)
{
    public static readonly Actor Guard = new("flag guardrail", ActorKind.System, null);

    /// <summary>How long a Change that could not be started waits: each try looks at the whole fleet.</summary>
    public static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(30);

    readonly Dictionary<long, DateTimeOffset> _retryAt = [];

    /// <summary>A person refused the Change or took it back, or turned the flag on after it was applied: the flag is theirs. A rollout that failed by itself overrules nothing.</summary>
    public async Task<bool> IsOverruledAsync(FlagTrip trip, CancellationToken ct = default)
    {
        if (trip.ChangeId is not { } id || await changeStore.FindAsync(id, ct) is not { } change) return false;
        if (change.State != ChangeState.RolledBack) return change.State is ChangeState.Refused or ChangeState.Applied;
        return (await changeStore.EventsAsync(id, ct)).Any(e => e.Step is ChangeStep.Abort or ChangeStep.Rollback && e.Actor != Actor.System.Name);
    }

    /// <returns>The trip bound to its Change, where it had none before.</returns>
    public async Task<FlagTrip?> AdvanceAsync(FlagTrip trip, CancellationToken ct = default)
    {
        if (trip.ChangeId is { } id)
        {
            await RunAsync(id, ct);
            return null;
        }
        if (await DraftAsync(trip, ct) is not { } draft) return null;
        await store.BindAsync(trip.Key, draft.Id, ct);
        await RunAsync(draft.Id, ct);
        return trip with { ChangeId = draft.Id };
    }

    async Task<Change?> DraftAsync(FlagTrip trip, CancellationToken ct)
    {
        var head = repository.Head;
        if (repository.File(head, FlagEdit.File) is not { } file) return null;
        var made = await changes.CreateAsync(Guard, new(ChangeKind.Flag, $"Turn {trip.Key} off: its guardrail broke", $"{FlagWords.Trip(trip)}. It is off for OpenFeature clients already; this makes collectors follow.")
        {
            Edits = new Dictionary<string, string?> { [FlagEdit.File] = ConfigEdit.Set(file.Text, ["features", trip.Key, "enabled"], false) }, BaseCommit = head,
            Emergency = true, Origin = ApprovalRule.Guardrail, RequestKey = $"guardrail-{trip.Key}-{trip.At.ToUnixTimeMilliseconds()}",
        }, ct);
        if (made.Refusal is { } refusal) logger.LogWarning("The flag {Flag} is off for clients, but no change could be drafted that turns it off for collectors. {Title} {Detail}", trip.Key, refusal.Title, refusal.Detail);
        return made.Change;
    }

    async Task RunAsync(long id, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (_retryAt.TryGetValue(id, out var at) && now < at) return;
        if (await changeStore.FindAsync(id, ct) is not { State: ChangeState.Draft or ChangeState.Validated or ChangeState.Approved } change)
        {
            _retryAt.Remove(id);
            return;
        }
        _retryAt[id] = now + RetryEvery;
        if (lever.IsPulled || await changeStore.MovingAsync(id, ct) is not null) return;
        var result = change.State == ChangeState.Approved ? new(change, null) : await changes.ValidateAsync(id, new(Guard), ct);
        if (result is { Refusal: null, Change.State: ChangeState.Approved }) result = await changes.StartAsync(id, new(Guard, change.Reason), ct);
        if (result.Refusal is { } refusal)
            logger.LogWarning("Change {Change}, which turns a flag off for collectors, waits: {Title} {Detail} It is tried again in {Seconds} s.", id, refusal.Title, refusal.Detail, RetryEvery.TotalSeconds);
    }
}
