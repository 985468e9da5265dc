using NrdotConsole.Core.Fleet;

namespace NrdotConsole.App.Features.Signals;

/// <summary>What a resource's bytes are counted under: the process classes, then what is no process.</summary>
internal static class UsageClasses
{
    static readonly int s_processClasses = ProcessClassification.Default.Classes.Count;

    public static readonly int Host = s_processClasses;
    public static readonly int Inventory = s_processClasses + 1;
    public static readonly int Collector = s_processClasses + 2;
    public static readonly int Count = s_processClasses + 3;

    public static string Name(int index) =>
        index == Host ? "host" : index == Inventory ? "inventory" : index == Collector ? "collector" : ProcessClassification.Default.Classes[index].Name;

    public static string Label(int index) =>
        index == Host ? "Host and service metrics" : index == Inventory ? "Process inventory" : index == Collector ? "Collector telemetry"
        : Words(ProcessClassification.Default.Classes[index].Name);

    static string Words(string name) => name switch
    {
        "ci_cd" => "CI and CD",
        "other" => "Other processes",
        _ => char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' '),
    };
}
