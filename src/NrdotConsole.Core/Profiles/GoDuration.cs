using System.Buffers;
using System.Globalization;

namespace NrdotConsole.Core.Profiles;

/// <summary>Durations as the collector writes and reads them: <c>1m30s</c>, <c>250ms</c>, <c>1h</c>; a bare <c>0</c>.</summary>
public static class GoDuration
{
    static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");
    static readonly (string Unit, double Seconds)[] s_units = [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1)];

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (string.IsNullOrEmpty(text) || text.Length > 64) return false;
        if (text == "0") return true;
        var rest = text.AsSpan();
        var seconds = 0.0;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(s_digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return false;
            rest = rest[digits..];
            var unit = UnitAt(rest);
            if (unit < 0) return false;
            seconds += count * s_units[unit].Seconds;
            rest = rest[s_units[unit].Unit.Length..];
        }
        if (seconds > TimeSpan.MaxValue.TotalSeconds / 2) return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>In one unit: <c>90s</c>, <c>10m</c>, <c>250ms</c>; a minute is <c>60s</c>.</summary>
    public static string Write(TimeSpan duration)
    {
        var milliseconds = (long)duration.TotalMilliseconds;
        var (count, unit) = milliseconds % 1000 != 0 ? (milliseconds, "ms")
            : milliseconds % 60_000 != 0 || milliseconds <= 60_000 ? (milliseconds / 1000, "s") : (milliseconds / 60_000, "m");
        return count.ToString(CultureInfo.InvariantCulture) + unit;
    }

    static int UnitAt(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < s_units.Length; i++)
        {
            if (text.StartsWith(s_units[i].Unit, StringComparison.Ordinal)) return i;
        }
        return -1;
    }
}
