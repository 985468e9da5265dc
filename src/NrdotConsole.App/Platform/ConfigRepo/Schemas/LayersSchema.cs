using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>monitoring-layers.yaml</c>: the metrics that are watched, by layer.</summary>
internal static class LayersSchema
{
    public static object? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        if (map.Require("monitoring", "layers below it")?.Map() is { } monitoring)
        {
            foreach (var item in monitoring.Require("layers", "list the layers")?.List() ?? [])
            {
                if (item.Map() is not { } layer) continue;
                layer.Require("name", "such as Collector")?.Name();
                foreach (var metric in layer.Require("metrics", "list the metrics")?.List() ?? []) MetricNames.Read(metric);
                layer.Close();
            }
            monitoring.Close();
        }
        map.Close();
        return root;
    }
}
