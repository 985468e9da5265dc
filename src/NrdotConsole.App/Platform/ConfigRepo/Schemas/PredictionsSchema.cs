using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>predictive-maintenance.yaml</c>: failure models, their features and thresholds. The guide's features are no metrics: what each can be derived from is told.</summary>
internal static class PredictionsSchema
{
    /// <summary>The guide's names, and what stands for each.</summary>
    public static readonly IReadOnlyDictionary<string, string> Derived = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["disk.io.errors"] = "the kernel's log alone: no collector metric counts them",
        ["disk.pending_operations"] = "system.disk.pending_operations",
        ["disk.latency.p99"] = "system.disk.operation_time over system.disk.operations, a mean for each interval: a 99th percentile of those",
        ["memory.usage.trend"] = "the slope of system.memory.usage over the last hour",
        ["memory.swap.rate"] = "the rate of system.paging.operations",
        ["process.memory.growth"] = "the slope of process.memory.usage",
        ["process.restart.frequency"] = "new process identities of one executable in an hour",
        ["process.cpu.spikes"] = "process.cpu.time over its own average (EWMA)",
        ["process.memory.leaks"] = "a process.memory.usage that only grows",
    };

    public static object? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        foreach (var (_, field) in map.Require("models", "list the models by name")?.Map()?.Named() ?? [])
        {
            if (field.Map() is not { } model) continue;
            foreach (var feature in model.Require("features", "what the model looks at")?.List() ?? []) Feature(feature);
            model.Require("threshold", "0 to 1: the likelihood from which it warns")?.Number(0, 1);
            model.Require("alert_window", "how far ahead it looks, such as 24h")?.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(30));
            model.Close();
        }
        map.Close();
        return root;
    }

    static void Feature(Field field)
    {
        if (field.Name() is not { } name) return;
        if (Derived.TryGetValue(name, out var from)) field.Warning($"No collector sends {name}.", $"it can be derived from {from}");
        else if (MetricAliases.Resolve(name) == name && DidYouMean.Of(name, Derived.Keys) is { } near) field.Error($"'{name}' is no feature.", $"did you mean '{near}'?");
        else MetricNames.Read(field);
    }
}
