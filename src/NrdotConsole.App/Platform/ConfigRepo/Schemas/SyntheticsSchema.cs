using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Schemas;

/// <summary><c>synthetics.yaml</c>: checks that ask a question again and again and assert the answer.</summary>
internal static class SyntheticsSchema
{
    public static object? Read(Field root, Links links)
    {
        if (root.Map() is not { } map) return null;
        foreach (var item in map.Require("checks", "list the checks")?.List() ?? [])
        {
            if (item.Map() is not { } check) continue;
            check.Require("name", "what people call it")?.Name();
            check.Find("description")?.Text();
            var kind = check.Require("kind", "http, otlp or query")?.Choice("http", "otlp", "query");
            check.Find("every")?.Duration(TimeSpan.FromSeconds(10), TimeSpan.FromDays(1));
            check.Find("timeout")?.Duration(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5));
            Target(kind == "query" ? null : check.Require("url", "http:// or https://"));
            if (check.Find("metric") is { } metric) MetricNames.Read(metric);
            else if (kind == "query") check.Error("A query names no metric.", "metric: nrdot.coverage.critical");
            check.Find("min")?.Number(decimal.MinValue, decimal.MaxValue);
            check.Find("max")?.Number(decimal.MinValue, decimal.MaxValue);
            check.Find("status")?.Whole(100, 599);
            check.Close();
        }
        map.Close();
        return root;
    }

    static void Target(Field? field)
    {
        if (field?.Text() is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            field.Error($"'{text}' is not an address.", "http:// or https://");
    }
}
