using System.Text.Json;

namespace NrdotConsole.App.Features.People;

internal sealed record FieldChange(string Field, string? Before, string? After);

/// <summary>The fields in which two JSON objects differ; of one alone, all its fields.</summary>
internal static class AuditDiff
{
    public static IReadOnlyList<FieldChange> Of(string? before, string? after)
    {
        var (a, b) = (Fields(before), Fields(after));
        return [.. a.Keys.Union(b.Keys).Select(x => new FieldChange(x, a.GetValueOrDefault(x), b.GetValueOrDefault(x))).Where(x => x.Before != x.After)];
    }

    static Dictionary<string, string?> Fields(string? json)
    {
        if (json is null) return [];
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().ToDictionary(x => x.Name, x => Text(x.Value))
                : new() { ["value"] = json };
        }
        catch (JsonException)
        {
            return new() { ["value"] = json }; // cut at the log's length limit
        }
    }

    static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}
