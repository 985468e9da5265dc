using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.App.Platform.ConfigRepo.Merging;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.GitOps;

/// <summary>What differs in one file: by meaning where both sides can be read as YAML, and by lines.</summary>
internal sealed record FileDiff(string Path, string Kind, IReadOnlyList<FieldChange> Fields, IReadOnlyList<DiffLine> Lines)
{
    public static IReadOnlyList<FileDiff> Of(IEnumerable<FileChange> files) => [.. files.Select(f => Of(f.Path, f.Before, f.After))];

    public static FileDiff Of(string path, string? before, string? after) =>
        new(path, before is null ? "added" : after is null ? "deleted" : "changed", FieldsOf(path, before, after), LineDiff.Of(before ?? "", after ?? ""));

    static IReadOnlyList<FieldChange> FieldsOf(string path, string? before, string? after)
    {
        if (!path.EndsWith(".yaml", StringComparison.Ordinal)) return [];
        var faults = new FaultList(path);
        var (a, b) = (before is null ? null : DocumentReader.Read(before, faults), after is null ? null : DocumentReader.Read(after, faults));
        return faults.HasErrors ? [] : FieldDiff.Of(a, b);
    }
}
