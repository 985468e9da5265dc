using NrdotConsole.Core.Coverage;

namespace NrdotConsole.Core.Validation;

/// <summary>
/// Whether hosts are in order on the day after their deployment: the checks of NRDOT's day-1 validation, for a host as for the fleet. A scope
/// passes where each of its hosts does; the value shown is the worst host's, or pooled, as each check's source says. Reduction is judged
/// pooled alone: a host with few processes has little to leave out. Missing data is unknown, never a pass.
/// </summary>
public static class DayOneRule
{
    public const double LeastAcceptance = 0.95, AcceptanceTarget = 0.99;

    /// <summary>Of one core.</summary>
    public const double CpuLimit = 0.02;
    public const string CpuKey = "collector_cpu";
    public const double QueueLimit = 0.80;

    /// <summary>Where no profile says another: what the guide expects of the balanced one.</summary>
    public const double UsualReduction = 0.70;

    /// <summary>How far above its target a reduction is still as intended: 70 to 85 % for the balanced profile.</summary>
    public const double ReductionSpan = 0.15;
    public const double LeastCritical = 0.95;
    public const int MostSwitches = 3;
    public static readonly TimeSpan SwitchWindow = TimeSpan.FromHours(24);

    /// <param name="volumes">What the scope's hosts would send by each profile; empty where no host is measured.</param>
    public static DayOneReport Judge(string scope, int? ring, DateTimeOffset at, IReadOnlyList<HostReading> hosts, IReadOnlyList<ProfileVolume> volumes)
    {
        DayOneCheck[] checks =
        [
            Acceptance(hosts), Cpu(hosts), Dropped(hosts), Queue(hosts),
            Reduction(hosts),
            Critical(hosts),
            EachHost("profile_switches", "Changes of profile in 24 h", CheckUnit.Count, new(AtMost: MostSwitches), "applied and rolled-back Changes that gave the host another profile; the most of a host", hosts, h => h.ProfileSwitches, v => v.Max()),
            CostOrder(volumes, hosts.Count),
        ];
        var verdict = checks.Any(c => c.Verdict == CheckVerdict.Fail) ? CheckVerdict.Fail
            : checks.Any(c => c.Verdict == CheckVerdict.Unknown) ? CheckVerdict.Unknown : CheckVerdict.Pass;
        return new(scope, ring, at, verdict, Facts(hosts), checks);
    }

    /// <summary>
    /// What a host's own collector tells, for a rollout's gate: acceptance, CPU, drops, queue, critical coverage. Reduction is judged pooled alone,
    /// and how often profiles change is no measure of a configuration.
    /// </summary>
    public static HostDayOne OfHost(HostReading host)
    {
        HostReading[] one = [host];
        DayOneCheck[] checks = [Acceptance(one), Cpu(one), Dropped(one), Queue(one), Critical(one)];
        return new([.. checks.Where(c => c.Verdict == CheckVerdict.Fail).Select(c => c.Key)], [.. checks.Where(c => c.Verdict == CheckVerdict.Unknown).Select(c => c.Key)]);
    }

    static DayOneCheck Cpu(IReadOnlyList<HostReading> hosts) => EachHost(CpuKey, "Collector CPU", CheckUnit.CoreShare, new(Below: CpuLimit),
        "otelcol_process_cpu_seconds; the busiest collector's share of a core", hosts, h => h.CpuShare, v => v.Max());

    static DayOneCheck Dropped(IReadOnlyList<HostReading> hosts) => EachHost("dropped", "Points dropped", CheckUnit.PointsPerSecond, new(AtMost: 0),
        "points that could not be queued, or whose sending failed for good; all hosts'", hosts, h => h.DroppedPerSecond, v => v.Sum());

    static DayOneCheck Queue(IReadOnlyList<HostReading> hosts) => EachHost("queue", "Export queue", CheckUnit.Ratio, new(Below: QueueLimit),
        "otelcol_exporter_queue_size / queue_capacity; the fullest", hosts, h => h.QueueShare, v => v.Max());

    static DayOneFacts Facts(IReadOnlyList<HostReading> hosts) => new(
        hosts.Count, hosts.Count(h => h.IsReporting), hosts.Sum(h => (long)h.Processes),
        hosts.Any(h => h.PointsPerMinute is not null) ? hosts.Sum(h => h.PointsPerMinute ?? 0) : null);

    static DayOneCheck Acceptance(IReadOnlyList<HostReading> hosts)
    {
        var known = hosts.Where(h => AcceptedShare(h) is not null).ToList();
        var (accepted, refused) = (known.Sum(h => h.AcceptedPerSecond ?? 0), known.Sum(h => h.RefusedPerSecond ?? 0));
        var check = EachHost("acceptance", "Points accepted", CheckUnit.Ratio, new(AtLeast: LeastAcceptance), "accepted / (accepted + refused) points of the collectors' receivers, pooled",
            hosts, AcceptedShare, _ => accepted / (accepted + refused));
        return check.Value < AcceptanceTarget ? check with { Warning = "Below the target of 99 %." } : check;
    }

    static double? AcceptedShare(HostReading host) => host.AcceptedPerSecond is { } accepted && accepted + (host.RefusedPerSecond ?? 0) is > 0 and var all ? accepted / all : null;

    static DayOneCheck Reduction(IReadOnlyList<HostReading> hosts)
    {
        var known = hosts.Where(h => h.Reduction is { Total: > 0 } or { Unreported: > 0 }).ToList();
        var pooled = known.Aggregate(default(ReductionTally), (sum, h) => sum + h.Reduction!.Value);
        if (pooled.Reduction is null) known = [];
        // The target of hosts with several profiles: what they would keep together, each by its own.
        var wanted = known.Sum(h => Size(h) * (h.TargetReduction ?? UsualReduction));
        var size = known.Sum(Size);
        var target = size > 0 ? wanted / size : UsualReduction;
        var value = pooled.Reduction;
        var check = new DayOneCheck("reduction", "Reduction of process series", Verdict(hosts.Count, hosts.Count - known.Count, value < target), value, CheckUnit.Ratio, new(AtLeast: target),
            "1 - kept / total process series by the inventory, pooled; at least what the hosts' profiles are meant to leave out",
            value > target + ReductionSpan ? "More is left out than the profiles are meant to; see which processes are missing." : null,
            hosts.Count, 0, hosts.Count - known.Count);
        return check with { Findings = Listed(hosts.Where(h => !known.Contains(h)).Select(h => Finding(h, null))) };
    }

    static double Size(HostReading host) => Math.Max(1, host.Reduction?.Total ?? 0);

    static DayOneCheck Critical(IReadOnlyList<HostReading> hosts)
    {
        // A host that runs nothing critical is known to miss nothing.
        var known = hosts.Where(h => h.Critical is not null).ToList();
        var (fresh, all) = (known.Sum(h => h.Critical!.Value.Fresh), known.Sum(h => h.Critical!.Value.Known));
        return EachHost("critical_coverage", "Critical coverage", CheckUnit.Ratio, new(AtLeast: LeastCritical), "critical processes with fresh metrics / those known to run, pooled",
            hosts, h => h.Critical is { } critical ? critical.Ratio ?? 1 : null, _ => all > 0 ? (double)fresh / all : 1);
    }

    static DayOneCheck CostOrder(IReadOnlyList<ProfileVolume> volumes, int hosts)
    {
        var ordered = volumes.OrderBy(v => v.CostRank).ToList();
        var wrong = ordered.Zip(ordered.Skip(1)).Where(p => p.First.PointsPerHour > p.Second.PointsPerHour).ToList();
        var isKnown = ordered.Count > 1 && hosts > 0;
        return new("cost_order", "Cost grows with the profile", !isKnown ? CheckVerdict.Unknown : wrong.Count > 0 ? CheckVerdict.Fail : CheckVerdict.Pass,
            isKnown ? wrong.Count : null, CheckUnit.Count, new(AtMost: 0),
            isKnown ? $"points an hour of the same hosts by each profile: {string.Join(", ", ordered.Select(v => FormattableString.Invariant($"{v.Profile} {v.PointsPerHour:#,0}")))}" : "no host's processes are measured yet",
            wrong.Count > 0 ? string.Join(" ", wrong.Select(p => $"{p.First.Profile} costs more than {p.Second.Profile}.")) : null, hosts, 0, 0);
    }

    static DayOneCheck EachHost(string key, string title, CheckUnit unit, CheckBound bound, string source, IReadOnlyList<HostReading> hosts,
        Func<HostReading, double?> read, Func<IEnumerable<double>, double> pool)
    {
        var values = hosts.Select(h => (Host: h, Value: read(h))).ToList();
        var known = values.Where(v => v.Value is not null).Select(v => v.Value!.Value).ToList();
        var failing = values.Where(v => v.Value is { } value && !bound.Holds(value)).OrderByDescending(v => bound.AtLeast is null ? v.Value : -v.Value).ToList();
        var unknown = values.Where(v => v.Value is null).ToList();
        return new(key, title, Verdict(hosts.Count, unknown.Count, failing.Count > 0), known.Count > 0 ? pool(known) : null, unit, bound, source, null, hosts.Count, failing.Count, unknown.Count)
        {
            Findings = Listed(failing.Concat(unknown).Select(v => Finding(v.Host, v.Value))),
        };
    }

    static CheckVerdict Verdict(int hosts, int unknown, bool isFailing) =>
        isFailing ? CheckVerdict.Fail : hosts == 0 || unknown > 0 ? CheckVerdict.Unknown : CheckVerdict.Pass;

    static HostFinding Finding(HostReading host, double? value) => new(host.Tenant, host.HostKey, host.Name, value);

    static IReadOnlyList<HostFinding> Listed(IEnumerable<HostFinding> findings) => [.. findings.Take(DayOneCheck.ListedHosts)];
}
