using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>A Change with all that led to it.</summary>
public sealed record SeenChange(Change Change, int Needed, IReadOnlyList<ChangeEvent> Events, DryRun? DryRun, IReadOnlyList<EditedFile> Files)
{
    /// <summary>Where it stands in the queue, and what moves before it; null where it does not wait.</summary>
    public QueuePlace? Queue { get; init; }
}

/// <param name="Position">From 1.</param>
/// <param name="Moving">The Change that moves now; null between two.</param>
public sealed record QueuePlace(int Position, int Length, long? Moving, string? MovingTitle);

/// <summary>A file that the Change edits: the fields that mean something else, and the lines.</summary>
public sealed record EditedFile(string File, bool Added, bool Deleted, IReadOnlyList<FieldDifference> Fields, IReadOnlyList<DiffLine> Lines)
{
    internal static EditedFile Of(FileChange change) => new(change.Path, change.Before is null, change.After is null, FieldsOf(change), LineDiff.Of(change.Before ?? "", change.After ?? ""));

    static IReadOnlyList<FieldDifference> FieldsOf(FileChange change) =>
        change is { Before: { } before, After: { } after } && IsYaml(change.Path) && YamlTree.Read(before).Root is { } a && YamlTree.Read(after).Root is { } b ? FieldDifference.Between(a, b) : [];

    static bool IsYaml(string path) => path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal);
}
