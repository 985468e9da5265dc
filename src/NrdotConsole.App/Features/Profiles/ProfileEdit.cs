using System.Globalization;
using System.Text.RegularExpressions;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.App.Features.Profiles;

/// <summary>The numbers of a profile that its form edits, as typed.</summary>
internal sealed record ProfileNumbers
{
    public double MinImportance { get; set; }
    public double CpuPercent { get; set; }
    public double MemoryMb { get; set; }
    public double IoKbPerSecond { get; set; }
    public int MaxSeriesPerHost { get; set; }
    public double TargetReductionPercent { get; set; }
    public int IntervalSeconds { get; set; }

    public static ProfileNumbers Of(Profile profile) => new()
    {
        MinImportance = profile.MinImportance, CpuPercent = profile.CpuPercent, MemoryMb = profile.MemoryMb, IoKbPerSecond = profile.IoKbPerSecond,
        MaxSeriesPerHost = profile.MaxSeriesPerHost, TargetReductionPercent = Math.Round(profile.TargetReduction * 100, 1), IntervalSeconds = (int)profile.Interval.TotalSeconds,
    };

    public Profile In(Profile profile) => profile with
    {
        MinImportance = MinImportance, CpuPercent = CpuPercent, MemoryMb = MemoryMb, IoKbPerSecond = IoKbPerSecond, MaxSeriesPerHost = MaxSeriesPerHost,
        TargetReduction = TargetReductionPercent / 100, Interval = TimeSpan.FromSeconds(IntervalSeconds),
    };

    public IReadOnlyList<Fault> Faults()
    {
        var faults = new List<Fault>();
        Within("Least importance", MinImportance, 0, 1);
        Within("Processor", CpuPercent, 0, 100_000);
        Within("Memory", MemoryMb, 0, 100_000_000);
        Within("Input and output", IoKbPerSecond, 0, 1_000_000_000);
        Within("Most series", MaxSeriesPerHost, 1, 1_000_000);
        Within("Target reduction", TargetReductionPercent, 0, 100);
        Within("Interval", IntervalSeconds, 1, 3_600);
        return faults;

        void Within(string field, double value, double least, double most)
        {
            if (!double.IsFinite(value) || value < least || value > most) faults.Add(new(field, value.ToString(CultureInfo.InvariantCulture), FormattableString.Invariant($"{least} to {most}")));
        }
    }
}

/// <summary>Writes numbers into the text of <c>profiles.yaml</c> where they stand: comments, order and everything else stay as they are.</summary>
internal static partial class ProfileEdit
{
    public const string File = "profiles.yaml";

    /// <summary>The new text, or what keeps a form from writing it.</summary>
    public static (string? Text, Fault? Fault) Apply(string text, string profile, ProfileNumbers before, ProfileNumbers after)
    {
        foreach (var (path, old, value) in Changed(profile, before, after))
        {
            if (old == value) continue;
            var (edited, fault) = Set(text, path, value);
            if (edited is null) return (null, fault);
            text = edited;
        }
        return (text, null);
    }

    static IEnumerable<(string[] Path, string Old, string New)> Changed(string profile, ProfileNumbers before, ProfileNumbers after)
    {
        yield return (["profiles", profile, "keep", "min_importance"], Text(before.MinImportance), Text(after.MinImportance));
        yield return (["profiles", profile, "keep", "cpu_percent"], Text(before.CpuPercent), Text(after.CpuPercent));
        yield return (["profiles", profile, "keep", "memory_mb"], Text(before.MemoryMb), Text(after.MemoryMb));
        yield return (["profiles", profile, "keep", "io_kb_per_second"], Text(before.IoKbPerSecond), Text(after.IoKbPerSecond));
        yield return (["profiles", profile, "max_series_per_host"], Text(before.MaxSeriesPerHost), Text(after.MaxSeriesPerHost));
        yield return (["profiles", profile, "target_reduction"], Text(before.TargetReductionPercent / 100), Text(after.TargetReductionPercent / 100));
        yield return (["profiles", profile, "interval"], Seconds(before.IntervalSeconds), Seconds(after.IntervalSeconds));
    }

    static (string? Text, Fault? Fault) Set(string text, string[] path, string value)
    {
        var field = string.Join('.', path);
        var (root, unreadable) = YamlTree.Read(text);
        if (root is null) return (null, new(File, field, $"a file that can be read; line {unreadable!.Line}: {unreadable.Message}"));
        var parent = root.AsMap?.Find(path.AsSpan()[..^1]) as YamlMap;
        if (parent is not { Entries: [var first, ..] }) return (null, new(field, value, "a field of a profile that stands in the file"));

        var lines = text.Split('\n');
        var own = parent.Entries.FirstOrDefault(e => e.Key == path[^1]);
        // A field with a default may be absent: it goes before its first neighbour.
        if (own.Key is null)
        {
            var at = lines[first.Line - 1];
            var indent = at[..(at.Length - at.TrimStart().Length)];
            return (string.Join('\n', [.. lines[..(first.Line - 1)], $"{indent}{path[^1]}: {value}", .. lines[(first.Line - 1)..]]), null);
        }
        var match = KeyAndValue().Match(lines[own.Line - 1]);
        if (!match.Success || match.Groups["key"].Value.Trim('"', '\'') != path[^1])
            return (null, new(field, value, "a field on a line of its own; edit the file on the Config page"));
        lines[own.Line - 1] = match.Groups["head"].Value + value + match.Groups["tail"].Value;
        return (string.Join('\n', lines), null);
    }

    static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
    static string Seconds(int seconds) => seconds.ToString(CultureInfo.InvariantCulture) + "s";

    [GeneratedRegex("""^(?<head>\s*(?<key>[\w"'-]+)\s*:\s*)(?<value>[^\s#{}\[\]&*,]+)(?<tail>\s*(?:#.*)?)$""")]
    private static partial Regex KeyAndValue();
}
