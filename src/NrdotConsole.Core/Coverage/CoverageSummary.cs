using NrdotConsole.Core.Overview;

namespace NrdotConsole.Core.Coverage;

/// <summary>Importance bands of a process: critical at or above 0.9, important 0.6, standard 0.3, noise below.</summary>
public enum Tier { Critical, Important, Standard, Noise }

/// <summary>
/// Fresh of known processes, pooled over hosts. <see cref="Ratio"/> is 0..1, and null (unknown) where nothing is known
/// to be running or what is known is stale: never 0 or 1 for want of data.
/// </summary>
public readonly record struct CoverageRatio(int Fresh, int Known)
{
    public double? Ratio => Known > 0 ? (double)Fresh / Known : null;
}

public sealed record TierCoverage(Tier Tier, CoverageRatio Coverage);

/// <summary>A process known to run whose metrics have not come within the freshness window.</summary>
public sealed record MissingProcess(string Tenant, string HostKey, string HostName, string Executable, string Owner, string Class, Tier Tier, DateTimeOffset? LastSeen);

public sealed record HostCoverage(string Tenant, string HostKey, string HostName, double? Score, CoverageRatio Critical, CoverageRatio All, bool DenominatorKnown);

/// <summary>
/// Coverage of a scope. <see cref="Score"/> is the importance-weighted ratio 0..1: sum of the importance of fresh
/// processes over that of known ones. Null where unknown.
/// </summary>
public sealed record CoverageSummary(
    SignalScope Scope, DateTimeOffset At, double? Score, IReadOnlyList<TierCoverage> Tiers,
    int HostsKnown, int HostsUnknown, IReadOnlyList<HostCoverage> WorstHosts,
    IReadOnlyList<MissingProcess> Missing, int MissingTotal)
{
    public double? Critical => Tiers.FirstOrDefault(t => t.Tier == Tier.Critical)?.Coverage.Ratio;
}
