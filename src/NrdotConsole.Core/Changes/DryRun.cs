using NrdotConsole.Core.Desired;

namespace NrdotConsole.Core.Changes;

/// <summary>
/// A host as a dry run needs it. Dollars (an hour's), series (active) and coverage (0..1) are what it measures now; null is unknown.
/// <paramref name="RingAfter"/> is where it would be under the Change's rings.
/// </summary>
public sealed record DryRunHost(HostIdentity Host, int? Ring, int? RingAfter, bool Excluded, bool Steered, decimal? UsdPerHour, double? Series, double? Coverage);

/// <summary>Hosts that would go from one rendered configuration to another. <paramref name="Diff"/> are its changed lines with their neighbours.</summary>
public sealed record ConfigShift(
    string FromHash, string ToHash, string FromProfile, string ToProfile, int Hosts, int NotSteerable,
    IReadOnlyList<string> Tenants, IReadOnlyList<int> Rings, IReadOnlyList<string> Examples)
{
    public IReadOnlyList<DiffLine> Diff { get; init; } = [];
}

public enum DiffMark { Same, Removed, Added, Gap }

/// <summary>A line of a diff; of a gap the text says how many lines are left out. Numbers are the line's in the older and newer text, from 1.</summary>
public sealed record DiffLine(DiffMark Mark, string Text, int? From = null, int? To = null);

/// <summary>Why a Change may not go on, and what would mend it.</summary>
public sealed record DryRunError(string Value, string Mend);

/// <summary>What a Change would come to: nothing is sent.</summary>
public sealed record DryRun(
    DateTimeOffset At, BlastRadius Blast, IReadOnlyList<ConfigShift> Shifts, int ShiftsOmitted, int RingMoves,
    IReadOnlyList<string> NotSteerable, IReadOnlyList<string> Warnings, IReadOnlyList<DryRunError> Errors);
