using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Changed lines of a text with three neighbours; longer equal stretches are a gap.</summary>
internal static class LineDiff
{
    const int Context = 3;

    /// <summary>Lines of one diff; what is beyond is a gap.</summary>
    public const int MostLines = 400;

    public static IReadOnlyList<DiffLine> Of(string before, string after)
    {
        var pieces = new InlineDiffBuilder(new Differ()).BuildDiffModel(before, after, ignoreWhitespace: false).Lines;
        var near = Near(pieces);
        var lines = new List<DiffLine>();
        var (from, to, skipped) = (0, 0, 0);
        for (var i = 0; i < pieces.Count; i++)
        {
            if (pieces[i].Type != ChangeType.Inserted) from++;
            if (pieces[i].Type != ChangeType.Deleted) to++;
            if (!near[i] || lines.Count >= MostLines)
            {
                skipped++;
                continue;
            }
            if (skipped > 0) lines.Add(Gap(skipped));
            skipped = 0;
            lines.Add(pieces[i].Type switch
            {
                ChangeType.Inserted => new(DiffMark.Added, pieces[i].Text, null, to),
                ChangeType.Deleted => new(DiffMark.Removed, pieces[i].Text, from),
                _ => new(DiffMark.Same, pieces[i].Text, from, to),
            });
        }
        if (skipped > 0 && lines.Count > 0) lines.Add(Gap(skipped));
        return lines;
    }

    static DiffLine Gap(int lines) => new(DiffMark.Gap, $"{lines} lines");

    static bool[] Near(List<DiffPiece> pieces)
    {
        var near = new bool[pieces.Count];
        for (var i = 0; i < pieces.Count; i++)
        {
            if (pieces[i].Type == ChangeType.Unchanged) continue;
            for (var j = Math.Max(0, i - Context); j <= Math.Min(pieces.Count - 1, i + Context); j++) near[j] = true;
        }
        return near;
    }
}
