using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Platform.ConfigRepo.Merging;

/// <summary>One file of both sides: its text, or the fields where they differ. A null text is a file that is deleted.</summary>
internal sealed record FileMerge(string? Text, IReadOnlyList<FileConflict> Conflicts)
{
    /// <summary>
    /// YAML is merged by its fields; the text is the merge by lines where that means the same, so comments stay. Where lines alone
    /// cannot say it (two fields of one line), the document is written anew, below the comments it begins with.
    /// </summary>
    public static FileMerge Of(string path, string? before, string? ours, string? theirs)
    {
        if (ours == theirs || theirs == before) return new(ours, []);
        if (ours == before) return new(theirs, []);
        if (ours is null || theirs is null) return new(null, [new("", before, ours, theirs)]);
        if (!IsYaml(path) || Parse(before ?? "") is not { } b || Parse(ours) is not { } o || Parse(theirs) is not { } t) return ByLines(before ?? "", ours, theirs);

        var merge = new FieldMerge();
        var merged = merge.Merge("", b, o, t)!;
        if (merge.Conflicts.Count > 0) return new(null, [.. merge.Conflicts.Select(c => new FileConflict(c.Field, c.Base?.Show(), c.Ours?.Show(), c.Theirs?.Show()))]);
        return new(LineMerge.Of(before ?? "", ours, theirs, mayInsertTwice: true, out _) is { } text && Parse(text) is { } read && read.Means(merged) ? text : Write(ours, merged), []);
    }

    static FileMerge ByLines(string before, string ours, string theirs) =>
        LineMerge.Of(before, ours, theirs, mayInsertTwice: false, out var line) is { } text ? new(text, []) : new(null, [new($"line {line}", before, ours, theirs)]);

    static string Write(string ours, ConfigNode merged)
    {
        var head = ours.Split('\n').TakeWhile(l => l.StartsWith('#') || l.Trim().Length == 0).ToList();
        return string.Concat(head.Select(l => l + "\n")) + YamlWriter.Write(merged.ToYaml());
    }

    static ConfigNode? Parse(string text)
    {
        var faults = new FaultList("");
        var node = DocumentReader.Read(text, faults);
        return faults.HasErrors ? null : node;
    }

    static bool IsYaml(string path) => path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A place in a file that both sides changed differently, and what each made of it.</summary>
internal sealed record FileConflict(string Field, string? Base, string? Ours, string? Theirs);
