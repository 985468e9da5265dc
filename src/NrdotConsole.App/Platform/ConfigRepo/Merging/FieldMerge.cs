using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Merging;

/// <summary>A field that both sides changed differently.</summary>
internal sealed record FieldConflict(string Field, ConfigNode? Base, ConfigNode? Ours, ConfigNode? Theirs);

/// <summary>
/// Merges documents by meaning: maps key by key, lists whose items have an identity item by item, anything else as one value. What one
/// side alone changed is taken; what both changed alike as well; the rest is a conflict. Both sides may be swapped: the result means the same.
/// </summary>
internal sealed class FieldMerge
{
    readonly List<FieldConflict> _conflicts = [];

    public IReadOnlyList<FieldConflict> Conflicts => _conflicts;

    /// <summary>Null is absence. With conflicts the result holds our value in their place.</summary>
    public ConfigNode? Merge(string path, ConfigNode? before, ConfigNode? ours, ConfigNode? theirs)
    {
        if (Same(ours, theirs) || Same(before, theirs)) return ours;
        if (Same(before, ours)) return theirs;
        if (ours is { Shape: NodeShape.Map } && theirs is { Shape: NodeShape.Map } && before is null or { Shape: NodeShape.Map }) return Maps(path, before, ours!, theirs!);
        if (ours is { Shape: NodeShape.List } && theirs is { Shape: NodeShape.List } && before is null or { Shape: NodeShape.List }
            && Identity.Of(ours!) is { } o && Identity.Of(theirs!) is { } t && (before is null ? [] : Identity.Of(before)) is { } b)
            return Lists(path, b, o, t, before, ours!, theirs!);
        _conflicts.Add(new(path, before, ours, theirs));
        return ours;
    }

    ConfigNode Maps(string path, ConfigNode? before, ConfigNode ours, ConfigNode theirs)
    {
        var entries = new List<ConfigEntry>();
        foreach (var key in ours.Entries.Select(e => e.Key).Union(theirs.Entries.Select(e => e.Key)))
            if (Merge(path.Length == 0 ? key : $"{path}.{key}", before?[key], ours[key], theirs[key]) is { } value) entries.Add(new(key, 0, 0, value));
        return new() { Shape = NodeShape.Map, Line = ours.Line, Column = ours.Column, Entries = entries };
    }

    ConfigNode Lists(string path, IReadOnlyList<(string Id, ConfigNode Item)> b, IReadOnlyList<(string Id, ConfigNode Item)> o, IReadOnlyList<(string Id, ConfigNode Item)> t,
        ConfigNode? before, ConfigNode ours, ConfigNode theirs)
    {
        if (Order([.. b.Select(i => i.Id)], [.. o.Select(i => i.Id)], [.. t.Select(i => i.Id)]) is not { } order)
        {
            _conflicts.Add(new(path, before, ours, theirs));
            return ours;
        }
        var (x, y, z) = (b.ToDictionary(i => i.Id, i => i.Item), o.ToDictionary(i => i.Id, i => i.Item), t.ToDictionary(i => i.Id, i => i.Item));
        var items = order.Select(id => Merge($"{path}[{id}]", x.GetValueOrDefault(id), y.GetValueOrDefault(id), z.GetValueOrDefault(id))).OfType<ConfigNode>().ToList();
        return new() { Shape = NodeShape.List, Line = ours.Line, Column = ours.Column, Items = items };
    }

    /// <summary>
    /// The order of all items: of what was there before, as the side that moved it has it; what is new stands behind what its side has
    /// before it. Null where both sides moved what was there, differently.
    /// </summary>
    static List<string>? Order(string[] before, string[] ours, string[] theirs)
    {
        var common = before.Where(i => ours.Contains(i) && theirs.Contains(i)).ToHashSet();
        var (b, o, t) = (before.Where(common.Contains), ours.Where(common.Contains).ToList(), theirs.Where(common.Contains).ToList());
        if (!o.SequenceEqual(t) && !b.SequenceEqual(o) && !b.SequenceEqual(t)) return null;
        var order = new List<string>(b.SequenceEqual(o) ? t : o);
        var (mine, other) = (Added(ours, common), Added(theirs, common));
        foreach (var anchor in mine.Keys.Union(other.Keys).ToList())
        {
            var (m, n) = (mine.GetValueOrDefault(anchor) ?? [], other.GetValueOrDefault(anchor) ?? []);
            // Whose stands first does not depend on who merges whom.
            var mineFirst = n.Count == 0 || (m.Count > 0 && string.CompareOrdinal(m[0], n[0]) <= 0);
            var added = (mineFirst ? m.Concat(n) : n.Concat(m)).Distinct().Where(i => !order.Contains(i)).ToList();
            order.InsertRange(anchor.Length == 0 ? 0 : order.IndexOf(anchor) + 1, added);
        }
        return order;
    }

    /// <summary>Runs of items that are not common, by the common item that they follow; empty at the beginning.</summary>
    static Dictionary<string, List<string>> Added(string[] side, HashSet<string> common)
    {
        var runs = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        var anchor = "";
        foreach (var id in side)
        {
            if (common.Contains(id)) anchor = id;
            else if (runs.TryGetValue(anchor, out var run)) run.Add(id);
            else runs[anchor] = [id];
        }
        return runs;
    }

    static bool Same(ConfigNode? a, ConfigNode? b) => a is null ? b is null : b is not null && a.Means(b);
}
