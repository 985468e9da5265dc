using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <content>From an approved Change to one that is applied or rolled back.</content>
internal sealed partial class ChangeLife
{
    /// <summary>
    /// Lets the rollout begin; while another Change moves or waits, it waits for its turn (<see cref="ChangeQueue"/>). Refused while the lever is
    /// pulled, in a freeze window (an emergency breaks it), and where main has moved so that the two do not fit, or so that hosts would run
    /// something else than was approved. One that alters no host is applied at once.
    /// </summary>
    public Task<ChangeResult> StartAsync(long id, ChangeCommand command, CancellationToken ct = default) => WithGitAsync(async () =>
    {
        if (await store.FindAsync(id, ct) is not { } seen) return ChangeResult.Refused(ChangeRefusal.NotFound(id));
        if (seen.State is ChangeState.Rolling || seen.QueuedAt is not null) return new(seen, null);
        if (ChangeStates.After(seen.State, ChangeStep.Start) is null) return await TakeAsync(command, id, _ => ChangeDecision.Take(ChangeStep.Start, "Started"), ct);
        if (MayNotStart(seen) is { } refusal) return new(seen, refusal);
        return await QueueAsync(seen, command, ct) ?? await StartLockedAsync(seen, command, "Started", ct);
    }, ct);

    async Task<ChangeResult> StartLockedAsync(Change seen, ChangeCommand command, string text, CancellationToken ct)
    {
        var head = repository.Head;
        var (merge, files) = repository.PreviewMerge(seen.Content.Commit);
        if (!merge.IsClean) return new(seen, NotMergeable(seen.Content.Commit));
        var rolling = head == seen.Content.BaseCommit ? seen.Content.Commit : Joined(seen, head, files, command.Actor);
        var (before, after) = (states.Current, states.At(rolling));
        if (rolling != seen.Content.Commit && ApprovalsNeeded(seen) > 0 && dryRuns.OtherThan(states.At(seen.Content.Commit), before, after) is > 0 and var hosts)
            return await ReturnMergedAsync(seen, command, head, rolling, hosts, ct);
        var dryRun = dryRuns.Run(before, after, seen.Content.Targets);
        if (dryRun.Errors.Count > 0) return new(seen, ChangeRefusal.Conflict("The fleet is no longer what it was when this was validated.", string.Join(" ", dryRun.Errors.Select(e => $"{e.Value}: {e.Mend}."))));
        var frozen = states.Rules.FreezeAt(time.GetUtcNow());
        var result = await TakeAsync(command with { Version = command.Version ?? seen.Version }, seen.Id, change =>
        {
            if (lever.IsPulled) return ChangeDecision.Refuse(LeverRefusal());
            return ChangeDecision.Take(ChangeStep.Start, frozen is null ? text : $"{text} through the freeze window '{frozen.Name}' as an emergency: {change.Reason}",
                change with { RollingCommit = rolling, PreviousCommit = head, Blast = dryRun.Blast }) with
            {
                DryRunJson = ChangeRow.Write(dryRun),
                Evidence = new { RollingCommit = rolling, PreviousCommit = head, MainMoved = head != change.Content.BaseCommit, dryRun.Blast, Inverse = new { From = rolling, To = head } },
            };
        }, ct);
        if (result is not { Refusal: null, Change.State: ChangeState.Rolling }) return result;
        return dryRun.Blast.Hosts - dryRun.Blast.NotSteerable > 0 ? result : await ApplyLockedAsync(seen.Id, "Applied: it alters no agent's configuration", null, ct);
    }

    /// <summary>Stops a rollout and takes back what it has altered.</summary>
    public Task<ChangeResult> AbortAsync(long id, ChangeCommand command, CancellationToken ct = default) => TakeBackAsync(id, command, ChangeStep.Abort, "Aborted", null, ct);

    /// <summary>Takes an applied Change back, or one that rolls. What was changed since stays; where that cannot be told apart, it is refused.</summary>
    public Task<ChangeResult> RollbackAsync(long id, ChangeCommand command, CancellationToken ct = default) => TakeBackAsync(id, command, ChangeStep.Rollback, "Rollback ordered", null, ct);

    /// <summary>A gate failed, or agents did: what was altered is taken back.</summary>
    public Task<ChangeResult> FailAsync(long id, string why, object? evidence = null, CancellationToken ct = default) => TakeBackAsync(id, new(Actor.System), ChangeStep.Rollback, why, evidence, ct);

    /// <summary>Every ring has passed: the Change becomes main, the desired state of the whole fleet.</summary>
    public Task<ChangeResult> ApplyAsync(long id, string text, object? evidence = null, CancellationToken ct = default) => WithGitAsync(() => ApplyLockedAsync(id, text, evidence, ct), ct);

    /// <summary>Every host is back on what it ran before.</summary>
    public Task<ChangeResult> FinishRollbackAsync(long id, string text, object? evidence = null, CancellationToken ct = default) => TakeAsync(new(Actor.System), id, change =>
        change.State == ChangeState.RolledBack ? ChangeDecision.Done : ChangeDecision.Take(ChangeStep.FinishRollback, text) with { Evidence = evidence }, ct);

    /// <summary>Something on the way that alters no state: a wave begun, a gate's verdict, a pause.</summary>
    public Task<ChangeResult> NoteAsync(long id, string text, object? evidence = null, CancellationToken ct = default) =>
        TakeAsync(new(Actor.System), id, _ => ChangeDecision.Take(ChangeStep.Note, text) with { Evidence = evidence }, ct);

    async Task<ChangeResult> ApplyLockedAsync(long id, string text, object? evidence, CancellationToken ct)
    {
        if (await store.FindAsync(id, ct) is not { } seen) return ChangeResult.Refused(ChangeRefusal.NotFound(id));
        if (seen.State == ChangeState.Applied) return new(seen, null);
        if (ChangeStates.After(seen.State, ChangeStep.Apply) is null) return await TakeAsync(new(Actor.System), id, _ => ChangeDecision.Take(ChangeStep.Apply, text), ct);
        var outcome = repository.Merge(seen.RollingCommit!, CommitAuthor.Console, $"{seen.Title}\n\nChange: {id}");
        if (!outcome.IsClean)
        {
            var why = string.Join("; ", outcome.Conflicts.Select(c => c.ToString()).Concat(outcome.Faults.Select(f => f.ToString())));
            return await TakeAsync(new(Actor.System), id, _ => ChangeDecision.Take(ChangeStep.Rollback, $"Main moved while it rolled, and the two do not fit together: {why}"), ct);
        }
        return await TakeAsync(new(Actor.System), id, _ => ChangeDecision.Take(ChangeStep.Apply, text) with { Evidence = evidence ?? new { outcome.Commit } }, ct);
    }

    Task<ChangeResult> TakeBackAsync(long id, ChangeCommand command, ChangeStep step, string text, object? evidence, CancellationToken ct) => WithGitAsync(async () =>
    {
        if (await store.FindAsync(id, ct) is not { } seen) return ChangeResult.Refused(ChangeRefusal.NotFound(id));
        if (seen.State is ChangeState.RollingBack or ChangeState.RolledBack) return new(seen, null);
        if (ChangeStates.After(seen.State, step) is null) return await TakeAsync(command, id, _ => ChangeDecision.Take(step, text), ct);
        if (command.Version is { } version && version != seen.Version) return await TakeAsync(command, id, _ => ChangeDecision.Take(step, text), ct);
        if (seen.State == ChangeState.Applied && await store.MovingAsync(id, ct) is { } other) return new(seen, other);
        var (reverted, refusal) = RevertMain(seen, command.Actor);
        if (refusal is not null) return new(seen, refusal);
        return await TakeAsync(command, id, _ => ChangeDecision.Take(step, text) with { Evidence = evidence ?? (reverted is null ? null : new { RevertCommit = reverted }) }, ct);
    }, ct);

    /// <summary>Takes the Change out of main where it is in it: an applied one, or one that a crash kept from being called so.</summary>
    (string? Commit, ChangeRefusal? Refusal) RevertMain(Change change, Actor actor)
    {
        var head = repository.Head;
        if (change is not { RollingCommit: { } rolling, PreviousCommit: { } previous } || !repository.IsAncestor(rolling, head)) return (null, null);
        var (edits, conflicts) = repository.Undo(rolling, previous, head);
        if (conflicts.Count > 0)
            return (null, ChangeRefusal.Conflict("Later changes stand on this one.", string.Join("\n", conflicts.Take(20)) + "\nRoll the later ones back first, or draft a change that says what should be."));
        if (edits.Count == 0) return (null, null);
        var files = new Dictionary<string, string>(repository.Tree(head).Files, StringComparer.Ordinal);
        foreach (var (path, text) in edits)
        {
            if (text is null) files.Remove(path);
            else files[path] = text;
        }
        if (ConfigValidation.Validate(files) is { IsValid: false } report)
            return (null, ChangeRefusal.Conflict("Without this change the files do not validate.", string.Join("\n", report.Errors.Take(20)) + "\nDraft a change that says what should be."));
        var commit = repository.Commit(ConfigRepository.Main, head, edits, CommitAuthor.Of(actor), $"Revert \"{change.Title}\"\n\nReverts-Change: {change.Id}");
        return commit is null ? (null, ChangeRefusal.Conflict("Main moved at the same moment.", "Try again.")) : (commit, null);
    }

    ChangeRefusal? MayNotStart(Change change)
    {
        if (lever.IsPulled) return LeverRefusal();
        var needed = ApprovalsNeeded(change);
        if (change.ValidApprovals.Count < needed)
            return ChangeRefusal.Conflict("It lacks approvals.", $"The rules on main ask for {needed} of these files by now, and {change.ValidApprovals.Count} hold. Edit it to begin its review again.");
        var now = time.GetUtcNow();
        if (change.Emergency || states.Rules.FreezeAt(now) is not { } freeze) return null;
        return ChangeRefusal.Conflict($"The freeze window '{freeze.Name}' holds.",
            $"{(FreezeEnd(now) is { } end ? $"It ends at {end:u}. " : "")}What cannot wait is drafted as an emergency, with its reason.");
    }

    /// <summary>The first minute within a month that no window holds.</summary>
    DateTimeOffset? FreezeEnd(DateTimeOffset at)
    {
        const int month = 31 * 24 * 60;
        var minute = new DateTimeOffset(at.Ticks - at.Ticks % TimeSpan.TicksPerMinute, at.Offset);
        for (var i = 1; i <= month; i++)
        {
            if (states.Rules.FreezeAt(minute.AddMinutes(i)) is null) return minute.AddMinutes(i);
        }
        return null;
    }

    ChangeRefusal LeverRefusal() => ChangeRefusal.Conflict("The safety lever is pulled.",
        $"{lever.State.Current!.Actor} pulled it{(lever.State.Current.Reason.Length > 0 ? $": {lever.State.Current.Reason}" : "")}. Release it with a reason, then start.");

    /// <summary>The content and what main became since, as one commit on the Change's branch.</summary>
    string Joined(Change change, string head, IReadOnlyDictionary<string, string> files, Actor actor)
    {
        var onto = repository.Tree(change.Content.Commit).Files;
        var edits = onto.Keys.Union(files.Keys).Where(p => onto.GetValueOrDefault(p) != files.GetValueOrDefault(p)).ToDictionary(p => p, p => files.GetValueOrDefault(p), StringComparer.Ordinal);
        if (edits.Count == 0) return change.Content.Commit;
        repository.SetBranch(BranchOf(change.Id), change.Content.Commit);
        return repository.Commit(BranchOf(change.Id), change.Content.Commit, edits, CommitAuthor.Of(actor), $"{change.Title}, with main at {head[..10]}\n\nChange: {change.Id}")!;
    }
}
