using NrdotConsole.App.Platform.ConfigRepo.Documents;

namespace NrdotConsole.App.Platform.ConfigRepo.Merging;

/// <summary>A field that differs; null where it is absent on that side.</summary>
internal sealed record FieldChange(string Field, string? Before, string? After);

/// <summary>What two documents mean differently: comments, order of keys and spelling aside.</summary>
internal static class FieldDiff
{
    public static IReadOnlyList<FieldChange> Of(ConfigNode? before, ConfigNode? after)
    {
        var changes = new List<FieldChange>();
        Compare("", before, after, changes);
        return changes;
    }

    static void Compare(string path, ConfigNode? before, ConfigNode? after, List<FieldChange> changes)
    {
        switch (before, after)
        {
            case ({ } a, { } b) when a.Means(b):
                return;
            case ({ Shape: NodeShape.Map } a, { Shape: NodeShape.Map } b):
                foreach (var key in a.Entries.Select(e => e.Key).Union(b.Entries.Select(e => e.Key))) Compare(path.Length == 0 ? key : $"{path}.{key}", a[key], b[key], changes);
                return;
            case ({ Shape: NodeShape.List } a, { Shape: NodeShape.List } b) when !AreScalars(a, b) && Identity.Of(a) is { } x && Identity.Of(b) is { } y:
                var (left, right) = (x.ToDictionary(i => i.Id, i => i.Item), y.ToDictionary(i => i.Id, i => i.Item));
                foreach (var id in left.Keys.Union(right.Keys)) Compare($"{path}[{id}]", left.GetValueOrDefault(id), right.GetValueOrDefault(id), changes);
                if (!x.Select(i => i.Id).Where(right.ContainsKey).SequenceEqual(y.Select(i => i.Id).Where(left.ContainsKey)))
                    changes.Add(new($"{path}: order", string.Join(", ", x.Select(i => i.Id)), string.Join(", ", y.Select(i => i.Id))));
                return;
            // What is added or gone as a whole is told field by field: a reader sees what it sets.
            case (null, { Shape: NodeShape.Map, Entries.Count: > 0 } b):
                foreach (var entry in b.Entries) Compare(path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", null, entry.Value, changes);
                return;
            case ({ Shape: NodeShape.Map, Entries.Count: > 0 } a, null):
                foreach (var entry in a.Entries) Compare(path.Length == 0 ? entry.Key : $"{path}.{entry.Key}", entry.Value, null, changes);
                return;
            default:
                changes.Add(new(path, before?.Show(), after?.Show()));
                return;
        }
    }

    static bool AreScalars(ConfigNode a, ConfigNode b) => a.Items.Concat(b.Items).All(i => i.Shape == NodeShape.Scalar);
}
