using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <content>From an edit to a Change that can be approved.</content>
internal sealed partial class ChangeLife
{
    /// <summary>Commits the edits on a branch of their own and opens a draft.</summary>
    public Task<ChangeResult> CreateAsync(Actor actor, NewChange wanted, CancellationToken ct = default) => WithGitAsync(async () =>
    {
        if (await store.ByRequestAsync(wanted.RequestKey, ct) is { } before) return new(before, null);
        if (wanted.Faults() is { Count: > 0 } faults) return ChangeResult.Refused(ChangeRefusal.Invalid(faults));
        if (wanted.BaseCommit is { } named && repository.Find(named) is null) return ChangeResult.Refused(ChangeRefusal.Invalid(new Fault("baseCommit", named, "a commit of the config repository")));
        if (wanted.Commit is { } pushed && repository.Find(pushed) is null) return ChangeResult.Refused(ChangeRefusal.Invalid(new Fault("commit", pushed, "a commit of the config repository")));
        var onto = wanted.BaseCommit ?? repository.Head;
        var id = await store.ReserveAsync(ct);
        var branch = BranchOf(id);
        string commit;
        if (wanted.Commit is not null) repository.SetBranch(branch, commit = repository.Find(wanted.Commit)!);
        else if (SameAs(onto, wanted.Edits)) return ChangeResult.Refused(ChangeRefusal.Invalid(new Fault("edits", string.Join(", ", wanted.Edits.Keys), "files that differ from what they are now")));
        else commit = repository.Commit(branch, onto, wanted.Edits, CommitAuthor.Of(actor), Message(id, wanted.Title, wanted.Reason))!;

        var content = new ChangeContent(onto, commit, repository.TreeId(commit), wanted.Targets, wanted.Rollout);
        var now = time.GetUtcNow();
        var draft = new Change(id, 1, 1, wanted.Kind, wanted.Title.Trim(), wanted.Reason.Trim(), ChangeState.Draft)
        {
            Author = actor.Account, Authors = [actor.Account], Emergency = wanted.Emergency, Content = content, Hash = content.Hash(wanted.Kind, wanted.Emergency),
            Reverts = wanted.Reverts, Origin = wanted.Origin, CreatedAt = now, ChangedAt = now,
        };
        var added = await store.AddAsync(actor, draft, wanted.RequestKey, new { content.BaseCommit, content.Commit, Files = Files(content) }, ct);
        Moved?.Invoke(added);
        return new(added, null);
    }, ct);

    /// <summary>Drafts a profile switch: the edits are its own, the rest is as in <paramref name="draft"/>.</summary>
    public Task<ChangeResult> SwitchProfileAsync(Actor actor, ProfileSwitch wanted, NewChange draft, CancellationToken ct = default)
    {
        var head = repository.Head;
        if (states.Current.Profiles.Find(wanted.To) is null)
            return Task.FromResult(ChangeResult.Refused(ChangeRefusal.Invalid(new Fault("profile.to", wanted.To, string.Join(", ", states.Current.Profiles.Profiles.Select(p => p.Name))))));
        var (edits, faults) = wanted.On(repository.Tree(head).Files);
        return faults.Count > 0
            ? Task.FromResult(ChangeResult.Refused(ChangeRefusal.Invalid(faults)))
            : CreateAsync(actor, draft with { Kind = ChangeKind.Profile, Edits = edits, BaseCommit = head, Targets = wanted.Targets }, ct);
    }

    /// <summary>Alters the content: back to draft, approvals void. Null leaves what it is about as it is.</summary>
    public Task<ChangeResult> EditAsync(
        long id, ChangeCommand command, IReadOnlyDictionary<string, string?>? edits = null, string? title = null, ChangeTargets? targets = null, RolloutOptions? rollout = null,
        CancellationToken ct = default) => WithGitAsync(async () =>
    {
        if (await store.FindAsync(id, ct) is not { } seen) return ChangeResult.Refused(ChangeRefusal.NotFound(id));
        var wanted = new NewChange(seen.Kind, title ?? seen.Title, seen.Reason)
        {
            Edits = edits ?? new Dictionary<string, string?>(), Commit = edits is null ? seen.Content.Commit : null, Targets = targets ?? seen.Content.Targets,
            Rollout = rollout ?? seen.Content.Rollout, Emergency = seen.Emergency,
        };
        if (wanted.Faults() is { Count: > 0 } faults) return ChangeResult.Refused(ChangeRefusal.Invalid(faults));
        if (ChangeStates.After(seen.State, ChangeStep.Edit) is null || (command.Version is { } version && version != seen.Version))
            return await TakeAsync(command, id, _ => ChangeDecision.Take(ChangeStep.Edit, "Edited"), ct); // the store says why not
        var commit = seen.Content.Commit;
        if (edits is not null && !SameAs(commit, edits))
        {
            // The row decides what the content is: a branch ahead of it is an edit that a crash kept from its row.
            repository.SetBranch(BranchOf(id), commit);
            commit = repository.Commit(BranchOf(id), commit, edits, CommitAuthor.Of(command.Actor), Message(id, wanted.Title, command.Reason ?? ""))!;
        }
        var content = seen.Content with { Commit = commit, Tree = repository.TreeId(commit), Targets = wanted.Targets, Rollout = wanted.Rollout };
        return await TakeAsync(command with { Version = seen.Version }, id, change => ChangeDecision.Take(ChangeStep.Edit,
            change.ValidApprovals.Count > 0 ? $"Edited; {(change.ValidApprovals.Count == 1 ? "1 approval" : $"{change.ValidApprovals.Count} approvals")} void" : "Edited",
            change with
            {
                Title = wanted.Title.Trim(), Content = content, Hash = content.Hash(change.Kind, change.Emergency), Revision = change.Revision + 1, Blast = null,
                Authors = [.. change.Authors.Union([command.Actor.Account])],
            }) with { Evidence = new { content.Commit, Files = Files(content), VoidedApprovals = change.ValidApprovals.Select(a => a.Account) } }, ct);
    }, ct);

    /// <summary>Checks the content and computes the dry run. What is wrong is answered, and the Change stays a draft.</summary>
    public async Task<ChangeResult> ValidateAsync(long id, ChangeCommand command, CancellationToken ct = default)
    {
        if (await store.FindAsync(id, ct) is not { } seen) return ChangeResult.Refused(ChangeRefusal.NotFound(id));
        if (seen.State is ChangeState.Validated or ChangeState.Approved) return await FinishValidationAsync(seen, ct);
        if (ChangeStates.After(seen.State, ChangeStep.Validate) is null) return await TakeAsync(command, id, _ => ChangeDecision.Take(ChangeStep.Validate, "Validated"), ct);
        if (Unsound(seen.Content.Commit) is { } unsound) return new(seen, unsound);
        if (NotMergeable(seen.Content.Commit) is { } conflict) return new(seen, conflict);
        var dryRun = dryRuns.Run(states.Current, states.At(seen.Content.Commit), seen.Content.Targets);
        if (dryRun.Errors.Count > 0) return new(seen, ChangeRefusal.Invalid([.. dryRun.Errors.Select(e => new Fault("content", e.Value, e.Mend))]));
        var result = await TakeAsync(command with { Version = seen.Version }, id, change => ChangeDecision.Take(ChangeStep.Validate, Summary(dryRun.Blast), change with { Blast = dryRun.Blast })
            with { DryRunJson = ChangeRow.Write(dryRun), Evidence = new { dryRun.Blast, dryRun.Warnings } }, ct);
        return result is { Change: { } validated, Refusal: null } ? await FinishValidationAsync(validated, ct) : result;
    }

    /// <summary>The dry run against what main and the fleet are now; the Change stays where it is.</summary>
    public async Task<ChangeResult> RefreshAsync(long id, ChangeCommand command, CancellationToken ct = default)
    {
        if (await store.FindAsync(id, ct) is not { } seen) return ChangeResult.Refused(ChangeRefusal.NotFound(id));
        if (!ChangeStates.IsOpen(seen.State) || Unsound(seen.Content.Commit) is not null) return await ValidateAsync(id, command, ct);
        var dryRun = dryRuns.Run(states.Current, states.At(seen.Content.Commit), seen.Content.Targets);
        return await TakeAsync(command with { Version = seen.Version }, id, change => ChangeDecision.Take(ChangeStep.Note, Summary(dryRun.Blast).Replace("Validated", "Dry run again", StringComparison.Ordinal), change with { Blast = dryRun.Blast })
            with { DryRunJson = ChangeRow.Write(dryRun), Evidence = new { dryRun.Blast, dryRun.Warnings } }, ct);
    }

    /// <summary>Where the rules ask for no approval, a valid Change is an approved one.</summary>
    async Task<ChangeResult> FinishValidationAsync(Change change, CancellationToken ct)
    {
        if (change.State != ChangeState.Validated || ApprovalsNeeded(change) > 0) return new(change, null);
        return await TakeAsync(new(Actor.System, Version: change.Version), change.Id, _ => ChangeDecision.Take(ChangeStep.EnoughApprovals,
            ApprovalRule.IsAgreedBeforehand(change) ? "Approved beforehand by who set the guardrail" : "Approved: changes.yaml asks for no approval of these files"), ct);
    }

    ChangeRefusal? Unsound(string commit)
    {
        var report = states.ReportAt(commit);
        if (report.IsValid) return null;
        return ChangeRefusal.Invalid([.. report.Errors.Take(50).Select(e => new Fault($"{e.File}:{e.Line}:{e.Column}{(e.Field.Length > 0 ? " " + e.Field : "")}", e.Message, e.Mend))]) with
        {
            Title = "The files do not validate.", Detail = string.Join("\n", report.Errors.Take(50)),
        };
    }

    ChangeRefusal? NotMergeable(string commit)
    {
        var (outcome, _) = repository.PreviewMerge(commit);
        if (outcome.IsClean) return null;
        return ChangeRefusal.Conflict("Main has moved, and the two do not fit together.", string.Join("\n", outcome.Conflicts.Select(c => c.ToString()).Concat(outcome.Faults.Select(f => f.ToString())).Take(20))
            + "\nEdit the change so that it holds both, or reject it.");
    }

    bool SameAs(string commit, IReadOnlyDictionary<string, string?> edits) => edits.All(e => repository.File(commit, e.Key)?.Text == e.Value);

    IEnumerable<string> Files(ChangeContent content) => repository.Changes(content.BaseCommit, content.Commit).Select(f => f.Path);

    static string Message(long id, string title, string reason) => $"{title.Trim()}\n\n{(reason.Trim().Length > 0 ? reason.Trim() + "\n\n" : "")}Change: {id}";

    static string Summary(BlastRadius blast) => blast.Hosts == 0
        ? "Validated: it alters no host's configuration"
        : $"Validated: it alters {Count(blast.Hosts, "host")} of {Count(blast.Tenants.Count, "tenant")} in {Count(blast.Rings.Count, "ring")}{(blast.NotSteerable > 0 ? $", {blast.NotSteerable} of them without an agent" : "")}";

    static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
