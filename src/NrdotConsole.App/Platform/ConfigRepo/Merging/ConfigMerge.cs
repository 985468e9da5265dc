using LibGit2Sharp;

namespace NrdotConsole.App.Platform.ConfigRepo.Merging;

/// <summary>The three-way merge of two commits, file by file.</summary>
internal sealed record ConfigMerge(Commit? Base, IReadOnlyDictionary<string, string> Files, IReadOnlyList<MergeConflict> Conflicts)
{
    public static ConfigMerge Of(Repository r, Commit ours, Commit theirs)
    {
        var before = r.ObjectDatabase.FindMergeBase(ours, theirs);
        return Of(before, ours, theirs, path => LastAuthor(r, ours, before, path), path => LastAuthor(r, theirs, before, path));
    }

    /// <summary>What takes <paramref name="undone"/> back to <paramref name="before"/>, on top of <paramref name="onto"/>: the former is the base, the latter is theirs.</summary>
    public static ConfigMerge Undo(Repository r, Commit undone, Commit? before, Commit onto) =>
        Of(undone, onto, before, path => LastAuthor(r, onto, undone, path), _ => $"the revert of {undone.Author.Name}'s");

    static ConfigMerge Of(Commit? @base, Commit ours, Commit? theirs, Func<string, string> oursBy, Func<string, string> theirsBy)
    {
        var (b, o, t) = (Texts(@base), Texts(ours), Texts(theirs));
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var conflicts = new List<MergeConflict>();
        foreach (var path in o.Keys.Union(t.Keys).Union(b.Keys).Order(StringComparer.Ordinal))
        {
            var merge = FileMerge.Of(path, b.GetValueOrDefault(path), o.GetValueOrDefault(path), t.GetValueOrDefault(path));
            conflicts.AddRange(merge.Conflicts.Select(c => new MergeConflict(path, c.Field, c.Base, c.Ours, c.Theirs, oursBy(path), theirsBy(path))));
            if (merge.Text is { } text) files[path] = text;
        }
        return new(@base, files, conflicts);
    }

    /// <summary>What must be written onto <paramref name="onto"/> to come to this result.</summary>
    public IReadOnlyDictionary<string, string?> EditsOnto(Commit onto)
    {
        var before = Texts(onto);
        return before.Keys.Union(Files.Keys).Where(p => before.GetValueOrDefault(p) != Files.GetValueOrDefault(p)).ToDictionary(p => p, p => Files.GetValueOrDefault(p), StringComparer.Ordinal);
    }

    static string LastAuthor(Repository r, Commit side, Commit? before, string path) =>
        r.Commits.QueryBy(new CommitFilter { IncludeReachableFrom = side, ExcludeReachableFrom = before, SortBy = CommitSortStrategies.Topological | CommitSortStrategies.Time })
            .FirstOrDefault(c => c.Parents.All(p => p[path]?.Target.Id != c[path]?.Target.Id))?.Author.Name ?? side.Author.Name;

    static IReadOnlyDictionary<string, string> Texts(Commit? commit) => commit is null ? new Dictionary<string, string>() : ConfigTree.Read(commit).Files;
}
