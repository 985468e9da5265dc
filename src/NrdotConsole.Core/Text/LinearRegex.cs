using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace NrdotConsole.Core.Text;

/// <summary>
/// Regular expressions that match in linear time whatever the input, as the collector's do (RE2). Each holds tables of some 400 kB and takes
/// milliseconds to make, and the same patterns come again with every version of a configuration: so one pattern is made once.
/// </summary>
public static class LinearRegex
{
    /// <summary>Many times what configurations hold. What is in use is made anew when patterns of the past have filled it.</summary>
    const int Remembered = 1_000;

    static readonly ConcurrentDictionary<string, Regex> s_known = new(StringComparer.Ordinal);

    /// <exception cref="RegexParseException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It cannot be matched in linear time: look-around, back references, atomic groups.</exception>
    public static Regex Of(string pattern)
    {
        if (s_known.TryGetValue(pattern, out var known)) return known;
        var made = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        if (s_known.Count >= Remembered) s_known.Clear();
        return s_known.GetOrAdd(pattern, made);
    }
}
