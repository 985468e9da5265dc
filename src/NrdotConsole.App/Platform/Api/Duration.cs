using System.Globalization;

namespace NrdotConsole.App.Platform.Api;

/// <summary>Durations as operators write them: <c>30s</c>, <c>5m</c>, <c>1h</c>, <c>7d</c>, <c>250ms</c>; a bare number is seconds.</summary>
internal static class Duration
{
    public const string Allowed = "a duration such as 30s, 5m, 1h or 7d (a bare number is seconds), above zero and at most 400d";

    static readonly TimeSpan Longest = TimeSpan.FromDays(400);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var number = digits < 0 ? text.AsSpan() : text.AsSpan(0, digits);
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count <= 0) return false;
        long? unitMs = (digits < 0 ? "s" : text[digits..]) switch
        {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => null,
        };
        if (unitMs is not { } unit || count > (long)Longest.TotalMilliseconds / unit) return false;
        duration = TimeSpan.FromMilliseconds(count * unit);
        return true;
    }

    /// <summary>The shortest exact form: 90 s is <c>90s</c>, 120 s is <c>2m</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        var ms = (long)duration.TotalMilliseconds;
        foreach (var (unit, suffix) in new[] { (86_400_000L, "d"), (3_600_000L, "h"), (60_000L, "m"), (1_000L, "s") })
            if (ms % unit == 0) return $"{ms / unit}{suffix}";
        return $"{ms}ms";
    }
}
