namespace NrdotConsole.Core.Fleet;

/// <summary>What a host's health is judged by. Times are Unix milliseconds.</summary>
public readonly record struct HostFacts(
    long LastReceivedUnixMs, long LastPointUnixMs, long IntervalMs, CollectorHealth? Collector, double? CriticalCoverage);

public readonly record struct HostVerdict(HostHealth Health, string Reason);

/// <summary>
/// Healthy, degraded, stale or unknown, with the reason in words. Stale is judged by the console's clock: no data for
/// longer than the freshness window of <see cref="Coverage.CoverageRule"/>. Everything that makes a host degraded is named.
/// An uptime that starts anew is a reload, and no fault.
/// </summary>
public static class HostHealthRule
{
    public const double LowestAcceptance = 0.99;
    public const double HighestQueueShare = 0.80;
    public const double LowestCriticalCoverage = 0.95;

    public static HostVerdict Judge(in HostFacts host, long nowUnixMs)
    {
        if (host.LastReceivedUnixMs == 0) return new(HostHealth.Unknown, "No data has come since the console started");
        var silent = nowUnixMs - host.LastReceivedUnixMs;
        var window = Coverage.CoverageRule.FreshWindowMs(host.IntervalMs);
        if (silent > window) return new(HostHealth.Stale, $"No data for {Words(silent)}; it reports every {Words(host.IntervalMs)}");

        var faults = new List<string>();
        var age = host.LastReceivedUnixMs - host.LastPointUnixMs;
        if (age > window) faults.Add($"Its newest point is {Words(age)} old on arrival: a backlog, or a slow clock");
        if (-age > window) faults.Add($"Its newest point lies {Words(-age)} ahead: a fast clock");
        AddCollectorFaults(faults, host.Collector);
        if (host.CriticalCoverage < LowestCriticalCoverage) faults.Add($"Coverage of critical processes is {host.CriticalCoverage:P0}");
        return faults.Count == 0 ? new(HostHealth.Healthy, "") : new(HostHealth.Degraded, string.Join(". ", faults));
    }

    static void AddCollectorFaults(List<string> faults, CollectorHealth? collector)
    {
        if (collector is null) return;
        if (collector.Acceptance < LowestAcceptance) faults.Add($"Its collector accepts {collector.Acceptance:P1} of points");
        if (collector.DroppedPerSecond > 0) faults.Add($"Its collector loses {collector.DroppedPerSecond:0.##} points a second");
        if (collector.SendFailedPerSecond > 0) faults.Add($"Sending fails for {collector.SendFailedPerSecond:0.##} points a second");
        if (collector.QueueShare > HighestQueueShare) faults.Add($"Its export queue is {collector.QueueShare:P0} full");
    }

    static string Words(long milliseconds) => milliseconds switch
    {
        < 120_000 => $"{milliseconds / 1000} s",
        < 7_200_000 => $"{milliseconds / 60_000} min",
        < 172_800_000 => $"{milliseconds / 3_600_000} h",
        _ => $"{milliseconds / 86_400_000} days",
    };
}
