using NrdotConsole.FleetSim.Events;

namespace NrdotConsole.FleetSim.Worlds;

/// <summary>Processes that come and go of their own accord: what cron starts, and pods that are replaced.</summary>
static class Passing
{
    const long CronMs = 15 * 60_000, CronRunsMs = 40_000;

    public static IEnumerable<SimProcess> Of(SimHost host, long atMs)
    {
        var sinceRun = (atMs + StableHash.Below(host.Key, (int)CronMs)) % CronMs;
        if (sinceRun < CronRunsMs) yield return Born(host, ProcessCatalog.CronChild, (ulong)(atMs - sinceRun), atMs - sinceRun, null);
        if (host.Find(SimEventKind.NoisyPods, atMs) is not { } noise) yield break;

        // Each slot's pod lives for as long as it takes to replace all of them: a minute.
        var slots = (int)noise.Event.Amount;
        for (var slot = 0; slot < slots; slot++)
        {
            var generation = (atMs - noise.FromMs + (slot * 60_000L / slots)) / 60_000;
            var born = noise.FromMs + (generation * 60_000) - (slot * 60_000L / slots);
            var key = StableHash.Mix(host.Key, (ulong)slot, (ulong)generation);
            yield return Born(host, ProcessCatalog.Pod, key, born, $"email-worker-{StableHash.Mix(host.Key):x8}"[..20] + $"-{key:x}"[..6]);
        }
    }

    static SimProcess Born(SimHost host, ProcessSpec spec, ulong salt, long startedMs, string? pod)
    {
        var key = StableHash.Mix(host.Key, salt);
        // Seen before only if the scrape before this one fell into its life.
        var seen = host.LastScrapeMs >= startedMs ? host.LastScrapeMs : 0;
        return new(spec, key, 40_000 + StableHash.Below(key, 900_000), 1, startedMs) { Pod = pod, SeenMs = seen };
    }
}
