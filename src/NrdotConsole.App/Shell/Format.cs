using System.Globalization;

namespace NrdotConsole.App.Shell;

/// <summary>Figures with their units, in one place; <c>format.js</c> writes the same in charts. What is null or NaN is <see cref="Unknown"/>, never zero.</summary>
internal static class Format
{
    public const string Unknown = "unknown";

    static readonly CultureInfo Culture = CultureInfo.InvariantCulture;
    static readonly (double Size, string Suffix)[] Si = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];

    /// <summary>Dollars: two digits of what is below ten cents, cents up to a hundred, whole ones above.</summary>
    public static string Usd(decimal? usd)
    {
        if (usd is not { } value) return Unknown;
        var size = Math.Abs(value);
        var text = size switch
        {
            0 => "0",
            < 0.1m => TwoDigits(size),
            < 100 => size.ToString("0.00", Culture),
            _ => size.ToString("#,0", Culture),
        };
        return (value < 0 ? "-$" : "$") + text;
    }

    public static string UsdPerHour(decimal? usd) => usd is null ? Unknown : Usd(usd) + " /h";

    /// <summary>Bytes in powers of a thousand, as vendors bill.</summary>
    public static string Bytes(double? bytes)
    {
        if (!Known(bytes, out var value)) return Unknown;
        var (scaled, suffix) = Scale(value);
        return $"{Digits(scaled, suffix.Length == 0 ? 0 : 2)} {suffix}B";
    }

    public static string BytesPerSecond(double? bytes) => Known(bytes, out _) ? Bytes(bytes) + "/s" : Unknown;

    /// <summary>A ratio 0..1 in percent, one decimal.</summary>
    public static string Percent(double? ratio) =>
        Known(ratio, out var value) ? (value * 100).ToString(Math.Abs(value) >= 0.9995 ? "#,0" : "#,0.#", Culture) + " %" : Unknown;

    /// <summary>A whole number, all its digits.</summary>
    public static string Count(long? count) => count is { } value ? value.ToString("#,0", Culture) : Unknown;

    /// <summary>A number in at most three significant digits: 9,999 then 12.3 k, 1.23 M.</summary>
    public static string Compact(double? number)
    {
        if (!Known(number, out var value)) return Unknown;
        if (value != 0 && Math.Abs(value) < 0.01) return TwoDigits((decimal)value);
        if (Math.Abs(value) < 10000) return Digits(value, 2);
        var (scaled, suffix) = Scale(value);
        return $"{Digits(scaled, 2)} {suffix}";
    }

    public static string PointsPerSecond(double? rate) => Known(rate, out _) ? Compact(rate) + " points/s" : Unknown;

    /// <summary>The two largest units of a span: "3 d 4 h", "12 min", "45 s".</summary>
    public static string Duration(TimeSpan? span)
    {
        if (span is not { } value) return Unknown;
        value = value.Duration();
        return value switch
        {
            { TotalSeconds: < 1 } => $"{value.TotalMilliseconds.ToString("0", Culture)} ms",
            { TotalSeconds: < 120 } => $"{(int)value.TotalSeconds} s",
            { TotalMinutes: < 120 } => $"{(int)value.TotalMinutes} min",
            { TotalHours: < 48 } => value.Minutes == 0 ? $"{(int)value.TotalHours} h" : $"{(int)value.TotalHours} h {value.Minutes} min",
            _ => value.Hours == 0 ? $"{(int)value.TotalDays} d" : $"{(int)value.TotalDays} d {value.Hours} h",
        };
    }

    public static string Utc(DateTimeOffset? at) => at is { } value ? value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", Culture) + " UTC" : Unknown;

    /// <summary>A measured value in its UCUM unit ("By", "s", "1", "{process}", …).</summary>
    public static string Value(double? value, string unit) => unit switch
    {
        "By" => Bytes(value),
        "By/s" => BytesPerSecond(value),
        "USD" => Known(value, out var usd) && Math.Abs(usd) < 1e15 ? Usd((decimal)usd) : Unknown,
        "s" => Known(value, out var seconds) && Math.Abs(seconds) < 1e9 ? Seconds(seconds) : Unknown,
        "" or "1" => Compact(value),
        _ when Known(value, out _) => $"{Compact(value)} {Plain(unit)}",
        _ => Unknown,
    };

    static string Seconds(double value) =>
        Math.Abs(value) is > 0 and < 1 ? $"{Digits(value * 1000, 1)} ms" : value < 120 ? $"{Digits(value, 1)} s" : Duration(TimeSpan.FromSeconds(value));

    static string Plain(string unit) => unit.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

    static bool Known(double? number, out double value)
    {
        value = number ?? double.NaN;
        return double.IsFinite(value);
    }

    static (double Scaled, string Suffix) Scale(double value)
    {
        foreach (var (size, suffix) in Si)
        {
            if (Math.Abs(value) >= size) return (value / size, suffix);
        }
        return (value, "");
    }

    static string Digits(double value, int most)
    {
        var decimals = Math.Min(most, Math.Abs(value) switch { >= 100 => 0, >= 10 => 1, _ => 2 });
        return value.ToString(decimals switch { 0 => "#,0", 1 => "#,0.#", _ => "#,0.##" }, Culture);
    }

    static string TwoDigits(decimal value)
    {
        if (value == 0) return "0";
        var decimals = Math.Clamp(1 - (int)Math.Floor(Math.Log10((double)Math.Abs(value))), 2, 12);
        return value.ToString("0." + new string('#', decimals), Culture);
    }
}
