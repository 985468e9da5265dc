using LibGit2Sharp;

namespace NrdotConsole.App.Platform.ConfigRepo.Merging;

/// <summary>The three-way merge of two commits: whole files where one side changed them, fields where both did.</summary>
internal sealed record ConfigMerge(Commit? Base, IReadOnlyDictionary<string, string> Files, IReadOnlyList<MergeConflict> Conflicts)
{
    public static ConfigMerge Of(Repository r, Commit ours, Commit theirs) => Of(r.ObjectDatabase.FindMergeBase(ours, theirs), ours, theirs);

    public static ConfigMerge Of(Commit? @base, Commit ours, Commit? theirs)
    {
        var (b, o, t) = (Texts(@base), Texts(ours), Texts(theirs));
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var conflicts = new List<MergeConflict>();
        foreach (var path in o.Keys.Union(t.Keys).Union(b.Keys))
        {
            var (before, mine, other) = (b.GetValueOrDefault(path), o.GetValueOrDefault(path), t.GetValueOrDefault(path));
            var merged = mine == other || other == before ? mine : mine == before ? other : null;
            if (mine != other && other != before && mine != before)
                conflicts.Add(new(path, "", before, mine, other, ours.Author.Name, theirs?.Author.Name ?? ""));
            if (merged is not null) files[path] = merged;
        }
        return new(@base, files, conflicts);
    }

    /// <summary>What must be written onto <paramref name="onto"/> to come to this result.</summary>
    public IReadOnlyDictionary<string, string?> EditsOnto(Commit onto)
    {
        var before = Texts(onto);
        return before.Keys.Union(Files.Keys).Where(p => before.GetValueOrDefault(p) != Files.GetValueOrDefault(p)).ToDictionary(p => p, p => Files.GetValueOrDefault(p), StringComparer.Ordinal);
    }

    static IReadOnlyDictionary<string, string> Texts(Commit? commit) => commit is null ? new Dictionary<string, string>() : ConfigTree.Read(commit).Files;
}
