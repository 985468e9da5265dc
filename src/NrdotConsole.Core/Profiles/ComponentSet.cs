namespace NrdotConsole.Core.Profiles;

/// <summary>
/// Component types that a collector has, by section (<c>receivers</c>, <c>processors</c>, <c>exporters</c>, <c>connectors</c>,
/// <c>extensions</c>), as its agent reports them. A section that is absent is not known, and taken to have everything.
/// </summary>
public sealed class ComponentSet(IReadOnlyDictionary<string, IReadOnlySet<string>> types)
{
    /// <summary>The spelling that this collector knows: the same, or its old or new name; null where it has none.</summary>
    public string? Spelling(string section, string type)
    {
        if (!types.TryGetValue(section, out var known) || known.Contains(type)) return type;
        var canonical = KnownComponents.Canonical(section, type);
        return known.Order(StringComparer.Ordinal).FirstOrDefault(k => KnownComponents.Canonical(section, k) == canonical);
    }
}
