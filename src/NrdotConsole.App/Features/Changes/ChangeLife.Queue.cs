using NrdotConsole.App.Platform.Audit;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <content>Approved Changes that wait for another one to end.</content>
internal sealed partial class ChangeLife
{
    public const int MostQueued = 20;

    /// <summary>Takes it out of the queue; it stays approved.</summary>
    public Task<ChangeResult> UnqueueAsync(long id, ChangeCommand command, CancellationToken ct = default) => TakeAsync(command, id, change =>
        change.QueuedAt is null ? ChangeDecision.Done : ChangeDecision.Take(ChangeStep.Unqueue, "Taken out of the queue"), ct);

    /// <summary>
    /// Starts the first that waits and may start, against what main is by now. One that main has overtaken goes back to draft with the reason, and
    /// the next gets its turn. Nothing happens while another Change moves or the lever is pulled; a freeze window lets emergencies through.
    /// </summary>
    public Task StartNextAsync(CancellationToken ct = default) => WithGitAsync(async () =>
    {
        ChangeResult last = new(null, null);
        if (lever.IsPulled || await store.MovingNowAsync(ct) is not null) return last;
        foreach (var next in await store.QueueAsync(ct))
        {
            if (!next.Emergency && states.Rules.FreezeAt(time.GetUtcNow()) is not null) break;
            var command = new ChangeCommand(Actor.System, $"started by {next.QueuedBy}", next.Version);
            last = next.ValidApprovals.Count < ApprovalsNeeded(next)
                ? await UnqueueAsync(next.Id, command with { Reason = $"the rules on main ask for {ApprovalsNeeded(next)} approvals by now, and {next.ValidApprovals.Count} hold" }, ct)
                : await StartLockedAsync(next, command, "Started from the queue", ct);
            if (last.Change is { } now && ChangeStates.IsMoving(now.State)) break;
            if (last is { Refusal: { } refusal, Change: { QueuedAt: not null } still } && still.Version == next.Version && !lever.IsPulled)
                last = await ReturnAsync(still, command, $"{refusal.Title} {refusal.Detail}", still.Content, ct);
        }
        return last;
    }, ct);

    /// <summary>Null where nothing moves or waits before it: it may start.</summary>
    async Task<ChangeResult?> QueueAsync(Change seen, ChangeCommand command, CancellationToken ct)
    {
        var (moving, queue) = (await store.MovingNowAsync(ct), await store.QueueAsync(ct));
        if (moving is null && queue.Count == 0) return null;
        if (queue.Count >= MostQueued) return new(seen, ChangeRefusal.Conflict("The queue is full.", $"{queue.Count} changes wait to start. Take one out, or wait until one has ended."));
        var before = queue.Count(c => c.Emergency || !seen.Emergency);
        var (id, title) = moving ?? (queue[0].Id, queue[0].Title);
        return await TakeAsync(command, seen.Id, _ => lever.IsPulled ? ChangeDecision.Refuse(LeverRefusal())
            : ChangeDecision.Take(ChangeStep.Queue, $"Waits for change {id}, {title}{(before > 0 ? $", and {before} before it" : "")}"), ct);
    }

    /// <summary>Main moved, so that hosts would run something else than was approved: what it holds is both by now, to be approved anew.</summary>
    async Task<ChangeResult> ReturnMergedAsync(Change seen, ChangeCommand command, string head, string merged, int hosts, CancellationToken ct)
    {
        var why = $"Main has moved since this was approved: {(hosts == 1 ? "1 host" : $"{hosts} hosts")} would run another configuration than was agreed to";
        var result = await ReturnAsync(seen, command, why, seen.Content with { BaseCommit = head, Commit = merged, Tree = repository.TreeId(merged) }, ct);
        if (result.Refusal is not null) return result;
        var validated = await ValidateAsync(seen.Id, new(Actor.System), ct);
        return new(validated.Change ?? result.Change, ChangeRefusal.Conflict(why + ".", "It holds main as it is now, and is to be approved anew."));
    }

    Task<ChangeResult> ReturnAsync(Change seen, ChangeCommand command, string why, ChangeContent content, CancellationToken ct) =>
        TakeAsync(command with { Version = command.Version ?? seen.Version }, seen.Id, change => ChangeDecision.Take(ChangeStep.Return, $"Back to draft: {why}",
            change with { Content = content, Hash = content.Hash(change.Kind, change.Emergency), Revision = change.Revision + 1, Blast = null })
            with { Evidence = new { content.BaseCommit, content.Commit, VoidedApprovals = change.ValidApprovals.Select(a => a.Account) } }, ct);
}
