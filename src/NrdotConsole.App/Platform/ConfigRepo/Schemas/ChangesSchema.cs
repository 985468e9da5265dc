using System.Globalization;
using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Desired;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>changes.yaml</c>: how many must approve, of which files more or none, and freeze windows.</summary>
internal static class ChangesSchema
{
    const int MostApprovals = 10, MaxWindows = 100;

    static readonly string[] s_days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    public static ChangeRules? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        var approvals = map.Find("approvals")?.Whole(0, MostApprovals) ?? ChangeRules.Default.Approvals;
        var expires = map.Find("approval_expires")?.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(90)) ?? ChangeRules.Default.ApprovalExpires;
        var files = map.Find("files")?.ListOf(File) ?? [];
        var freezes = map.Find("freeze_windows");
        var windows = freezes?.ListOf(Window) ?? [];
        if (windows.Count > MaxWindows) freezes?.Error($"There are {windows.Count} freeze windows.", $"at most {MaxWindows}");
        map.Close();
        return new(approvals, expires, files, windows);
    }

    static FileRule? File(Field field)
    {
        if (field.Map() is not { } map) return null;
        var path = map.Require("path", "a file such as rings.yaml, or runbooks/* for a folder");
        var rule = path?.Name() is { } pattern && map.Require("approvals", $"0 to {MostApprovals}")?.Whole(0, MostApprovals) is { } approvals ? new FileRule(pattern, approvals) : null;
        if (rule is not null && rule.Pattern.TrimEnd('*').Contains('*')) path!.Error("A '*' stands at the end only.", "runbooks/*");
        map.Close();
        return rule;
    }

    static FreezeWindow? Window(Field field)
    {
        if (field.Map() is not { } map) return null;
        var name = map.Require("name", "what people call it")?.Name();
        var (from, until) = (map.Find("from")?.Time(), map.Find("until")?.Time());
        var days = map.Find("days")?.ListOf(Day) ?? [];
        var (opens, closes) = (Clock(map.Find("opens")), Clock(map.Find("closes")));
        var zone = Zone(map.Find("zone"));
        map.Close();
        if (from is null && until is null && days.Count == 0) map.Error("The window has no time.", "from and until once, or days each week");
        if (until <= from) map.Error("The window ends before it begins.", "until lies after from");
        if (days.Count > 0 && (from is not null || until is not null)) map.Error("The window has both a time and days.", "from and until once, or days each week: make two windows");
        return name is null ? null : new(name, from, until, days, opens ?? TimeOnly.MinValue, closes ?? TimeOnly.MaxValue) { Zone = zone };
    }

    static DayOfWeek? Day(Field field) => field.Choice(s_days) is { } word ? (DayOfWeek)Array.IndexOf(s_days, word) : null;

    static TimeOnly? Clock(Field? field)
    {
        if (field?.Text() is not { } text) return null;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) return time;
        field.Error($"'{text}' is not a time of day.", "write it in quotes as \"22:00\"");
        return null;
    }

    static TimeZoneInfo Zone(Field? field)
    {
        if (field?.Name() is not { } name) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        field.Error($"'{name}' is no time zone.", "a name such as Europe/Berlin or America/New_York");
        return TimeZoneInfo.Utc;
    }
}
