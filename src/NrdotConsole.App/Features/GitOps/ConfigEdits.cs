using System.Text.RegularExpressions;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.GitOps;

/// <summary>An edit of one file, as its author saw it: the text on top of <paramref name="BaseCommit"/>. A null text deletes the file.</summary>
internal sealed record ConfigEdit(string File, string? Text, string BaseCommit, string Title, string Reason)
{
    public string Origin { get; init; } = "form";
    public string? RequestKey { get; init; }
}

/// <summary>The Change that an edit opened, or why there is none: faults of the files, or a refusal.</summary>
internal sealed record EditOutcome(Change? Change, IReadOnlyList<ConfigFault> Faults, ChangeRefusal? Refusal);

/// <summary>The one way from an edited file to a Change, for the page and REST alike: what does not validate is never committed.</summary>
internal sealed partial class ConfigEdits(ConfigRepository repository, ChangeLife life)
{
    public async Task<EditOutcome> OpenAsync(Actor actor, ConfigEdit edit, CancellationToken ct = default)
    {
        var report = Check(edit.BaseCommit, edit.File, edit.Text);
        if (!report.IsValid) return new(null, [.. report.Errors], null);
        return await OpenAsync(actor, new NewChange(KindOf(edit.File), edit.Title, edit.Reason)
        {
            Edits = new Dictionary<string, string?> { [edit.File] = edit.Text }, BaseCommit = edit.BaseCommit, Origin = edit.Origin, RequestKey = edit.RequestKey,
        }, ct);
    }

    /// <summary>Opens the inverse of a commit of main, field by field: what came later stays.</summary>
    public async Task<EditOutcome> RevertAsync(Actor actor, string commit, string reason, string origin, CancellationToken ct = default)
    {
        var head = repository.Head;
        var (edits, conflicts) = repository.Revert(commit, head);
        if (conflicts.Count > 0) return new(null, [], ChangeRefusal.Conflict("Later commits stand on this one.", string.Join("\n", conflicts.Take(20)) + "\nRevert the later ones first, or edit the file to what it should be."));
        if (edits.Count == 0) return new(null, [], ChangeRefusal.Conflict("There is nothing to revert.", "The files are as they would be without it already."));
        return await OpenAsync(actor, new NewChange(ChangeKind.Revert, $"Revert \"{Short(repository.CommitAt(commit).Subject)}\"", reason) { Edits = edits, BaseCommit = head, Origin = origin }, ct);
    }

    /// <summary>What the files would mean with this text, on top of a commit.</summary>
    public ConfigReport Check(string commit, string file, string? text)
    {
        var files = repository.Tree(commit).Files.ToDictionary(StringComparer.Ordinal);
        if (text is null) files.Remove(file);
        else files[file] = text;
        return ConfigValidation.Validate(files);
    }

    async Task<EditOutcome> OpenAsync(Actor actor, NewChange wanted, CancellationToken ct)
    {
        var created = await life.CreateAsync(actor, wanted, ct);
        if (created.Refusal is not null || created.Change is not { State: ChangeState.Draft } draft) return new(created.Change, [], created.Refusal);
        // What keeps it a draft now (main moved, and the two do not fit) the Change's page tells.
        var validated = await life.ValidateAsync(draft.Id, new(actor), ct);
        return new(validated.Change ?? draft, [], null);
    }

    /// <summary>What may name a file here: Git itself allows far more, and none of it would be read.</summary>
    public static bool IsPlainPath(string path) => path.Length <= ConfigLimits.MaxPathLength && PlainPath().IsMatch(path);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$")]
    private static partial Regex PlainPath();

    static ChangeKind KindOf(string file) => file switch
    {
        "profiles.yaml" => ChangeKind.Profile,
        "rings.yaml" => ChangeKind.Ring,
        "feature-flags.yaml" => ChangeKind.Flag,
        "filters.yaml" => ChangeKind.Filter,
        "multi-tenant-config.yaml" => ChangeKind.Tenant,
        _ => ChangeKind.Config,
    };

    static string Short(string text) => text.Length > 120 ? text[..120] + "…" : text;
}
