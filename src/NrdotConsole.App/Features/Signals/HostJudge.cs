using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;

namespace NrdotConsole.App.Features.Signals;

/// <summary>Turns what was read of a host into its share of the sums, its row and its coverage.</summary>
internal sealed class HostJudge(SignalSettings settings)
{
    /// <summary>Missing processes listed a host; all are counted.</summary>
    public const int MissingLimit = 200;

    /// <summary>A host that has gone silent is looked at again this often, until nothing more can change.</summary>
    const long ReviewEveryMs = 60_000;
    const long SlowReviewEveryMs = 600_000;
    const long SlowReviewAfterMs = 900_000;

    const long CatchingUpMs = 30_000;

    public void Judge(HostSignals host, HostVisitor visited, DateTimeOffset now)
    {
        var nowUnixMs = now.ToUnixTimeMilliseconds();
        if (host.WatchedSinceUnixMs == 0) host.WatchedSinceUnixMs = nowUnixMs;
        var share = new HostShare { Active = visited.Active, Metrics = visited.Metrics(), Reduction = host.Reduction };
        var nextChange = Coverage(host, share, nowUnixMs);
        Usage(host, share, now);
        Row(host, share, visited, nowUnixMs);
        host.Share = Replace(host, share);

        var silent = nowUnixMs - host.Host.LastReceivedUnixMs;
        var review = nowUnixMs + (silent > SlowReviewAfterMs ? SlowReviewEveryMs : ReviewEveryMs);
        var stale = host.Host.LastReceivedUnixMs + CoverageRule.FreshWindowMs(host.MetricIntervalMs) + 1;
        host.DueUnixMs = Math.Min(review, Math.Min(nextChange, stale > nowUnixMs ? stale : long.MaxValue));
    }

    static HostShare Replace(HostSignals host, HostShare share)
    {
        host.Tenant?.Replace(host.Share, share);
        return share;
    }

    /// <summary>Fills the tally and the list of missing processes; answers when a fresh process would next turn stale.</summary>
    long Coverage(HostSignals host, HostShare share, long nowUnixMs)
    {
        var hasDeclared = Declare(host);
        var sighting = host.Sighting(hasDeclared);
        var isKnown = CoverageRule.IsDenominatorKnown(sighting, nowUnixMs);
        var settled = CoverageRule.SettledUnixMs(sighting, nowUnixMs);
        var next = settled > nowUnixMs ? settled : long.MaxValue;
        if (CoverageRule.RefusedUntilUnixMs(sighting) is var refused && refused >= nowUnixMs) next = Math.Min(next, refused + 1);
        List<MissingProcess>? missing = null;
        var missingCount = 0;
        var scrapedAfter = ScrapedAfter(host);
        host.CriticalReporting = 0;
        foreach (var (key, process) in host.Processes)
        {
            var plain = process.Sighting(superseded: false);
            process.Presence = CoverageRule.Judge(plain, sighting, nowUnixMs);
            if (process.Presence == ProcessPresence.Missing && IsSuperseded(host, process, nowUnixMs)) process.Presence = ProcessPresence.Gone;
            if (CoverageRule.NextChange(plain, sighting, nowUnixMs) is > 0 and var change) next = Math.Min(next, change);
            if (!process.IsDeclared && process.LastSeenUnixMs > 0 && nowUnixMs - process.LastSeenUnixMs > CoverageRule.KnownForMs) Forget(host, key, process);
            if (!isKnown || process.Presence == ProcessPresence.Gone) continue;
            share.Coverage.CountProcess(process.Class, process.Presence == ProcessPresence.Fresh);
            if (process.Class.Tier == Tier.Critical && process.LastMetricUnixMs >= scrapedAfter) host.CriticalReporting++;
            if (process.Presence == ProcessPresence.Missing && missingCount++ < MissingLimit) (missing ??= []).Add(Missing(host, process));
        }
        share.Coverage.CountHost(isKnown);
        host.Missing = missing is null ? [] : [.. missing];
        host.Coverage = new(host.Host.Tenant, host.Host.Key, host.Host.Name, share.Coverage.Score, share.Coverage.Of(Tier.Critical), share.Coverage.All, isKnown);
        return next;
    }

    /// <summary>From when on a process's metric belongs to the newest scrape. A host that goes on without its processes has scraped none.</summary>
    static long ScrapedAfter(HostSignals host) => Math.Max(
        host.LastProcessMetricUnixMs - (host.ProcessIntervalMs / 2),
        Math.Min(host.Host.LastPointUnixMs, host.Host.LastReceivedUnixMs) - (host.ProcessIntervalMs * 3 / 2));

    static MissingProcess Missing(HostSignals host, ProcessSignals process) => new(
        host.Host.Tenant, host.Host.Key, host.Host.Name, process.Executable, process.Owner, process.Class.Name, process.Class.Tier,
        process.LastSeenUnixMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(process.LastSeenUnixMs) : null);

    /// <summary>The same executable has begun to report under another owner since this one stopped, or stands in for a declared one, whose owner nobody named.</summary>
    static bool IsSuperseded(HostSignals host, ProcessSignals process, long nowUnixMs)
    {
        var freshAfter = nowUnixMs - CoverageRule.FreshWindowMs(host.ProcessIntervalMs);
        foreach (var other in host.Processes.Values)
        {
            if (other.Executable != process.Executable || other == process || other.LastMetricUnixMs < freshAfter) continue;
            if (process.IsDeclared && process.Owner.Length == 0 || other.FirstMetricUnixMs > process.LastMetricUnixMs) return true;
        }
        return false;
    }

    static void Forget(HostSignals host, (string, string) key, ProcessSignals process)
    {
        host.Processes.Remove(key);
        foreach (var (id, resource) in host.Resources)
            if (resource.Process == process) host.Resources.Remove(id);
    }

    bool Declare(HostSignals host)
    {
        var any = false;
        foreach (var declared in settings.Declared)
        {
            if (declared.Tenant is not null && declared.Tenant != host.Host.Tenant) continue;
            if (!declared.Hosts.IsMatch(host.Host.Name)) continue;
            any = true;
            foreach (var executable in declared.Executables)
            {
                if (!host.Processes.TryGetValue((executable, ""), out var process))
                    host.Processes[(executable, "")] = process = new(executable, "", ProcessClassification.Default.Of(executable)) { Scrape = ScrapeSums.Empty };
                process.IsDeclared = true;
            }
        }
        return any;
    }

    static void Usage(HostSignals host, HostShare share, DateTimeOffset now)
    {
        var nowUnixMs = now.ToUnixTimeMilliseconds();
        ForgetBacklog(host);
        if (host.Host.LastReceivedUnixMs > 0) host.Usage.Observe(host.Host.LastReceivedUnixMs, host.SeenBytes, host.SeenPoints);
        foreach (var resource in host.Resources.Values)
        {
            var more = new UsageRate(resource.Resource.Bytes - resource.SeenBytes, resource.Resource.Points - resource.SeenPoints);
            if (more == default) continue;
            (resource.SeenBytes, resource.SeenPoints) = (resource.Resource.Bytes, resource.Resource.Points);
            host.ClassTotals[resource.UsageClass] += more;
        }
        TurnClasses(host, nowUnixMs);
        // The silence of a host that was known before this start is only counted from the start on: it may be about to send.
        if (host.Usage.Rate(nowUnixMs, host.ResumedUnixMs) is not { } rate || (rate == default && nowUnixMs - host.WatchedSinceUnixMs < UsageWindow.ShortestMs))
        {
            share.AwaitsRate = true;
            return;
        }
        (share.HasRate, share.Rate) = (true, rate);
        if (rate == default) return;

        var since = host.ClassTotalsEarlier ?? host.ClassTotalsBefore;
        var bytes = new long[UsageClasses.Count];
        var points = new long[UsageClasses.Count];
        for (var i = 0; i < UsageClasses.Count; i++)
            (bytes[i], points[i]) = host.ClassTotals[i] - (since?[i] ?? default) is var part ? (part.BytesPerHour, part.PointsPerHour) : default;
        bytes = Shares.Split(rate.BytesPerHour, bytes);
        points = Shares.Split(rate.PointsPerHour, points);
        share.ByClass = new UsageRate[UsageClasses.Count];
        for (var i = 0; i < UsageClasses.Count; i++) share.ByClass[i] = new(bytes[i], points[i]);
    }

    /// <summary>
    /// A sender that catches up sends faster than it lives: its points' age on arrival shrinks. That is no hourly rate, so
    /// the window begins anew. (Its bytes count in today and month all the same. A clock that is merely off has a steady age.)
    /// </summary>
    static void ForgetBacklog(HostSignals host)
    {
        var age = host.Host.LastReceivedUnixMs - host.Host.LastPointUnixMs;
        if (host.PointAgeMs - age > CatchingUpMs) host.Usage = default;
        host.PointAgeMs = age;
    }

    /// <summary>Classes divide the rate by what they brought since the snapshot before last: five to ten minutes.</summary>
    static void TurnClasses(HostSignals host, long nowUnixMs)
    {
        if (host.ClassesTurnedUnixMs == 0) host.ClassesTurnedUnixMs = nowUnixMs;
        if (nowUnixMs - host.ClassesTurnedUnixMs < UsageWindow.LongestMs) return;
        host.ClassesTurnedUnixMs = nowUnixMs;
        host.ClassTotalsEarlier = host.ClassTotalsBefore;
        host.ClassTotalsBefore = (UsageRate[])host.ClassTotals.Clone();
    }

    void Row(HostSignals host, HostShare share, HostVisitor visited, long nowUnixMs)
    {
        var facts = new HostFacts(
            host.Host.LastReceivedUnixMs, host.Host.LastPointUnixMs, host.MetricIntervalMs, host.Collector,
            share.Coverage.Of(Tier.Critical).Ratio);
        var verdict = HostHealthRule.Judge(facts, nowUnixMs);
        share.Health = verdict.Health;
        var today = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(nowUnixMs).UtcDateTime);
        var price = settings.Prices.At(host.Host.Tenant, today);
        var attributes = host.Host.Attributes;
        var row = new HostRow(
            host.Host.Tenant, host.Host.Key, host.Host.Key.Length == 0 ? "(no host named)" : host.Host.Name, verdict.Health, verdict.Reason,
            attributes.Get("nrdot.ring"), attributes.Get("nrdot.profile"), attributes.Get("os.type"),
            DateTimeOffset.FromUnixTimeMilliseconds(host.Host.LastReceivedUnixMs), share.Active,
            share.HasRate ? share.Rate.PointsPerHour / 60.0 : null, share.HasRate ? price.Of(share.Rate.BytesPerHour, share.Rate.PointsPerHour) : null,
            share.Coverage.Score, host.OpenAnomalies, host.Collector)
        {
            CriticalKnown = share.Coverage.Of(Tier.Critical).Known, CriticalFresh = share.Coverage.Of(Tier.Critical).Fresh, CriticalReporting = host.CriticalReporting,
            Processes = share.Coverage.Fresh, Reduction = host.Reduction,
            SeriesInScrape = visited.InScrape, ProcessSeriesInScrape = visited.ProcessesInScrape, SeriesMinted = host.MintedSeries, IntervalMs = host.MetricIntervalMs,
        };
        if (row != host.Row) host.Row = row;
    }
}
