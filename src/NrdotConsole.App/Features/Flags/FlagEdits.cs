using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Flags;

namespace NrdotConsole.App.Features.Flags;

/// <summary>The Change that an edit opened; or why there is none: faults of the fields, faults of the file, a refusal.</summary>
internal sealed record FlagOutcome(Change? Change, IReadOnlyList<Fault> Faults, IReadOnlyList<ConfigFault> FileFaults, ChangeRefusal? Refusal)
{
    public static FlagOutcome Wrong(params Fault[] faults) => new(null, faults, [], null);
}

/// <summary>The one way from an edited flag to a Change, for the page and REST alike: what does not validate is never committed.</summary>
internal sealed class FlagEdits(ConfigRepository repository, DesiredStates states, ChangeLife changes)
{
    /// <param name="commit">The commit that the editor saw; main where null. What differs since is merged field by field when the Change starts.</param>
    public Task<FlagOutcome> SaveAsync(Actor actor, string key, FlagFields fields, string origin, string? commit = null, string? requestKey = null, CancellationToken ct = default)
    {
        if (fields.Faults() is [_, ..] faults) return Task.FromResult(FlagOutcome.Wrong([.. faults]));
        commit ??= repository.Head;
        var before = states.At(commit).Flags.Find(key);
        var after = fields.On(before ?? new Flag { Key = key });
        return OpenAsync(actor, commit, before is null ? $"Add the flag {key}" : Title(before, after), fields.Reason, text => FlagEdit.Apply(text, before, after), origin, requestKey, ct);
    }

    /// <returns>Null where there is no such flag.</returns>
    public async Task<FlagOutcome?> RemoveAsync(Actor actor, string key, string? reason, string origin, string? requestKey = null, CancellationToken ct = default)
    {
        var head = repository.Head;
        if (states.At(head).Flags.Find(key) is null) return null;
        return await OpenAsync(actor, head, $"Remove the flag {key}", reason, text => FlagEdit.Remove(text, key), origin, requestKey, ct);
    }

    async Task<FlagOutcome> OpenAsync(Actor actor, string commit, string title, string? reason, Func<string, string> edit, string origin, string? requestKey, CancellationToken ct)
    {
        var files = repository.Tree(commit).Files.ToDictionary(StringComparer.Ordinal);
        var text = files.GetValueOrDefault(FlagEdit.File) ?? "features: {}\n";
        try
        {
            files[FlagEdit.File] = edit(text);
        }
        catch (FormatException fault)
        {
            return FlagOutcome.Wrong(new Fault(FlagEdit.File, fault.Message, "a file that a form can edit: mend it on the Config page"));
        }
        if (files[FlagEdit.File] == text) return FlagOutcome.Wrong(new Fault("flag", "", "something that differs from what it is"));
        var report = ConfigValidation.Validate(files);
        if (!report.IsValid) return new(null, [], [.. report.Errors], null);
        var made = await changes.CreateAsync(actor, new(ChangeKind.Flag, title, reason ?? "")
        {
            Edits = new Dictionary<string, string?> { [FlagEdit.File] = files[FlagEdit.File] }, BaseCommit = commit, Origin = origin, RequestKey = requestKey,
        }, ct);
        if (made is not { Refusal: null, Change: { State: ChangeState.Draft } draft }) return new(made.Change, [], [], made.Refusal);
        // What keeps it a draft now (main moved, and the two do not fit) the Change's page tells.
        return new((await changes.ValidateAsync(draft.Id, new(actor), ct)).Change ?? draft, [], [], null);
    }

    static string Title(Flag before, Flag after)
    {
        if (before.Enabled != after.Enabled) return $"Turn {after.Key} {(after.Enabled ? "on" : "off")}";
        var (was, now) = (FlagWords.Strategy(before), FlagWords.Strategy(after));
        var title = was == now ? $"Edit the flag {after.Key}" : $"Flag {after.Key}: {was} → {now}";
        return title.Length <= NewChange.MaxTitleLength ? title : $"Edit the flag {after.Key}";
    }
}
