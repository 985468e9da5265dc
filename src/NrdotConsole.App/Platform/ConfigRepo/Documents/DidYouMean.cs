namespace NrdotConsole.App.Platform.ConfigRepo.Documents;

/// <summary>The word that was likely meant: the nearest by edits (optimal string alignment distance), at most a third of its length away.</summary>
internal static class DidYouMean
{
    public static string? Of(string word, IEnumerable<string> known)
    {
        if (word.Length > Field.MaxNameLength) return null;
        var best = known.Distinct().Select(k => (Word: k, Distance: Distance(word.ToLowerInvariant().Replace('-', '_'), k.ToLowerInvariant().Replace('-', '_'))))
            .OrderBy(k => k.Distance).ThenBy(k => k.Word, StringComparer.Ordinal).FirstOrDefault();
        return best.Word is not null && best.Distance <= Math.Max(1, best.Word.Length / 3) ? best.Word : null;
    }

    static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
