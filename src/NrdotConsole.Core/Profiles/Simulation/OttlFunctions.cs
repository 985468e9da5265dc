using System.Globalization;
using System.Text.RegularExpressions;
using NrdotConsole.Core.Text;

namespace NrdotConsole.Core.Profiles;

static class OttlFunctions
{
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
        try { return LinearRegex.Of(pattern); }
        catch (Exception e) when (e is ArgumentException or NotSupportedException) { throw new NotSimulatedException($"the pattern {pattern}"); }
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
