using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>What a configuration cannot be simulated in: told with its line, and taken as if it changed nothing.</summary>
public sealed record SimulationGap(int Line, string What);

/// <summary>What of a process leaves the collector: series a collection in its process pipelines, and whether the inventory names it.</summary>
public readonly record struct SimulatedOutcome(int SeriesScraped, int SeriesSent, bool InInventory)
{
    public bool IsKept => SeriesSent > 0;

    /// <summary>The metrics that those series are of.</summary>
    public IReadOnlyList<string> MetricsSent { get; init; } = [];
}

/// <summary>
/// Runs sample processes through the pipelines of a configuration, as a collector would: scraper, processors in their order, connectors,
/// exporters. Pure; one object serves many processes, on one thread.
/// </summary>
public sealed class PipelineSimulation
{
    /// <summary>Connectors passed on one way; a circle of them is no configuration.</summary>
    const int MaxHops = 8;

    readonly YamlMap _config;
    readonly List<SimulationGap> _gaps = [];
    readonly List<(ProcessScraper Scraper, string Pipeline)> _entries = [];
    readonly Dictionary<string, (List<Action<SimulatedData>> Steps, bool Deltas, string[] Exporters)> _pipelines = [];

    PipelineSimulation(YamlMap config) => _config = config;

    public IReadOnlyList<SimulationGap> Gaps => _gaps;

    /// <summary>Between two collections of processes; a minute where none are collected.</summary>
    public TimeSpan Interval { get; private set; } = TimeSpan.FromMinutes(1);

    public bool CollectsProcesses => _entries.Count > 0;

    public static PipelineSimulation Of(YamlMap config)
    {
        var simulation = new PipelineSimulation(config);
        foreach (var pipeline in (config.Find("service", "pipelines") as YamlMap)?.Entries ?? [])
        {
            if (pipeline.Key.Split('/')[0] == "metrics" && pipeline.Value is YamlMap parts) simulation.Add(pipeline.Key, parts);
        }
        return simulation;
    }

    public SimulatedOutcome Run(SampleProcess process)
    {
        int scraped = 0, sent = 0;
        var inInventory = false;
        var metrics = new List<string>();
        foreach (var (scraper, pipeline) in _entries)
        {
            var data = new SimulatedData(scraper.Resource(process), [.. scraper.Points(process, _pipelines[pipeline].Deltas)]);
            var reached = Pass(pipeline, data, 0);
            if (data.Scope.Resource.GetValueOrDefault("nrdot.pipeline") is "inventory")
            {
                inInventory |= reached > 0;
                continue;
            }
            scraped += scraper.SeriesPerProcess;
            sent += reached;
            if (reached > 0) metrics.AddRange(data.Points.Select(p => p.Metric).Distinct());
        }
        return new(scraped, sent, inInventory) { MetricsSent = metrics };
    }

    void Add(string name, YamlMap parts)
    {
        var steps = new List<Action<SimulatedData>>();
        var deltas = false;
        var scrapers = Ids(parts, "receivers").Select(id => ProcessScraper.Of(id, _config.Find("receivers", id))).OfType<ProcessScraper>().ToArray();
        foreach (var id in Ids(parts, "processors"))
        {
            deltas |= KnownComponents.Canonical("processors", id).StartsWith("cumulativetodelta", StringComparison.Ordinal);
            if (SimulatedStep.Of(id, _config.Find("processors", id), Cannot) is { } step) steps.Add(step);
        }
        _pipelines[name] = (steps, deltas, [.. Ids(parts, "exporters")]);
        foreach (var scraper in scrapers)
        {
            _entries.Add((scraper, name));
            if (_entries.Count == 1 || scraper.Interval < Interval) Interval = scraper.Interval;
        }

        void Cannot(int line, string what)
        {
            var gap = new SimulationGap(line, what);
            if (!_gaps.Contains(gap)) _gaps.Add(gap);
        }
    }

    /// <summary>Points that reach an exporter: the most of any way, for each exporter gets them all.</summary>
    int Pass(string pipeline, SimulatedData data, int hops)
    {
        if (hops > MaxHops || !_pipelines.TryGetValue(pipeline, out var parts)) return 0;
        foreach (var step in parts.Steps) step(data);
        var most = 0;
        foreach (var id in parts.Exporters)
        {
            if (_config.Find("connectors", id) is null && _config.Find("connectors")?.AsMap?.Entries.Any(e => e.Key == id) != true) most = Math.Max(most, data.Points.Count);
            else most = Behind(id, data).Aggregate(most, (best, next) => Math.Max(best, Pass(next, Copy(data), hops + 1)));
        }
        return most;
    }

    // A routing connector sends what no route takes to its default pipelines; sample processes are of no namespace.
    IEnumerable<string> Behind(string connector, SimulatedData data)
    {
        if (ComponentId.TypeOf(connector) != "routing") return _pipelines.Keys.Where(p => Ids(PartsOf(p), "receivers").Contains(connector));
        var settings = _config.Find("connectors", connector) as YamlMap;
        foreach (var route in (settings?.Find("table") as YamlList)?.Items ?? [])
        {
            if (route.AsMap?.Find("condition")?.Value is not { } condition) continue;
            try
            {
                if (OttlParser.Condition(condition, inResource: true)(data.Scope)) return Values(route.AsMap.Find("pipelines"));
            }
            catch (NotSimulatedException)
            {
                // What it routes by is no attribute of a process: the default is its way.
            }
        }
        return Values(settings?.Find("default_pipelines"));
    }

    YamlMap PartsOf(string pipeline) => _config.Find("service", "pipelines", pipeline) as YamlMap ?? YamlMap.Empty;

    static SimulatedData Copy(SimulatedData data) => new(new(data.Scope.Resource), [.. data.Points]);

    static IEnumerable<string> Ids(YamlMap parts, string kind) => Values(parts.Find(kind));
    static IEnumerable<string> Values(YamlNode? list) => list?.AsList?.Values ?? [];
}
