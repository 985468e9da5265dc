namespace NrdotConsole.App.Platform.ConfigRepo.Merging;

/// <summary>
/// Three texts merged by lines. Hunks that touch without overlapping are both taken: whether that is sound, the fields say. Of two
/// insertions at one place the lesser text comes first, so that it does not matter who merged whom.
/// </summary>
internal static class LineMerge
{
    /// <returns>Null where both changed the same lines differently; <paramref name="conflict"/> is then the first line of it, from 1.</returns>
    public static string? Of(string before, string ours, string theirs, bool mayInsertTwice, out int conflict)
    {
        conflict = 0;
        var (b, o, t) = (new Lines(before), new Lines(ours), new Lines(theirs));
        var (mine, other) = (b.DiffTo(o), b.DiffTo(t));
        var result = new List<string>();
        var (at, i, j) = (0, 0, 0);
        while (i < mine.Count || j < other.Count)
        {
            var isMine = j == other.Count || (i < mine.Count && IsFirst(mine[i], other[j]));
            if (i < mine.Count && j < other.Count && Meet(mine[i], other[j]))
            {
                var (x, y) = (mine[i], other[j]);
                var (a, c) = (string.Concat(o.Range(x.StartB, x.CountB)), string.Concat(t.Range(y.StartB, y.CountB)));
                var same = x.StartA == y.StartA && x.CountA == y.CountA && a == c;
                if (!same && !(mayInsertTwice && x.CountA == 0 && y.CountA == 0))
                {
                    conflict = Math.Min(x.StartA, y.StartA) + 1;
                    return null;
                }
                result.AddRange(b.Range(at, x.StartA - at));
                if (same) result.Add(a);
                else result.AddRange(string.CompareOrdinal(a, c) <= 0 ? [a, c] : [c, a]);
                (at, i, j) = (x.EndA, i + 1, j + 1);
                continue;
            }
            var (hunk, from) = isMine ? (mine[i++], o) : (other[j++], t);
            result.AddRange(b.Range(at, hunk.StartA - at));
            result.AddRange(from.Range(hunk.StartB, hunk.CountB));
            at = hunk.EndA;
        }
        result.AddRange(b.Range(at, b.Count - at));
        return string.Concat(result);
    }

    /// <summary>An insertion before a line comes before a change of that line.</summary>
    static bool IsFirst(Hunk a, Hunk b) => a.StartA != b.StartA ? a.StartA < b.StartA : a.CountA <= b.CountA;

    static bool Meet(Hunk a, Hunk b) =>
        a.CountA == 0 && b.CountA == 0 ? a.StartA == b.StartA
        : a.CountA == 0 ? a.StartA > b.StartA && a.StartA < b.EndA
        : b.CountA == 0 ? b.StartA > a.StartA && b.StartA < a.EndA
        : a.StartA < b.EndA && b.StartA < a.EndA;
}
