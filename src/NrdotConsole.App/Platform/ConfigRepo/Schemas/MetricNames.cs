using NrdotConsole.App.Platform.ConfigRepo.Documents;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary>Names of metrics as guides write them: what exists under another name, and what no collector sends any more, is explained, never refused.</summary>
internal static class MetricNames
{
    static readonly Dictionary<string, string> s_gone = new(StringComparer.Ordinal)
    {
        ["otelcol_processor_dropped_metric_points"] = "collectors dropped it with 0.110: drops are measured as otelcol_processor_incoming_items less otelcol_processor_outgoing_items",
    };

    /// <summary>The current name where it differs; null for a current or unknown one.</summary>
    public static string? Renamed(string name) => MetricAliases.Resolve(name) is var current && current != name ? current : null;

    /// <summary>Reads a metric's name and says what is understood by it.</summary>
    /// <returns>The current name.</returns>
    public static string? Read(Field field)
    {
        if (field.Name() is not { } name) return null;
        var current = MetricAliases.Resolve(name);
        if (s_gone.TryGetValue(current, out var why)) field.Warning($"No current collector sends {name}.", why);
        else if (current != name && !IsSpelling(name, current)) field.Warning($"There is no metric {name}.", $"{current} is read in its place");
        return current;
    }

    static bool IsSpelling(string name, string current) => name.Replace('_', '.') == current.Replace('_', '.');
}
