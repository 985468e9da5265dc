using System.Text.Json;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>The tenants that someone is limited to. Null stands for all of them, everywhere; in the database it is NULL or a JSON array.</summary>
internal static class Tenants
{
    public const int MaxCount = 200, MaxLength = 100;

    public static string? ToJson(IReadOnlySet<string>? tenants) => tenants is null ? null : JsonSerializer.Serialize(tenants.Order(StringComparer.Ordinal));

    public static IReadOnlySet<string>? FromJson(string? json) => json is null ? null : JsonSerializer.Deserialize<string[]>(json)!.ToHashSet(StringComparer.Ordinal);

    /// <summary>What both allow.</summary>
    public static IReadOnlySet<string>? Meet(IReadOnlySet<string>? a, IReadOnlySet<string>? b) =>
        a is null ? b : b is null ? a : a.Intersect(b).ToHashSet(StringComparer.Ordinal);
}
