using NrdotConsole.Core.Yaml;

namespace NrdotConsole.Core.Profiles;

/// <summary>One process's data on its way through a pipeline. <see cref="Points"/> shrinks as filters drop them.</summary>
sealed class SimulatedData(Dictionary<string, object> resource, List<SimulatedPoint> points)
{
    public OttlScope Scope { get; } = new(resource);
    public List<SimulatedPoint> Points { get; } = points;
}

/// <summary>A processor, as far as it decides what is sent of a process.</summary>
static class SimulatedStep
{
    /// <summary>Processors that take no process away.</summary>
    static readonly HashSet<string> s_neutral =
    [
        "batch", "memorylimiter", "resourcedetection", "cumulativetodelta", "deltatocumulative", "deltatorate", "attributes", "k8sattributes",
        "metricstransform", "metricsgeneration", "groupbyattrs", "span", "tailsampling", "probabilisticsampler", "geoip", "metricstarttime", "remotetap", "schema",
    ];

    /// <param name="id">As the pipeline names it.</param>
    /// <param name="settings">Of the processor; null where it has none.</param>
    /// <param name="cannot">Takes what is not simulated, with the line it stands in.</param>
    public static Action<SimulatedData>? Of(string id, YamlNode? settings, Action<int, string> cannot)
    {
        var type = KnownComponents.Canonical("processors", id).Split('/')[0];
        switch (type)
        {
            case "filter": return Filter(settings as YamlMap ?? YamlMap.Empty, cannot);
            case "transform": return Transform(settings as YamlMap ?? YamlMap.Empty, cannot);
            case "resource": return Resource((settings as YamlMap)?.Find("attributes") as YamlList);
            default:
                if (!s_neutral.Contains(type)) cannot(settings?.Line ?? 0, $"the processor {id}");
                return null;
        }
    }

    // A condition that holds drops the point.
    static Action<SimulatedData> Filter(YamlMap settings, Action<int, string> cannot)
    {
        var onPoint = new List<Func<OttlScope, bool>>();
        var onResource = new List<Func<OttlScope, bool>>();
        foreach (var (text, context, line) in Conditions(settings, cannot))
        {
            try { (context == "resource" ? onResource : onPoint).Add(OttlParser.Condition(text, context == "resource")); }
            catch (NotSimulatedException what) { cannot(line, what.Message); }
        }
        return data =>
        {
            data.Scope.Point = null;
            if (onResource.Exists(c => Holds(c, data.Scope))) data.Points.Clear();
            data.Points.RemoveAll(point =>
            {
                data.Scope.Point = point;
                return onPoint.Exists(c => Holds(c, data.Scope));
            });
        };
    }

    // As a collector that ignores errors: a condition that fails holds for nothing, a statement that fails does nothing.
    static bool Holds(Func<OttlScope, bool> condition, OttlScope scope)
    {
        try { return condition(scope); }
        catch (NotSimulatedException) { return false; }
    }

    static IEnumerable<(string Text, string Context, int Line)> Conditions(YamlMap settings, Action<int, string> cannot)
    {
        if (settings.Find("metrics") is YamlMap metrics)
        {
            foreach (var group in metrics.Entries)
            {
                if (group.Key is not ("metric" or "datapoint" or "resource")) cannot(group.Line, $"metrics.{group.Key} of a filter");
                else foreach (var item in group.Value.AsList?.Items ?? [])
                    if (item.Value is { } text) yield return (text, group.Key, item.Line);
            }
        }
        foreach (var item in (settings.Find("metric_conditions") as YamlList)?.Items ?? [])
        {
            if (item.Value is { } text) yield return (text, ContextOf(text), item.Line);
            else foreach (var inner in (item.AsMap?.Find("conditions") as YamlList)?.Items ?? [])
                if (inner.Value is { } condition) yield return (condition, item.AsMap!.Find("context")?.Value ?? ContextOf(condition), inner.Line);
        }
    }

    static Action<SimulatedData> Transform(YamlMap settings, Action<int, string> cannot)
    {
        var steps = new List<(bool OnResource, Action<OttlScope> Run)>();
        foreach (var (text, context, line, only) in Statements(settings))
        {
            var onResource = context == "resource";
            try
            {
                var run = OttlParser.Statement(text, onResource);
                var conditions = only.Select(c => OttlParser.Condition(c, onResource)).ToArray();
                steps.Add((onResource, conditions.Length == 0 ? run : scope => { if (Array.Exists(conditions, c => Holds(c, scope))) run(scope); }));
            }
            catch (NotSimulatedException what) { cannot(line, what.Message); }
        }
        return data =>
        {
            foreach (var (onResource, run) in steps)
            {
                if (onResource) RunOn(data, null, run);
                else foreach (var point in data.Points) RunOn(data, point, run);
            }
        };
    }

    static void RunOn(SimulatedData data, SimulatedPoint? point, Action<OttlScope> run)
    {
        data.Scope.Point = point;
        try { run(data.Scope); }
        catch (NotSimulatedException) { }
    }

    /// <summary>With the conditions of their group, of which one must hold; none where it has none.</summary>
    static IEnumerable<(string Text, string Context, int Line, string[] Only)> Statements(YamlMap settings)
    {
        foreach (var item in (settings.Find("metric_statements") as YamlList)?.Items ?? [])
        {
            if (item.Value is { } text) yield return (text, ContextOf(text), item.Line, []);
            if (item is not YamlMap group) continue;
            string[] only = [.. group.Find("conditions")?.AsList?.Values ?? []];
            foreach (var inner in group.Find("statements")?.AsList?.Items ?? [])
                if (inner.Value is { } statement) yield return (statement, group.Find("context")?.Value ?? ContextOf(string.Join(' ', only.Append(statement))), inner.Line, only);
        }
    }

    // The collector infers the context from the lowest path that is named.
    static string ContextOf(string text) =>
        text.Contains("datapoint.", StringComparison.Ordinal) ? "datapoint" : text.Contains("metric.", StringComparison.Ordinal) ? "metric" : "resource";

    static Action<SimulatedData> Resource(YamlList? actions)
    {
        var steps = (actions?.Items ?? []).Select(a => (Key: a.AsMap?.Find("key")?.Value, Value: a.AsMap?.Find("value")?.Value, Action: a.AsMap?.Find("action")?.Value))
            .Where(a => a.Key is not null).ToArray();
        return data =>
        {
            foreach (var (key, value, action) in steps)
            {
                if (action == "delete") data.Scope.Resource.Remove(key!);
                else if (value is not null && (action == "upsert" || (action == "insert") != data.Scope.Resource.ContainsKey(key!))) data.Scope.Resource[key!] = value;
            }
        };
    }
}
