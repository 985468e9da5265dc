using NrdotConsole.App.Platform.Lever;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>
/// The commands of a Change's life. Each is safe to send twice: one that was carried out before answers with the Change as it is.
/// Where a command writes Git and the row, Git comes first and by a write that can be repeated: a crash between the two leaves the Change
/// where it was. People's commands are refused with a reason; the rollout engine's (<see cref="ApplyAsync"/>, <see cref="FailAsync"/>,
/// <see cref="FinishRollbackAsync"/>, <see cref="NoteAsync"/>) tell what happened to the fleet.
/// </summary>
internal sealed partial class ChangeLife(
    ChangeStore store, ConfigRepository repository, DesiredStates states, DryRunner dryRuns, Approvers approvers, SafetyLever lever, TimeProvider time) : IDisposable
{
    /// <summary>Commands that write Git come one after the other.</summary>
    readonly SemaphoreSlim _git = new(1, 1);

    /// <summary>After every step that was written, with the Change as it is now. Handlers return at once.</summary>
    public event Action<Change>? Moved;

    /// <summary>The branch of a Change in the config repository.</summary>
    public static string BranchOf(long id) => $"changes/{id}";

    public async Task<ChangeResult> ApproveAsync(long id, ChangeCommand command, CancellationToken ct = default)
    {
        if (await store.FindAsync(id, ct) is not { } seen) return ChangeResult.Refused(ChangeRefusal.NotFound(id));
        var needed = ApprovalsNeeded(seen);
        var able = await approvers.OfAsync(seen.Blast?.Tenants ?? [], ct);
        return await TakeAsync(command, id, change =>
        {
            if (change.ValidApprovals.Any(a => a.Account == command.Actor.Account)) return ChangeDecision.Done;
            if (change.Hash != seen.Hash) return ChangeDecision.Refuse(ChangeRefusal.Conflict("The change was edited while it was approved.", "Look at what it is now, and decide anew."));
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
        change.State == ChangeState.Refused ? ChangeDecision.Done
        : string.IsNullOrWhiteSpace(command.Reason) ? ChangeDecision.Refuse(ChangeRefusal.Invalid(new Platform.Api.Fault("reason", "", "why it is rejected: its author wants to know")))
        : ChangeDecision.Take(ChangeStep.Reject, "Rejected"), ct);

    /// <summary>Ends Changes that have waited longer than the rules allow.</summary>
    public async Task<int> ExpireAsync(CancellationToken ct = default)
    {
        var (expired, limit) = (0, states.Rules.ApprovalExpires);
        var waiting = await store.PageAsync(new([ChangeState.Draft, ChangeState.Validated, ChangeState.Approved]), new(0, Platform.Api.PageRequest.MaxLimit), ct);
        foreach (var old in waiting.Items.Where(c => c.QueuedAt is null && time.GetUtcNow() - c.ChangedAt > limit))
        {
            var result = await TakeAsync(new(Actor.System, Version: old.Version), old.Id, _ => ChangeDecision.Take(ChangeStep.Expire, $"Expired: nobody touched it for {limit.TotalDays:0.#} d"), ct);
            if (result.Refusal is null) expired++;
        }
        return expired;
    }

    /// <summary>Approvals that the rules on main ask for; none of what a guardrail drafted.</summary>
    public int ApprovalsNeeded(Change change) => ApprovalRule.IsAgreedBeforehand(change) ? 0 : states.Rules.ApprovalsFor(repository.Changes(change.Content.BaseCommit, change.Content.Commit).Select(f => f.Path));

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

    async Task<ChangeResult> WithGitAsync(Func<Task<ChangeResult>> command, CancellationToken ct)
    {
        await _git.WaitAsync(ct);
        try
        {
            return await command();
        }
        finally
        {
            _git.Release();
        }
    }

    public void Dispose() => _git.Dispose();
}
