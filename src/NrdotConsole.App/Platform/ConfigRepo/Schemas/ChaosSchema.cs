using System.Text.RegularExpressions;
using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>chaos-scenarios.yaml</c>: what is made to fail, for how long, and what must hold meanwhile.</summary>
internal static partial class ChaosSchema
{
    static readonly TimeSpan s_longest = TimeSpan.FromHours(4);

    public static object? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        foreach (var item in map.Require("scenarios", "list the scenarios")?.List() ?? [])
        {
            if (item.Map() is not { } scenario) continue;
            scenario.Require("name", "what people call it")?.Name();
            scenario.Find("description")?.Text();
            scenario.Require("target", "what fails: otelcol, network, host")?.Choice("otelcol", "network", "host", "console");
            Fault(scenario.Require("fault", "what is done to it"));
            scenario.Require("duration", "such as 5m")?.Duration(TimeSpan.FromSeconds(1), s_longest);
            foreach (var check in scenario.Find("validation")?.List() ?? []) Check(check);
            scenario.Close();
        }
        map.Close();
        return root;
    }

    static void Fault(Field? field)
    {
        if (field?.Map() is not { } fault) return;
        switch (fault.Require("type", "resource, network or process")?.Choice("resource", "network", "process"))
        {
            case "resource":
                fault.Require("resource", "memory, cpu, disk")?.Choice("memory", "cpu", "disk");
                if (fault.Require("consumption", "such as 80%") is { } share && share.Text() is { } text && !Percent().IsMatch(text)) share.Error($"'{text}' is not a percentage.", "1% to 100%");
                break;
            case "network":
                var action = fault.Require("action", "delay, loss or partition")?.Choice("delay", "loss", "partition");
                if (action == "delay") fault.Require("latency", "such as 500ms")?.Duration(TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
                if (action == "loss" && fault.Require("loss", "such as 10%") is { } loss && loss.Text() is { } lost && !Percent().IsMatch(lost)) loss.Error($"'{lost}' is not a percentage.", "1% to 100%");
                fault.Require("targets", "names of hosts that are reached over the network")?.ListOf(t => t.Name());
                break;
            case "process":
                fault.Require("action", "kill, pause or restart")?.Choice("kill", "pause", "restart");
                break;
        }
        fault.Close();
    }

    static void Check(Field field)
    {
        if (field.Map() is not { } check) return;
        var metric = check.Require("metric", "what must hold");
        var name = metric is null ? null : MetricNames.Read(metric);
        var bounds = new[] { check.Find("threshold"), check.Find("min_value"), check.Find("max_value") };
        foreach (var bound in bounds) bound?.Number(decimal.MinValue, decimal.MaxValue);
        if (bounds.All(b => b is null)) check.Error("It has no bound.", "min_value, max_value, or both");
        bounds[0]?.Warning("A threshold does not say on which side it is.", "it is read as max_value");
        if (name == "otelcol_exporter_queue_size" && bounds[2] is { } max) max.Warning("The queue is counted in batches, and holds 1,000 of them by default: 5,000 is never reached.", "judge it by otelcol_exporter_queue_capacity: 800 is 80 % of the default");
        check.Close();
    }

    [GeneratedRegex(@"^([1-9]\d?|100)%$")]
    private static partial Regex Percent();
}
