using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.GitOps.Remote;

/// <summary>
/// Turns what was pushed to the remote's branch into Changes by the commit's author. The same rules hold as for forms: one that does not
/// validate is refused at once, with its faults; the others wait for their review.
/// </summary>
internal sealed class PushedCommits(ConfigRepository repository, ChangeLife life, ChangeStore store, UserStore users)
{
    public const string Origin = "remote";

    /// <summary>The Change of a pushed commit; opened where it is new. Safe to ask again and after a crash: the commit's id is the request's key.</summary>
    public async Task<Change> OpenAsync(string commit, CancellationToken ct)
    {
        var described = repository.CommitAt(commit);
        var author = await ActorOfAsync(described.Author, ct);
        var wanted = new NewChange(ChangeKind.Config, Cut(described.Subject, NewChange.MaxTitleLength), Cut(string.Join('\n', described.Message.Split('\n').Skip(1)).Trim(), NewChange.MaxReasonLength))
        {
            Commit = commit, BaseCommit = repository.MergeBase(ConfigRepository.Main, commit) ?? repository.Head, Origin = Origin, RequestKey = $"remote:{commit}",
        };
        var created = await life.CreateAsync(author, wanted, ct);
        var change = created.Change ?? throw new InvalidOperationException($"The pushed commit {commit} opened no Change: {created.Refusal?.Detail}");
        if (change.State != ChangeState.Draft) return change;
        await RejectOlderAsync(change, ct);
        var validated = await life.ValidateAsync(change.Id, new(author), ct);
        if (validated.Refusal is not { } refusal) return validated.Change!;
        var rejected = await life.RejectAsync(change.Id, new(Actor.System, Cut($"{refusal.Title} {refusal.Detail}", NewChange.MaxReasonLength)), ct);
        return rejected.Change!;
    }

    /// <summary>The newest Change that a push opened.</summary>
    public async Task<Change?> FindAsync(string commit, CancellationToken ct) => await store.ByRequestAsync($"remote:{commit}", ct);

    /// <summary>A push holds the ones before it: what waits of those would be applied with it.</summary>
    async Task RejectOlderAsync(Change newest, CancellationToken ct)
    {
        var open = await store.PageAsync(new([ChangeState.Draft, ChangeState.Validated, ChangeState.Approved]), new PageRequest(0, PageRequest.MaxLimit), ct);
        foreach (var older in open.Items.Where(c => c.Origin == Origin && c.Id < newest.Id && repository.IsAncestor(c.Content.Commit, newest.Content.Commit)))
            await life.RejectAsync(older.Id, new(Actor.System, $"A newer push holds it: change {newest.Id}"), ct);
    }

    /// <summary>A pusher who has an account here is that account, so that nobody approves their own push.</summary>
    async Task<Actor> ActorOfAsync(CommitAuthor author, CancellationToken ct)
    {
        var at = author.Email.IndexOf('@', StringComparison.Ordinal);
        string[] names = [author.Email, author.Name, at > 0 ? author.Email[..at] : author.Email];
        var account = (await users.ListAsync(ct)).FirstOrDefault(u => names.Contains(u.Name, StringComparer.OrdinalIgnoreCase));
        return new(account?.Name ?? Cut($"{author.Name} <{author.Email}>", 200), ActorKind.User);
    }

    static string Cut(string text, int length) => text.Length == 0 ? "Pushed" : text.Length <= length ? text : text[..(length - 1)] + "…";
}
