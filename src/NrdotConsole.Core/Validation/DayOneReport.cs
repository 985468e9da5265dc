namespace NrdotConsole.Core.Validation;

/// <summary>Unknown: data is missing. It is never a pass.</summary>
public enum CheckVerdict { Pass, Fail, Unknown }

/// <summary>Ratio: 0..1. CoreShare: CPU seconds a second, 1 is one core.</summary>
public enum CheckUnit { Ratio, CoreShare, PointsPerSecond, Count }

/// <summary>What a value must keep to, in its check's unit; null is no bound.</summary>
public sealed record CheckBound(double? AtLeast = null, double? AtMost = null, double? Below = null)
{
    public bool Holds(double value) => !(value < AtLeast) && !(value > AtMost) && !(value >= Below);
}

/// <summary>A host that a check fails on, with its value, or that it knows nothing of: then the value is null.</summary>
public sealed record HostFinding(string Tenant, string HostKey, string Name, double? Value);

/// <summary>
/// One check of a scope. <paramref name="Value"/> is the scope's, as <paramref name="Source"/> says it is made; null where nothing is known.
/// <paramref name="Hosts"/> are those that were looked at, <paramref name="Failing"/> and <paramref name="Unknown"/> how many of them fail by themselves or
/// say nothing. <paramref name="Warning"/> is what an operator should know all the same; null for nothing.
/// </summary>
public sealed record DayOneCheck(
    string Key, string Title, CheckVerdict Verdict, double? Value, CheckUnit Unit, CheckBound Bound, string Source, string? Warning,
    int Hosts, int Failing, int Unknown)
{
    /// <summary>At most; all are counted.</summary>
    public const int ListedHosts = 10;

    /// <summary>The failing ones, then those that say nothing.</summary>
    public IReadOnlyList<HostFinding> Findings { get; init; } = [];
}

/// <summary>What stands beside the checks and is held against no bound. <paramref name="PointsPerMinute"/> is null until a host has a rate.</summary>
public sealed record DayOneFacts(int Hosts, int HostsReporting, long Processes, double? PointsPerMinute);

/// <summary>The verdict fails with any check that fails, and is unknown with any that is unknown.</summary>
public sealed record DayOneReport(string Scope, int? Ring, DateTimeOffset At, CheckVerdict Verdict, DayOneFacts Facts, IReadOnlyList<DayOneCheck> Checks);
