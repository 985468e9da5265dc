using System.Globalization;

namespace NrdotConsole.App.Platform.Api;

/// <summary>Times as callers write them: Unix milliseconds or seconds, RFC 3339, <c>now</c>, <c>now-1h</c>.</summary>
internal static class Instant
{
    public const string Allowed = "Unix milliseconds or seconds, RFC 3339 such as 2026-01-31T12:00:00Z, now, or now-1h";

    /// <summary>Numbers from here on are milliseconds: as seconds they would lie beyond the year 5138.</summary>
    const long FirstMilliseconds = 100_000_000_000;

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset instant)
    {
        instant = now;
        if (text == "now") return true;
        if (text.StartsWith("now-", StringComparison.Ordinal))
        {
            if (!Duration.TryParse(text[4..], out var back)) return false;
            instant = now - back;
            return true;
        }
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            var ms = Math.Abs(number) >= FirstMilliseconds ? number : number * 1000;
            if (ms < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || ms > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) return false;
            instant = DateTimeOffset.FromUnixTimeMilliseconds(ms);
            return true;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);
    }
}
