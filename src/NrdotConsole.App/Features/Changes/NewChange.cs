using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>A Change to be made: files edited, or a commit that is in the repository already.</summary>
internal sealed record NewChange(ChangeKind Kind, string Title, string Reason)
{
    public const int MaxTitleLength = 200, MaxReasonLength = 2_000, MaxTargets = 5_000;

    /// <summary>Texts by path; null deletes the file.</summary>
    public IReadOnlyDictionary<string, string?> Edits { get; init; } = new Dictionary<string, string?>();

    /// <summary>Instead of edits: a commit that was pushed.</summary>
    public string? Commit { get; init; }

    /// <summary>The commit that the editor saw; main where null.</summary>
    public string? BaseCommit { get; init; }
    public ChangeTargets Targets { get; init; } = ChangeTargets.All;
    public RolloutOptions Rollout { get; init; } = RolloutOptions.Default;
    public bool Emergency { get; init; }
    public long? Reverts { get; init; }
    public string Origin { get; init; } = "form";

    /// <summary>What the caller calls this request: sent again with the same, it answers the Change that the first one made.</summary>
    public string? RequestKey { get; init; }

    public IReadOnlyList<Fault> Faults()
    {
        var faults = new List<Fault>();
        if (Title.Trim().Length is 0 or > MaxTitleLength) faults.Add(new("title", Short(Title), $"1 to {MaxTitleLength} characters"));
        if (Reason.Length > MaxReasonLength) faults.Add(new("reason", Short(Reason), $"at most {MaxReasonLength} characters"));
        if (Emergency && Reason.Trim().Length == 0) faults.Add(new("reason", "", "why this is an emergency: it breaks through freeze windows"));
        if (Commit is null && Edits.Count == 0) faults.Add(new("edits", "", "at least one file, or a commit"));
        foreach (var (path, text) in Edits)
        {
            if (!IsPath(path)) faults.Add(new("edits.file", Short(path), $"a path within the repository such as rings.yaml, at most {ConfigLimits.MaxPathLength} characters"));
            if (text?.Length > ConfigLimits.MaxFileBytes) faults.Add(new("edits.content", $"{text.Length} characters", $"at most {ConfigLimits.MaxFileBytes / 1024} KiB"));
        }
        if (Targets.Rings.Count + Targets.Tenants.Count + Targets.Hosts.Count > MaxTargets) faults.Add(new("targets", "", $"at most {MaxTargets} names"));
        if (RequestKey is { Length: 0 or > 200 }) faults.Add(new("Idempotency-Key", Short(RequestKey), "1 to 200 characters"));
        faults.AddRange(Rollout.Faults().Select(f => new Fault(f.Field, f.Value, f.Allowed)));
        return faults;
    }

    static bool IsPath(string path) =>
        path.Length is > 0 and <= ConfigLimits.MaxPathLength && !path.Any(c => char.IsControl(c) || c is '\\' or ':') && path.Split('/').All(part => part is not ("" or "." or ".." or ".git"));

    static string Short(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
