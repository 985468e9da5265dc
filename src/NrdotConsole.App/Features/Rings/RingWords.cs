using System.Globalization;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Shell;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Features.Rings;

/// <summary>Rings in the words and colours of the screen.</summary>
internal static class RingWords
{
    public static string Percent(decimal share) => (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    public static string RoleOf(RingRole role) => role switch { RingRole.Control => "Control", RingRole.Treatment => "Treatment", _ => "Experimental" };

    public static string? ToneOf(RingRole role) => role switch { RingRole.Control => null, RingRole.Treatment => "info", _ => "accent" };

    /// <summary>"12 below", "4 above", "exact".</summary>
    public static string OffTarget(RingRow ring) => (ring.Hosts - ring.Target) switch
    {
        0 => "exact",
        < 0 and var less => $"{Format.Count(-less)} below exact",
        var more => $"{Format.Count(more)} above exact",
    };

    public static string Tenants(IReadOnlyDictionary<string, int> tenants) =>
        string.Join(", ", tenants.Take(4).Select(t => $"{t.Key} {Format.Count(t.Value)}")) + (tenants.Count > 4 ? $" and {tenants.Count - 4} more" : "");

    public static string Dollars(RingPreview p, bool maySeeCost)
    {
        if (!maySeeCost) return "What it costs is not shown to you.";
        if (p.Reconfigured == 0) return "No host runs another configuration by it: costs stay.";
        return p is { UsdPerHourBefore: { } before, UsdPerHourAfter: { } after }
            ? $"{ChangeWords.Hosts(p.Reconfigured)} would run another configuration: {Format.UsdPerHour(before)} becomes about {Format.UsdPerHour(after)}."
            : $"{ChangeWords.Hosts(p.Reconfigured)} would run another configuration; what that costs is unknown.";
    }

    /// <summary>For the dialog, a line each: hosts by name, tenants, dollars.</summary>
    public static string Blast(RingPreview p, bool maySeeCost)
    {
        var names = p.Moved.Take(6).Select(m => m.Name).ToList();
        var lines = new List<string>
        {
            p.Moves == 0 ? "No host moves now."
                : $"{ChangeWords.Hosts(p.Moves)} of {Format.Count(p.Hosts)} move: {string.Join(", ", names)}{(p.Moves > names.Count ? " and others" : "")}.",
        };
        if (p.Moves > 0) lines.Add($"Tenants: {Tenants(p.Tenants)}.");
        lines.Add(Dollars(p, maySeeCost));
        if (p.NotSteerable > 0) lines.Add($"{ChangeWords.Hosts(p.NotSteerable)} of them have no agent and keep their configuration.");
        return string.Join("\n", lines);
    }
}
