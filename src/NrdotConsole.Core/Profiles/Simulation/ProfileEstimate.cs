using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;

namespace NrdotConsole.Core.Profiles;

/// <summary>Processes of one class on a host, how many are sent, and the profile's <c>top_k</c> for them, which no stock component can hold to.</summary>
public sealed record ClassEstimate(ProcessClass Class, int Processes, int Kept, int TopK)
{
    public bool IsBeyondTopK => Kept > TopK;
}

/// <summary>
/// What a host would send with a configuration. Series are of one collection. <see cref="PointsPerHour"/> counts what New Relic is sent:
/// the host's own metrics and its processes', not the inventory, which only this console takes.
/// </summary>
public sealed record ProfileEstimate(
    int Processes, int Kept, int Critical, int CriticalKept, int ProcessSeriesTotal, int ProcessSeries, int HostSeries,
    long PointsPerHour, int MaxSeries, IReadOnlyList<ClassEstimate> Classes)
{
    public const decimal BytesPerGb = 1e9m;

    public int Series => ProcessSeries + HostSeries;

    /// <summary>1 - kept / total process series; null where there are none.</summary>
    public double? Reduction => ProcessSeriesTotal == 0 ? null : 1 - ((double)ProcessSeries / ProcessSeriesTotal);

    public bool IsBeyondMaxSeries => Series > MaxSeries;

    /// <summary>bytes / 1e9 x dollars a GB.</summary>
    public decimal UsdPerHour(double bytesPerPoint, decimal usdPerGb) => (decimal)(PointsPerHour * bytesPerPoint) / BytesPerGb * usdPerGb;

    public static ProfileEstimate Of(RenderInput input, HostSample host) => new Estimator(input).Of(host);
}

/// <summary>Estimates many hosts with one input: the configuration is built once, and equal processes are run through it once.</summary>
public sealed class Estimator(RenderInput input)
{
    /// <summary>Shares of a stock host's series by scraper: points that one sends with two mounts, two block devices, one interface.</summary>
    static readonly Dictionary<string, int> s_scraperSeries = new()
    {
        ["cpu"] = 8, ["load"] = 3, ["memory"] = 12, ["paging"] = 6, ["disk"] = 18, ["filesystem"] = 12, ["network"] = 20, ["processes"] = 6,
    };

    readonly PipelineSimulation _simulation = PipelineSimulation.Of(CollectorConfigRenderer.Document(input));
    readonly Dictionary<SampleProcess, SimulatedOutcome> _outcomes = [];

    public ProfileEstimate Of(HostSample host)
    {
        int processes = 0, kept = 0, critical = 0, criticalKept = 0, total = 0, series = 0;
        var classes = new Dictionary<ProcessClass, (int Processes, int Kept)>();
        foreach (var process in host.Processes)
        {
            var outcome = Outcome(process);
            var known = input.Classification.Of(process.Executable);
            var sent = outcome.IsKept ? process.Count : 0;
            processes += process.Count;
            kept += sent;
            if (known.Tier == Tier.Critical)
            {
                critical += process.Count;
                criticalKept += sent;
            }
            total += outcome.SeriesScraped * process.Count;
            series += outcome.SeriesSent * process.Count;
            var so = classes.GetValueOrDefault(known);
            classes[known] = (so.Processes + process.Count, so.Kept + sent);
        }
        var hostSeries = HostSeries(host);
        var collections = 3600 / Math.Max(1, input.Profile.Interval.TotalSeconds);
        return new(processes, kept, critical, criticalKept, total, series, hostSeries, (long)((series + hostSeries) * collections), input.Profile.MaxSeriesPerHost,
            [.. classes.OrderByDescending(c => c.Key.ImportanceTenths).ThenBy(c => c.Key.Name, StringComparer.Ordinal)
                .Select(c => new ClassEstimate(c.Key, c.Value.Processes, c.Value.Kept, ProcessSelection.TopKOf(input.Profile, c.Key.Name)))]);
    }

    SimulatedOutcome Outcome(SampleProcess process)
    {
        var one = ProcessScraper.Representative(process, input.Profile);
        if (!_outcomes.TryGetValue(one, out var outcome)) _outcomes[one] = outcome = _simulation.Run(one);
        return outcome;
    }

    int HostSeries(HostSample host)
    {
        var every = s_scraperSeries.Values.Sum();
        var scraped = input.Profile.Scrapers.Distinct().Sum(s => s_scraperSeries.GetValueOrDefault(s));
        return (int)Math.Round((double)host.HostSeries * scraped / every);
    }
}
