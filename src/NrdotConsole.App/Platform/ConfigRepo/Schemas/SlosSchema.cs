using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>slos.yaml</c>: objectives by layer, each over a window, with the signal that it judges.</summary>
internal static class SlosSchema
{
    public static readonly string[] Layers = ["infrastructure", "collector", "application", "business"];

    public static object? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        foreach (var item in map.Require("slos", "list the objectives")?.List() ?? [])
        {
            if (item.Map() is not { } slo) continue;
            slo.Require("name", "what people call it")?.Name();
            slo.Find("description")?.Text();
            slo.Require("layer", string.Join(", ", Layers))?.Choice(Layers);
            var objective = slo.Require("objective", "the share of good minutes, such as 0.99");
            if (objective?.Number(0, 1) is 0 or 1) objective.Error("An objective of 0 or 1 leaves no error budget to speak of.", "between, such as 0.99");
            slo.Require("window", "such as 30d")?.Duration(TimeSpan.FromDays(1), TimeSpan.FromDays(90));
            if (slo.Require("signal", "a signal or metric such as nrdot.coverage.critical") is { } signal) MetricNames.Read(signal);
            var (min, max) = (slo.Find("min")?.Number(decimal.MinValue, decimal.MaxValue), slo.Find("max")?.Number(decimal.MinValue, decimal.MaxValue));
            if (min is null && max is null) slo.Error("Nothing says what is good.", "min, max, or both, of the signal");
            slo.Close();
        }
        map.Close();
        return root;
    }
}
