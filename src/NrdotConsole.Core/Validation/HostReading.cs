using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;

namespace NrdotConsole.Core.Validation;

/// <summary>
/// What day-1 validation knows of one host. A measure is null where the host, or its collector, does not say it: a host that fell silent
/// has none but the changes of its profile.
/// </summary>
public sealed record HostReading(string Tenant, string HostKey, string Name)
{
    /// <summary>It sends data now.</summary>
    public bool IsReporting { get; init; }

    /// <summary>Points a second that its collector's receivers took and refused.</summary>
    public double? AcceptedPerSecond { get; init; }
    public double? RefusedPerSecond { get; init; }

    /// <summary>CPU seconds a second: 1 is one core.</summary>
    public double? CpuShare { get; init; }
    public double? DroppedPerSecond { get; init; }

    /// <summary>Size / capacity of the fullest export queue, 0..1.</summary>
    public double? QueueShare { get; init; }

    /// <summary>Its process series, and those it would send without a profile.</summary>
    public ReductionTally? Reduction { get; init; }

    /// <summary>Of the profile that it should run, 0..1.</summary>
    public double? TargetReduction { get; init; }

    /// <summary>Critical processes with fresh metrics of those known to run; null where nobody says what runs.</summary>
    public CoverageRatio? Critical { get; init; }

    /// <summary>How often the desired state gave it another profile within <see cref="DayOneRule.SwitchWindow"/>.</summary>
    public int? ProfileSwitches { get; init; }

    /// <summary>Process identities with fresh metrics.</summary>
    public int Processes { get; init; }
    public double? PointsPerMinute { get; init; }

    /// <summary>What the fleet's row of a host says; of one that is silent nothing.</summary>
    public static HostReading Of(HostRow row)
    {
        var reading = new HostReading(row.Tenant, row.HostKey, row.Name);
        if (row.Health is not (HostHealth.Healthy or HostHealth.Degraded)) return reading;
        var collector = row.Collector;
        return reading with
        {
            IsReporting = true, Processes = row.Processes, PointsPerMinute = row.PointsPerMinute,
            AcceptedPerSecond = collector?.AcceptedPerSecond, RefusedPerSecond = collector?.RefusedPerSecond, CpuShare = collector?.CpuShare, QueueShare = collector?.QueueShare,
            // A collector makes its counters of loss at the first loss: one that counts what it accepts and names no loss has had none.
            DroppedPerSecond = collector?.DroppedPerSecond ?? (collector?.AcceptedPerSecond is null ? null : 0),
            Reduction = row.Reduction, Critical = row.Coverage is null ? null : new(row.CriticalFresh, row.CriticalKnown),
        };
    }
}

/// <summary>The day-1 checks that a host fails by itself, and those of which it says nothing, by key.</summary>
public sealed record HostDayOne(IReadOnlyList<string> Failing, IReadOnlyList<string> Unknown);

/// <summary>What all hosts of a scope would send by a profile; <paramref name="CostRank"/> says which should send less (0 least).</summary>
public sealed record ProfileVolume(string Profile, int CostRank, long PointsPerHour);
