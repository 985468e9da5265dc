using System.Globalization;
using System.Text.RegularExpressions;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Yaml;
using static NrdotConsole.Core.Yaml.YamlMap;

namespace NrdotConsole.Core.Profiles;

/// <summary>
/// Which processes are sent, in stock components. A filter's conditions drop what they match, and see one data point at a time, so the
/// verdict is made before it, as marks on the process's resource that are taken off again:
/// <list type="number">
/// <item>its class, by the first line of the classification that matches its name;</item>
/// <item>a drop mark: <c>class</c> where the profile keeps none of the class, <c>idle</c> where the class is below the profile's importance;
/// critical and declared processes get none, whatever the profile says;</item>
/// <item>a data point over a threshold takes an <c>idle</c> mark off. The scraper makes one resource a process, so one busy metric keeps them all.</item>
/// </list>
/// A statement that fails leaves a process unmarked: it is sent, not lost.
/// </summary>
static partial class ProcessSelection
{
    public const string ClassMark = "nrdot.class";
    public const string DropMark = "nrdot.drop";
    const string Name = "resource.attributes[\"process.executable.name\"]";
    const string Class = "resource.attributes[\"nrdot.class\"]";
    const string Drop = "resource.attributes[\"nrdot.drop\"]";

    public static YamlMap Transform(RenderInput input) => YamlMap.Of(
        ("error_mode", "ignore"),
        ("metric_statements", new YamlList(
        [
            YamlMap.Of(("context", "resource"), ("statements", YamlList.Of([.. Classify(input.Classification), .. Mark(input)]))),
            YamlMap.Of(("context", "datapoint"), ("statements", YamlList.Of(Unmark(input.Profile)))),
        ])));

    public static YamlMap Filter(Profile profile)
    {
        var kept = string.Join('|', profile.ProcessMetrics.Order(StringComparer.Ordinal).Select(Regex.Escape));
        return YamlMap.Of(("error_mode", "ignore"), ("metrics", YamlMap.Of(("datapoint", YamlList.Of(
            $"{Drop} != nil",
            $"not IsMatch(metric.name, {Ottl.Quote($"^({kept})$")})")))));
    }

    static IEnumerable<string> Classify(ProcessClassification classification)
    {
        foreach (var line in classification.Lines)
            yield return $"set({Class}, {Ottl.Quote(line.Class)}) where {Class} == nil and IsMatch({Name}, {Ottl.Quote(PatternOf(line.Pattern))})";
        yield return $"set({Class}, {Ottl.Quote(classification.Other.Name)}) where {Class} == nil";
    }

    static IEnumerable<string> Mark(RenderInput input)
    {
        var declared = input.Declared.Count == 0
            ? ""
            : $" and not IsMatch({Name}, {Ottl.Quote($"(?i)^({string.Join('|', input.Declared.Order(StringComparer.Ordinal).Select(Regex.Escape))})(\\.exe)?$")})";
        foreach (var known in input.Classification.Classes.OrderBy(c => c.Name, StringComparer.Ordinal))
        {
            if (MarkOf(input.Profile, known) is { } mark) yield return $"set({Drop}, \"{mark}\") where {Class} == {Ottl.Quote(known.Name)}{declared}";
        }
    }

    static string? MarkOf(Profile profile, ProcessClass known)
    {
        if (known.Tier == Tier.Critical) return null;
        if (TopKOf(profile, known.Name) == 0) return "class";
        return known.Importance < profile.MinImportance ? "idle" : null;
    }

    internal static int TopKOf(Profile profile, string className) =>
        profile.TopK.TryGetValue(className, out var most) ? most : profile.TopK.GetValueOrDefault("default", int.MaxValue);

    // Counters are deltas here, over one interval: percent of a core and bytes a second become seconds and bytes of that interval.
    static IEnumerable<string> Unmark(Profile profile)
    {
        var seconds = profile.Interval.TotalSeconds;
        var idle = $"{Drop} == \"idle\"";
        yield return $"delete_key(resource.attributes, \"{DropMark}\") where {idle} and metric.name == \"process.cpu.time\" and datapoint.value_double >= {Number(profile.CpuPercent / 100 * seconds)}";
        yield return $"delete_key(resource.attributes, \"{DropMark}\") where {idle} and metric.name == \"process.memory.usage\" and datapoint.value_int >= {Whole(profile.MemoryMb * 1e6)}";
        yield return $"delete_key(resource.attributes, \"{DropMark}\") where {idle} and metric.name == \"process.disk.io\" and datapoint.value_int >= {Whole(profile.IoKbPerSecond * 1e3 * seconds)}";
    }

    // The console compares names in lower case and without ".exe": so does the pattern, and an end of name may stand before ".exe".
    internal static string PatternOf(string pattern) => "(?i)" + EndOfName().Replace(pattern, "(\\.exe)?$$");

    [GeneratedRegex(@"(?<=(?:^|[^\\])(?:\\\\)*)\$", RegexOptions.CultureInvariant)]
    private static partial Regex EndOfName();

    static string Number(double value) => value.ToString("0.0##", CultureInfo.InvariantCulture);
    static string Whole(double value) => ((long)value).ToString(CultureInfo.InvariantCulture);
}
