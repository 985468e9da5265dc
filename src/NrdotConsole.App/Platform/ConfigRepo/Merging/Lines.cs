using DiffPlex;

namespace NrdotConsole.App.Platform.ConfigRepo.Merging;

/// <summary>Lines <paramref name="CountA"/> from <paramref name="StartA"/> (from 0) became lines <paramref name="CountB"/> from <paramref name="StartB"/>.</summary>
internal readonly record struct Hunk(int StartA, int CountA, int StartB, int CountB)
{
    public int EndA => StartA + CountA;
}

/// <summary>A text as lines, each with its own ending, and what differs between two.</summary>
internal sealed class Lines(string text)
{
    /// <summary>Beyond it, lines before times lines after, two texts differ as one block: a diff of strangers' texts must not take minutes.</summary>
    const long MostWork = 16_000_000;

    readonly string[] _lines = Split(text);

    public int Count => _lines.Length;

    public IEnumerable<string> Range(int start, int count) => _lines.Skip(start).Take(count);

    public IReadOnlyList<Hunk> DiffTo(Lines other)
    {
        var (a, b) = (_lines, other._lines);
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start]) start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)]) end++;
        var (countA, countB) = (a.Length - start - end, b.Length - start - end);
        if (countA == 0 && countB == 0) return [];
        if (countA == 0 || countB == 0 || (long)countA * countB > MostWork) return [new(start, countA, start, countB)];
        var diff = Differ.Instance.CreateDiffs(string.Concat(a.Skip(start).Take(countA)), string.Concat(b.Skip(start).Take(countB)), false, false, new Chunker());
        return [.. diff.DiffBlocks.Select(d => new Hunk(start + d.DeleteStartA, d.DeleteCountA, start + d.InsertStartB, d.InsertCountB))];
    }

    static string[] Split(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }
        return [.. lines];
    }

    sealed class Chunker : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => Split(text);
    }
}
