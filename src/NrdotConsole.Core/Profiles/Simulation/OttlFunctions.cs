using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NrdotConsole.Core.Profiles;

static class OttlFunctions
{
    /// <summary>Patterns remembered, each once for all conditions.</summary>
    const int RememberedPatterns = 2_000;
    static readonly ConcurrentDictionary<string, Regex> s_patterns = new(StringComparer.Ordinal);

    public static Func<OttlScope, object?> Find(string name, Func<OttlScope, object?>[] arguments) => (name, arguments) switch
    {
        ("IsMatch", [var target, var pattern]) => IsMatch(target, pattern),
        ("HasPrefix", [var target, var prefix]) => scope => target(scope) is string text && prefix(scope) is string p && text.StartsWith(p, StringComparison.Ordinal),
        ("HasSuffix", [var target, var suffix]) => scope => target(scope) is string text && suffix(scope) is string s && text.EndsWith(s, StringComparison.Ordinal),
        ("ToLowerCase", [var target]) => scope => (target(scope) as string)?.ToLowerInvariant(),
        ("ToUpperCase", [var target]) => scope => (target(scope) as string)?.ToUpperInvariant(),
        ("IsString", [var target]) => scope => target(scope) is string,
        ("HasAttrKeyOnDatapoint", [var key]) => scope => key(scope) is string k && scope.Point?.Attributes.ContainsKey(k) == true,
        ("HasAttrOnDatapoint", [var key, var value]) => scope =>
            key(scope) is string k && scope.Point?.Attributes.GetValueOrDefault(k) is { } found && AreEqual(found, value(scope)),
        _ => throw new NotSimulatedException($"the function {name}"),
    };

    static Func<OttlScope, object?> IsMatch(Func<OttlScope, object?> target, Func<OttlScope, object?> pattern)
    {
        // Nearly every pattern is a constant: looked up once.
        (string Pattern, Regex Regex)? last = null;
        return scope =>
        {
            if (Text(target(scope)) is not { } text || pattern(scope) is not string now) return false;
            if (!ReferenceEquals(last?.Pattern, now)) last = (now, RegexOf(now));
            return last!.Value.Regex.IsMatch(text);
        };
    }

    /// <summary>Numbers are compared as numbers; values of different kinds are never equal.</summary>
    public static bool AreEqual(object? a, object? b) => IsNumber(a) && IsNumber(b) ? Compare(a, b) == 0 : Equals(a, b);

    /// <summary>Null, which is neither less nor more nor equal, where the kinds do not compare.</summary>
    public static int? Compare(object? a, object? b) => (a, b) switch
    {
        (null, null) => 0,
        (long x, long y) => x.CompareTo(y),
        (bool x, bool y) => x.CompareTo(y),
        (string x, string y) => string.CompareOrdinal(x, y),
        _ when IsNumber(a) && IsNumber(b) => Convert.ToDouble(a, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(b, CultureInfo.InvariantCulture)),
        _ => null,
    };

    /// <summary>Linear time, as the collector's own expressions are.</summary>
    public static Regex RegexOf(string pattern)
    {
        if (s_patterns.TryGetValue(pattern, out var known)) return known;
        Regex regex;
        try { regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant); }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) { throw new NotSimulatedException($"the pattern {pattern}"); }
        if (s_patterns.Count < RememberedPatterns) s_patterns.TryAdd(pattern, regex);
        return regex;
    }

    static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    static bool IsNumber(object? value) => value is long or double;
}
