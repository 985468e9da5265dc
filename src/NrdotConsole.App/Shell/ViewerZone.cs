using System.Globalization;

namespace NrdotConsole.App.Shell;

/// <summary>
/// The time zone of who looks. The browser names it in a cookie (theme.js) before the first page, and a circuit keeps it. UTC where it
/// named none, or one that this machine does not know. Only what is shown is in it: the store, the API and the address stay UTC.
/// </summary>
public sealed record ViewerZone(TimeZoneInfo Zone)
{
    public const string Cookie = "nr-zone";
    const int LongestName = 64;

    public static readonly ViewerZone Utc = new(TimeZoneInfo.Utc);

    public string Name => Zone.Id;

    public static ViewerZone Parse(string? name) =>
        name is { Length: > 0 and <= LongestName } && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? new(zone) : Utc;

    /// <summary>"2026-11-23 14:05:09" in the zone.</summary>
    public string Show(DateTimeOffset? at) => at is { } value ? Local(value).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : Format.Unknown;

    /// <summary>A range in words: a preset's own, or both its ends in the zone.</summary>
    public string Show(TimeRange range)
    {
        if (range is not { From: { } start, To: { } end }) return range.Label;
        var (from, to) = (Local(start), Local(end));
        var form = from.Date == to.Date ? "HH:mm" : "d MMM HH:mm";
        return $"{from.ToString("d MMM HH:mm", CultureInfo.InvariantCulture)} – {to.ToString(form, CultureInfo.InvariantCulture)}";
    }

    public DateTime Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone).DateTime;

    /// <summary>The moment that the zone's clocks call <paramref name="local"/>; null where they leap over it. Of two such moments the former.</summary>
    public DateTimeOffset? Moment(DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (Zone.IsInvalidTime(local)) return null;
        var offset = Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>The first moment of the day in the zone: midnight, or where the clocks leap over it, the moment they leap to.</summary>
    public DateTimeOffset Start(DateOnly day)
    {
        for (var local = day.ToDateTime(TimeOnly.MinValue); ; local = local.AddMinutes(15))
            if (Moment(local) is { } start) return start;
    }

    /// <summary>"UTC+01:00" at the given moment.</summary>
    public string Offset(DateTimeOffset at)
    {
        var offset = Zone.GetUtcOffset(at);
        return $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}";
    }
}
