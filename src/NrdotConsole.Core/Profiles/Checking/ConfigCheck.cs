using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// Whether a complete collector configuration may go to a host: its components are known, its pipelines are whole, memory is limited
/// first, no secret stands in clear, and no sample process of a critical class is dropped. Pure.
/// </summary>
public static class ConfigCheck
{
    static readonly string[] s_sections = ["receivers", "processors", "exporters", "connectors", "extensions", "service"];

    public static IReadOnlyList<ConfigFinding> Check(YamlNode root, ProcessClassification classification, IReadOnlyList<string>? declared = null)
    {
        if (root is not YamlMap config)
            return [new(true, root.Line, "", "A collector configuration is a map of sections.", $"Begin with {string.Join(", ", s_sections)}.")];
        var findings = new Findings();
        foreach (var entry in config.Entries.Where(e => !s_sections.Contains(e.Key)))
            findings.Error(entry.Line, entry.Key, $"'{entry.Key}' is no section of a collector configuration.", $"The sections are {string.Join(", ", s_sections)}.");
        ComponentCheck.Check(config, findings);
        PipelineCheck.Check(config, findings);
        SecretCheck.Check(config, findings);
        ReceiverCheck.Check(config, findings);
        SimulationCheck.Check(config, classification, declared ?? [], findings);
        return [.. findings.All.OrderByDescending(f => f.IsError).ThenBy(f => f.Line)];
    }
}

sealed class Findings
{
    /// <summary>A broken file repeats itself: enough to mend it by.</summary>
    const int Most = 100;

    public List<ConfigFinding> All { get; } = [];

    public void Error(int line, string path, string message, string mend) => Add(new(true, line, path, message, mend));
    public void Warning(int line, string path, string message, string mend) => Add(new(false, line, path, message, mend));

    void Add(ConfigFinding finding)
    {
        if (All.Count < Most) All.Add(finding);
    }
}
