namespace NrdotConsole.App.Platform.ConfigRepo.Documents;

/// <summary>The fields of a map. A schema asks for those it knows and then <see cref="Close"/>s: whatever it did not ask for is a fault.</summary>
internal sealed class FieldMap(ConfigNode node, string path, FaultList faults)
{
    readonly List<string> _known = [];

    public string Path => path;

    /// <summary>Null where the map has no such field, or it is empty.</summary>
    public Field? Find(string key)
    {
        _known.Add(key);
        return node[key] is { IsNull: false } value ? new(value, Below(key), faults) : null;
    }

    /// <summary>Reports where the map has no such field.</summary>
    public Field? Require(string key, string mend)
    {
        if (Find(key) is { } field) return field;
        faults.Error(node.Line, node.Column, Below(key), $"'{key}' is missing.", mend);
        return null;
    }

    /// <summary>All fields: of a map whose keys are names.</summary>
    public IEnumerable<(string Name, Field Value)> Named()
    {
        foreach (var entry in node.Entries)
        {
            _known.Add(entry.Key);
            if (entry.Key.Length is 0 or > Field.MaxNameLength) faults.Error(entry.Line, entry.Column, path, "The name is empty or too long.", $"1 to {Field.MaxNameLength} characters");
            else yield return (entry.Key, new(entry.Value, Below(entry.Key), faults));
        }
    }

    public void Close()
    {
        foreach (var entry in node.Entries.Where(e => !_known.Contains(e.Key)))
            faults.Error(entry.Line, entry.Column, Below(entry.Key), $"'{entry.Key}' is not known here.",
                DidYouMean.Of(entry.Key, _known) is { } near ? $"did you mean '{near}'?" : $"one of {string.Join(", ", _known.Order(StringComparer.Ordinal))}");
    }

    public void Error(string message, string mend) => faults.Error(node.Line, node.Column, path, message, mend);

    public void Warning(string message, string mend) => faults.Warning(node.Line, node.Column, path, message, mend);

    string Below(string key) => path.Length == 0 ? key : $"{path}.{key}";
}
