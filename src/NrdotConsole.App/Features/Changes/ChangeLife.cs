using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>
/// The commands of a Change's life. Each is safe to send twice: one that was carried out before answers with the Change as it is.
/// People's commands are refused with a reason; the rollout engine's (<see cref="ApplyAsync"/>, <see cref="FailAsync"/>,
/// <see cref="FinishRollbackAsync"/>, <see cref="NoteAsync"/>) tell what happened to the fleet.
/// </summary>
internal sealed class ChangeLife(ChangeStore store, ConfigRepository repository, DesiredStates states, Approvers approvers, SafetyLever lever, TimeProvider time)
{
    /// <summary>After every step that was written, with the Change as it is now. Handlers return at once.</summary>
    public event Action<Change>? Moved;

    public async Task<ChangeResult> ApproveAsync(long id, ChangeCommand command, CancellationToken ct = default)
    {
        if (await store.FindAsync(id, ct) is not { } seen) return ChangeResult.Refused(ChangeRefusal.NotFound(id));
        var rules = states.Rules;
        var needed = rules.ApprovalsFor(repository.Changes(seen.Content.BaseCommit, seen.Content.Commit).Select(f => f.Path));
        var able = await approvers.OfAsync(seen.Blast?.Tenants ?? [], ct);
        return await TakeAsync(command, id, change =>
        {
            if (change.ValidApprovals.Any(a => a.Account == command.Actor.Account)) return ChangeDecision.Done;
            var verdict = ApprovalRule.Judge(change.Authors, command.Actor.Account, able);
            if (!verdict.Counts) return ChangeDecision.Refuse(ChangeRefusal.Forbidden("This approval does not count.", verdict.WhyNot + "."));
            var approval = new Approval(command.Actor.Account, change.Revision, change.Hash, time.GetUtcNow(), command.Reason, verdict.Self);
            var have = change.ValidApprovals.Count + 1;
            var text = (have >= needed ? "Approved" : $"Approved ({have} of {needed})") + (verdict.Self ? $" ({ApprovalRule.SelfNote})" : "");
            return ChangeDecision.Take(have >= needed ? ChangeStep.EnoughApprovals : ChangeStep.Approve, text, approval: approval)
                with { Evidence = new { change.Hash, Approvals = have, Needed = needed, verdict.Self } };
        }, ct);
    }

    public Task<ChangeResult> RejectAsync(long id, ChangeCommand command, CancellationToken ct = default) => TakeAsync(command, id, change =>
        change.State == ChangeState.Refused ? ChangeDecision.Done : ChangeDecision.Take(ChangeStep.Reject, "Rejected"), ct);

    /// <summary>Lets the rollout begin. Refused while the lever is pulled, in a freeze window (an emergency breaks it), and while another Change moves.</summary>
    public Task<ChangeResult> StartAsync(long id, ChangeCommand command, CancellationToken ct = default) => TakeAsync(command, id, change =>
    {
        if (change.State is ChangeState.Rolling) return ChangeDecision.Done;
        if (lever.IsPulled) return ChangeDecision.Refuse(ChangeRefusal.Conflict("The safety lever is pulled.", $"{lever.State.Current!.Actor} pulled it. Release it with a reason, then start."));
        return ChangeDecision.Take(ChangeStep.Start, "Started", change with { RollingCommit = change.Content.Commit, PreviousCommit = change.Content.BaseCommit });
    }, ct);

    /// <summary>Stops a rollout and takes back what it has altered.</summary>
    public Task<ChangeResult> AbortAsync(long id, ChangeCommand command, CancellationToken ct = default) => TakeAsync(command, id, change =>
        change.State is ChangeState.RollingBack or ChangeState.RolledBack ? ChangeDecision.Done : ChangeDecision.Take(ChangeStep.Abort, "Aborted"), ct);

    /// <summary>Takes an applied Change back, or one that rolls.</summary>
    public Task<ChangeResult> RollbackAsync(long id, ChangeCommand command, CancellationToken ct = default) => TakeAsync(command, id, change =>
        change.State is ChangeState.RollingBack or ChangeState.RolledBack ? ChangeDecision.Done : ChangeDecision.Take(ChangeStep.Rollback, "Rollback ordered"), ct);

    /// <summary>Every ring has passed: the Change is the desired state of the whole fleet.</summary>
    public Task<ChangeResult> ApplyAsync(long id, string text, object? evidence = null, CancellationToken ct = default) => TakeAsync(new(Actor.System), id, change =>
        change.State == ChangeState.Applied ? ChangeDecision.Done : ChangeDecision.Take(ChangeStep.Apply, text) with { Evidence = evidence }, ct);

    /// <summary>A gate failed, or agents did: what was altered is taken back.</summary>
    public Task<ChangeResult> FailAsync(long id, string why, object? evidence = null, CancellationToken ct = default) => TakeAsync(new(Actor.System), id, change =>
        change.State is ChangeState.RollingBack or ChangeState.RolledBack ? ChangeDecision.Done : ChangeDecision.Take(ChangeStep.Rollback, why) with { Evidence = evidence }, ct);

    /// <summary>Every host is back on what it ran before.</summary>
    public Task<ChangeResult> FinishRollbackAsync(long id, string text, object? evidence = null, CancellationToken ct = default) => TakeAsync(new(Actor.System), id, change =>
        change.State == ChangeState.RolledBack ? ChangeDecision.Done : ChangeDecision.Take(ChangeStep.FinishRollback, text) with { Evidence = evidence }, ct);

    /// <summary>Something on the way that alters no state: a wave begun, a gate's verdict, a pause.</summary>
    public Task<ChangeResult> NoteAsync(long id, string text, object? evidence = null, CancellationToken ct = default) =>
        TakeAsync(new(Actor.System), id, _ => ChangeDecision.Take(ChangeStep.Note, text) with { Evidence = evidence }, ct);

    async Task<ChangeResult> TakeAsync(ChangeCommand command, long id, Func<Change, ChangeDecision> decide, CancellationToken ct)
    {
        var written = false;
        var result = await store.TakeAsync(command, id, change =>
        {
            var decision = decide(change);
            written = decision is { Already: false, Refusal: null };
            return decision;
        }, ct);
        if (written && result is { Change: { } change, Refusal: null }) Moved?.Invoke(change);
        return result;
    }
}
