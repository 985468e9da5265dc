using System.Collections.Concurrent;
using NrdotConsole.App.Platform.Yaml;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Yaml;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Agents;

/// <summary>What a collector sends of one process: metrics, none where its configuration drops the process.</summary>
sealed record SentProcess(IReadOnlySet<string> Metrics)
{
    public bool IsKept => Metrics.Count > 0;
}

/// <summary>
/// A collector configuration as a simulated collector runs it: understood by the same simulation of pipelines that judges configurations
/// before they are sent, so a stricter one really sends less. Judged by the world's thread alone; hosts of one text share one object.
/// </summary>
sealed class AppliedConfig
{
    /// <summary>Texts remembered; a fleet runs a few at a time.</summary>
    const int RememberedTexts = 512;
    const int RememberedVerdicts = 50_000;

    /// <summary>Of what the console's own check finds, a collector minds only what it cannot build.</summary>
    static readonly string[] s_minded = ["No current collector has", "is not defined", "leads nowhere", "No pipeline stands here", "is no section"];
    static readonly TimeSpan s_usual = TimeSpan.FromSeconds(60);
    static readonly ConcurrentDictionary<string, (AppliedConfig? Config, string? Fault)> s_known = new(StringComparer.Ordinal);

    readonly PipelineSimulation _simulation;
    readonly Dictionary<(string Executable, string Owner, ProcessLoad Load), SentProcess> _verdicts = [];

    AppliedConfig(YamlMap config, string text)
    {
        Text = text;
        _simulation = PipelineSimulation.Of(config);
        var resource = config.Find("service", "telemetry", "resource");
        Profile = resource?.AsMap?.Find("nrdot.profile")?.Value ?? "";
        Ring = resource?.AsMap?.Find("nrdot.ring")?.Value ?? "";
        Pace = _simulation.Interval / s_usual;
        Scrapers = ((config.Find("receivers") as YamlMap)?.Entries ?? [])
            .SelectMany(r => (r.Value.AsMap?.Find("scrapers") as YamlMap)?.Entries ?? []).Select(s => s.Key).ToHashSet(StringComparer.Ordinal);
        MemoryLimitBytes = (config.Find("processors", "memory_limiter", "limit_mib")?.Value is { } mib && double.TryParse(mib, System.Globalization.CultureInfo.InvariantCulture, out var limit) ? limit : 100) * (1 << 20);
    }

    public string Text { get; }
    public string Profile { get; }
    public string Ring { get; }

    /// <summary>Its interval in minutes: 2 sends half as often as the usual one.</summary>
    public double Pace { get; }
    public IReadOnlySet<string> Scrapers { get; }
    public double MemoryLimitBytes { get; }

    /// <returns>Null with the fault that a collector's <c>validate</c> would tell.</returns>
    public static AppliedConfig? Load(string text, out string? fault)
    {
        if (!s_known.TryGetValue(text, out var known))
        {
            known = Read(text);
            if (s_known.Count < RememberedTexts) s_known.TryAdd(text, known);
        }
        fault = known.Fault;
        return known.Config;
    }

    public SentProcess Judge(ProcessSpec spec, in ProcessLoad steady)
    {
        if (_verdicts.TryGetValue((spec.Executable, spec.Owner, steady), out var known)) return known;
        var outcome = _simulation.Run(new(spec.Executable, spec.Owner, steady.Cpu * 100, (long)steady.Memory, steady.Read + steady.Write));
        var verdict = new SentProcess(outcome.IsKept ? outcome.MetricsSent.ToHashSet(StringComparer.Ordinal) : []);
        // A leak grows past every bound: what it made is let go of now and then.
        if (_verdicts.Count >= RememberedVerdicts) _verdicts.Clear();
        return _verdicts[(spec.Executable, spec.Owner, steady)] = verdict;
    }

    static (AppliedConfig?, string?) Read(string text)
    {
        var (root, broken) = YamlTree.Read(text);
        if (broken is not null) return (null, $"Error: failed to get config: yaml: line {broken.Line}: {broken.Message}");
        if (root is not YamlMap config) return (null, "Error: failed to get config: the configuration is no map");
        var fault = ConfigCheck.Check(config, ProcessClassification.Default).FirstOrDefault(f => f.IsError && s_minded.Any(m => f.Message.Contains(m, StringComparison.Ordinal)));
        return fault is null ? (new(config, text), null) : (null, $"Error: invalid configuration: {fault.Path}: {fault.Message}");
    }
}
