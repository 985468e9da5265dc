using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>Runs the sample hosts through the configuration: a critical or declared process that is not sent refuses it.</summary>
static class SimulationCheck
{
    const int NamedProcesses = 8;

    public static void Check(YamlMap config, ProcessClassification classification, IReadOnlyList<string> declared, Findings findings)
    {
        var simulation = PipelineSimulation.Of(config);
        foreach (var gap in simulation.Gaps)
            findings.Warning(gap.Line, "processors", $"Cannot be simulated: {gap.What}. What it drops is not known before it runs.", "Watch coverage in the first ring.");
        if (!simulation.CollectsProcesses) return;

        var samples = SampleHosts.All.SelectMany(h => h.Processes).Concat(declared.Select(d => new SampleProcess(d))).DistinctBy(p => p.Executable)
            .Select(p => new SampleProcess(p.Executable, p.Owner)).ToArray();
        var dropped = new List<string>();
        var unlisted = new List<string>();
        foreach (var process in samples)
        {
            var outcome = simulation.Run(process);
            if (!outcome.InInventory) unlisted.Add(process.Executable);
            if (!outcome.IsKept && (classification.Of(process.Executable).Tier == Tier.Critical || declared.Contains(process.Executable))) dropped.Add(process.Executable);
        }
        if (dropped.Count > 0)
            findings.Error(FirstFilter(config), "processors", $"Critical processes are dropped: {Names(dropped)}.",
                "A filter's condition drops what it matches: except these processes from it, or keep their class.");
        if (unlisted.Count == samples.Length)
            findings.Warning(0, "service.pipelines", "No inventory is sent: coverage cannot be known.", "Add a pipeline of all processes with the resource attribute nrdot.pipeline=inventory.");
        else if (unlisted.Count > 0)
            findings.Error(0, "service.pipelines", $"The inventory leaves processes out: {Names(unlisted)}. Coverage would be told too high.", "Remove filters from the inventory's pipeline.");
    }

    static int FirstFilter(YamlMap config) =>
        (config.Find("processors") as YamlMap)?.Entries.FirstOrDefault(e => ComponentId.TypeOf(e.Key) == "filter").Line ?? 0;

    static string Names(List<string> names) =>
        string.Join(", ", names.Take(NamedProcesses)) + (names.Count > NamedProcesses ? $" and {names.Count - NamedProcesses} more" : "");
}
