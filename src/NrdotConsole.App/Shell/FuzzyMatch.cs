namespace NrdotConsole.App.Shell;

/// <summary>How well a typed text fits a name: its start, a word of it, a part of it, or at least its characters in order.</summary>
internal static class FuzzyMatch
{
    const int AtStart = 1000, AtWord = 800, Inside = 600, Scattered = 300, WordStart = 12, MostLength = 200;

    /// <summary>Higher is better, of equal fits the shorter name; null where a character is missing. An empty text fits everything alike. Ignores case.</summary>
    public static int? Score(ReadOnlySpan<char> typed, ReadOnlySpan<char> name)
    {
        typed = typed.Trim();
        if (typed.IsEmpty) return 0;
        var length = Math.Min(name.Length, MostLength);
        var at = name.IndexOf(typed, StringComparison.OrdinalIgnoreCase);
        if (at == 0) return AtStart - length;
        if (at > 0) return (IsWordStart(name, at) ? AtWord : Inside) - length;

        var score = Scattered - length;
        var next = 0;
        foreach (var wanted in typed)
        {
            if (char.IsWhiteSpace(wanted)) continue;
            while (next < name.Length && char.ToLowerInvariant(name[next]) != char.ToLowerInvariant(wanted)) next++;
            if (next == name.Length) return null;
            if (IsWordStart(name, next)) score += WordStart;
            next++;
        }
        return score;
    }

    static bool IsWordStart(ReadOnlySpan<char> name, int i) => i == 0 || !char.IsLetterOrDigit(name[i - 1]);
}
