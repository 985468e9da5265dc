namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>Two people changed one field differently. The text says both values and both authors.</summary>
internal sealed record MergeConflict(string File, string Field, string? Base, string? Ours, string? Theirs, string OursBy, string TheirsBy)
{
    public override string ToString() => $"{File}: {(Field.Length == 0 ? "the file" : Field)}: {Show(Ours)} by {OursBy}, {Show(Theirs)} by {TheirsBy} (before: {Show(Base)})";

    static string Show(string? value) => value is null ? "absent" : $"'{(value.Length > 120 ? value[..120] + "…" : value)}'";
}

/// <summary>What a merge came to: a commit, or why there is none and nothing was changed.</summary>
/// <param name="Commit">The commit that holds both sides; null where there is a conflict or the result does not validate.</param>
/// <param name="Faults">Errors of the merged files: each side was sound, together they are not.</param>
internal sealed record MergeOutcome(string? Commit, IReadOnlyList<MergeConflict> Conflicts, IReadOnlyList<ConfigFault> Faults)
{
    public bool IsClean => Conflicts.Count == 0 && Faults.Count == 0;
}
