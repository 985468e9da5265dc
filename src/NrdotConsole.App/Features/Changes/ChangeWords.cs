using NrdotConsole.App.Shell;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Changes in the words and colours of the screen.</summary>
internal static class ChangeWords
{
    /// <summary>Tenants or rings in one line; the plan that ships has five rings.</summary>
    const int MostNames = 6;

    public static string ToneOf(ChangeState state) => state switch
    {
        ChangeState.Applied => "good",
        ChangeState.Rolling => "accent",
        ChangeState.RollingBack => "warn",
        ChangeState.Refused or ChangeState.RolledBack => "bad",
        ChangeState.Approved or ChangeState.Validated => "info",
        _ => "hollow",
    };

    public static string StateOf(ChangeState state) => ChangeStates.Name(state) is var name ? char.ToUpperInvariant(name[0]) + name[1..] : "";

    public static string KindOf(ChangeKind kind) => kind switch
    {
        ChangeKind.Profile => "Profile switch",
        ChangeKind.Ring => "Ring migration",
        ChangeKind.Flag => "Flag",
        ChangeKind.Filter => "Filter",
        ChangeKind.Tenant => "Tenant",
        ChangeKind.Revert => "Revert",
        _ => "Configuration",
    };

    public static string Hosts(int count) => count == 1 ? "1 host" : $"{Format.Count(count)} hosts";

    /// <summary>"12 hosts of prod in rings 3, 4": unknown before the first dry run.</summary>
    public static string Reach(BlastRadius? blast)
    {
        if (blast is null) return "not validated yet";
        if (blast.Hosts == 0) return "no host";
        return $"{Hosts(blast.Hosts)} of {Some(blast.Tenants)} in ring{(blast.Rings.Count == 1 ? "" : "s")} {Some(blast.Rings.Select(r => $"{r}"))}";
    }

    public static string Dollars(BlastRadius? blast) => blast?.UsdPerHourBefore is { } before && blast.UsdPerHourAfter is { } after
        ? $"{Format.UsdPerHour(before)} becomes about {Format.UsdPerHour(after)}" : "what it costs is unknown";

    /// <summary>For dialogs, a line each: hosts by name, tenants, dollars.</summary>
    public static string Blast(BlastRadius? blast, DryRun? dryRun)
    {
        if (blast is not { Hosts: > 0 }) return blast is null ? "It has not been validated: whom it touches is unknown." : "No host runs another configuration by it.";
        var names = dryRun?.Shifts.SelectMany(s => s.Examples).Distinct().Take(6).ToList() ?? [];
        var lines = new List<string> { Reach(blast) + (names.Count > 0 ? $": {string.Join(", ", names)}{(blast.Hosts > names.Count ? " and others" : "")}" : "") + "." };
        if (blast.NotSteerable > 0) lines.Add(blast.NotSteerable == 1 ? "1 of them has no agent and stays as it is." : $"{Format.Count(blast.NotSteerable)} of them have no agent and stay as they are.");
        lines.Add(char.ToUpperInvariant(Dollars(blast)[0]) + Dollars(blast)[1..] + ".");
        return string.Join("\n", lines);
    }

    static string Some(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count <= MostNames ? string.Join(", ", all) : $"{string.Join(", ", all.Take(MostNames - 1))} and {all.Count - MostNames + 1} more";
    }
}
