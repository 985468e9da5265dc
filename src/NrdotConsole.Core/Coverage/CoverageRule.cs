namespace NrdotConsole.Core.Coverage;

/// <summary>What is known of one process identity (host, executable, owner; never the pid). Times are Unix milliseconds, 0 for never.</summary>
public readonly record struct ProcessSighting(
    long FirstMetricUnixMs, long LastMetricUnixMs, long LastInventoryUnixMs, bool Declared, bool Superseded);

/// <summary>
/// What is known of a host's two streams: process metrics, and the unfiltered low-rate inventory.
/// <see cref="InventoryUnixMs"/> is its newest scan, 0 where it sends none. Intervals are estimated from the host's own cadence.
/// <see cref="WatchedSinceUnixMs"/> is when the console first looked at it since its own start, <see cref="SeriesRefusedUnixMs"/> when the
/// store last refused a new series of it.
/// </summary>
public readonly record struct HostSighting(
    long LastMetricUnixMs, long MetricIntervalMs, long InventoryUnixMs, long InventoryIntervalMs, bool HasDeclared, long WatchedSinceUnixMs = 0, long SeriesRefusedUnixMs = 0);

/// <summary>Gone: known to have ended, or of no consequence; it counts nowhere.</summary>
public enum ProcessPresence { Fresh, Missing, Gone }

/// <summary>
/// Coverage = processes with fresh metrics / processes known to be running.
/// <para>Fresh: a metric within <see cref="FreshIntervals"/> expected intervals, at least <see cref="ShortestFreshWindowMs"/>.</para>
/// <para>Known to be running: fresh ones, declared ones, those that the host's newest inventory scan names, and those that
/// reported long enough to be no passing command within the last day, unless a later scan came without them or the same
/// executable reports under another owner since.</para>
/// <para>The denominator is unknown, and the host counts in no ratio, where its inventory is stale, or where it has sent
/// neither an inventory nor a process metric within a day. It is unknown too where the store refused new series of it within a fresh
/// window, for what is refused is not missing; and while a host that the console has only begun to
/// watch may not have had its turn: for a fresh window, or until <see cref="SettleMs"/> once it reports, as the parts of one
/// scrape arrive one after the other.</para>
/// </summary>
public static class CoverageRule
{
    public const int FreshIntervals = 3;
    public const long ShortestFreshWindowMs = 60_000;
    public const long DefaultMetricIntervalMs = 60_000;
    public const long DefaultInventoryIntervalMs = 900_000;
    public const long KnownForMs = 86_400_000;

    public const long SettleMs = 5_000;

    /// <summary>A process seen by metrics only is established once it has reported over this many intervals; before, its end is no loss.</summary>
    public const int EstablishedIntervals = 5;

    public static long FreshWindowMs(long intervalMs) => Math.Max(ShortestFreshWindowMs, FreshIntervals * intervalMs);

    /// <summary>When a host that the console has begun to watch has had its turn to report.</summary>
    public static long SettledUnixMs(in HostSighting host, long nowUnixMs)
    {
        var fresh = FreshWindowMs(host.MetricIntervalMs);
        var reports = host.LastMetricUnixMs > 0 && nowUnixMs - host.LastMetricUnixMs <= fresh;
        return host.WatchedSinceUnixMs + (reports ? SettleMs : fresh);
    }

    /// <summary>Until when what the store refused of a host leaves unknown what it runs; 0 where nothing was refused.</summary>
    public static long RefusedUntilUnixMs(in HostSighting host) => host.SeriesRefusedUnixMs == 0 ? 0 : host.SeriesRefusedUnixMs + FreshWindowMs(host.MetricIntervalMs);

    public static bool IsDenominatorKnown(in HostSighting host, long nowUnixMs)
    {
        if (nowUnixMs < SettledUnixMs(host, nowUnixMs) || nowUnixMs <= RefusedUntilUnixMs(host)) return false;
        if (host.HasDeclared) return true;
        if (host.InventoryUnixMs > 0) return nowUnixMs - host.InventoryUnixMs <= FreshWindowMs(host.InventoryIntervalMs);
        return host.LastMetricUnixMs > 0 && nowUnixMs - host.LastMetricUnixMs <= KnownForMs;
    }

    public static ProcessPresence Judge(in ProcessSighting process, in HostSighting host, long nowUnixMs)
    {
        if (process.LastMetricUnixMs > 0 && nowUnixMs - process.LastMetricUnixMs <= FreshWindowMs(host.MetricIntervalMs)) return ProcessPresence.Fresh;
        if (process.Declared) return ProcessPresence.Missing;
        if (process.Superseded || nowUnixMs - LastSeen(process) > KnownForMs) return ProcessPresence.Gone;
        if (host.InventoryUnixMs == 0) return IsEstablished(process, host) ? ProcessPresence.Missing : ProcessPresence.Gone;
        if (process.LastInventoryUnixMs >= ScanStart(host)) return ProcessPresence.Missing;
        return process.LastMetricUnixMs > host.InventoryUnixMs && IsEstablished(process, host) ? ProcessPresence.Missing : ProcessPresence.Gone;
    }

    /// <summary>When <see cref="Judge"/> could next answer otherwise without new data; 0 where it cannot.</summary>
    public static long NextChange(in ProcessSighting process, in HostSighting host, long nowUnixMs)
    {
        var stale = process.LastMetricUnixMs + FreshWindowMs(host.MetricIntervalMs) + 1;
        return process.LastMetricUnixMs > 0 && stale > nowUnixMs ? stale : 0;
    }

    /// <summary>A scan may arrive in several requests: what came within half an interval before its newest point belongs to it.</summary>
    public static long ScanStart(in HostSighting host) => host.InventoryUnixMs - (host.InventoryIntervalMs / 2);

    static bool IsEstablished(in ProcessSighting process, in HostSighting host) =>
        process.LastMetricUnixMs - process.FirstMetricUnixMs >= EstablishedIntervals * host.MetricIntervalMs;

    static long LastSeen(in ProcessSighting process) => Math.Max(process.LastMetricUnixMs, process.LastInventoryUnixMs);
}
