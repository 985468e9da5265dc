namespace NrdotConsole.Conventions;

/// <summary>Text files under <c>approved/</c> that others depend on: a difference is a decision, made by editing the file.</summary>
internal static class Approved
{
    public static void Matches(string file, IEnumerable<string> lines)
    {
        var path = Path.Combine(Repository.Root, "tests/NrdotConsole.Conventions/approved", file);
        var approved = File.Exists(path) ? File.ReadAllLines(path).Where(l => l.Length > 0 && l[0] != '#').ToHashSet() : [];
        var actual = lines.ToList();
        var added = actual.Where(l => !approved.Contains(l)).ToList();
        var gone = approved.Except(actual).ToList();
        Assert.True(added.Count + gone.Count == 0,
            $"{file} differs. If it is meant, edit tests/NrdotConsole.Conventions/approved/{file}:\n"
            + string.Concat(added.Select(l => $"+ {l}\n")) + string.Concat(gone.Select(l => $"- {l}\n")));
    }
}
