using System.Globalization;

namespace NrdotConsole.App.Shell;

/// <summary>What span of time a page shows: the last so-and-so long, or from one moment to another (UTC, whole seconds).</summary>
public sealed record TimeRange
{
    public static readonly IReadOnlyList<TimeRange> Presets =
    [
        Last(TimeSpan.FromMinutes(15), "15m", "Last 15 minutes"), Last(TimeSpan.FromHours(1), "1h", "Last hour"), Last(TimeSpan.FromHours(6), "6h", "Last 6 hours"),
        Last(TimeSpan.FromDays(1), "24h", "Last 24 hours"), Last(TimeSpan.FromDays(7), "7d", "Last 7 days"), Last(TimeSpan.FromDays(30), "30d", "Last 30 days"),
    ];

    public static readonly TimeRange Default = Presets[1];

    const string Stamp = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    TimeRange(string text, string label, TimeSpan span, DateTimeOffset? from)
    {
        (Text, Label, Span, From) = (text, label, span, from);
    }

    /// <summary>As the URL holds it: <c>6h</c>, or <c>2026-11-01T00:00:00Z..2026-11-02T00:00:00Z</c>.</summary>
    public string Text { get; }

    /// <summary>In words, for one that ends now; of a fixed one its <see cref="Text"/>, which <see cref="ViewerZone.Show(TimeRange)"/> puts into words.</summary>
    public string Label { get; }
    public TimeSpan Span { get; }

    /// <summary>The fixed start; null where the range ends now.</summary>
    public DateTimeOffset? From { get; }
    public DateTimeOffset? To => From + Span;

    /// <summary>Null where <paramref name="to"/> is not after <paramref name="from"/>, counted in whole seconds.</summary>
    public static TimeRange? Between(DateTimeOffset from, DateTimeOffset to)
    {
        from = Whole(from);
        to = Whole(to);
        if (to <= from) return null;
        var text = $"{from.ToString(Stamp, CultureInfo.InvariantCulture)}..{to.ToString(Stamp, CultureInfo.InvariantCulture)}";
        return new(text, text, to - from, from);
    }

    /// <summary>What the URL says; the default where it makes no sense.</summary>
    public static TimeRange Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Default;
        var preset = Presets.FirstOrDefault(p => p.Text == text);
        if (preset is not null) return preset;
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        return dots > 0 && Moment(text[..dots], out var from) && Moment(text[(dots + 2)..], out var to) ? Between(from, to) ?? Default : Default;
    }

    public (DateTimeOffset From, DateTimeOffset To) Window(TimeProvider clock)
    {
        if (From is { } from) return (from, from + Span);
        var now = clock.GetUtcNow();
        return (now - Span, now);
    }

    static TimeRange Last(TimeSpan span, string text, string label) => new(text, label, span, null);

    static DateTimeOffset Whole(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());

    static bool Moment(string text, out DateTimeOffset at) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at);
}
