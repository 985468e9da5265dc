using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Merging;

/// <summary>
/// What tells the items of a list apart, so that an item is the same one wherever it stands: a map's id, name or path, a scalar's value.
/// A list where two items share it, or one lacks it, has none: it is one value.
/// </summary>
internal static class Identity
{
    static readonly string[] s_keys = ["id", "name", "path", "metric", "signal", "role", "statement"];

    /// <summary>The items by identity, in order; null where the list has none.</summary>
    public static IReadOnlyList<(string Id, ConfigNode Item)>? Of(ConfigNode list)
    {
        if (list.Items.Count == 0) return [];
        var ids = list.Items.All(i => i.Shape == NodeShape.Scalar) ? list.Items.Select(i => (string?)i.Show())
            : s_keys.FirstOrDefault(k => list.Items.All(i => i[k] is { Shape: NodeShape.Scalar, IsNull: false })) is { } key ? list.Items.Select(i => i[key]?.Text)
            : null;
        if (ids is null) return null;
        var known = ids.OfType<string>().ToList();
        return known.Distinct().Count() == known.Count ? [.. known.Zip(list.Items)] : null;
    }
}
