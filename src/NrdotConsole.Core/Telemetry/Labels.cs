using System.Collections;

namespace NrdotConsole.Core.Telemetry;

/// <summary>An immutable set of string labels, sorted by key (ordinal), each key once. Compared by value.</summary>
public sealed class Labels : IReadOnlyDictionary<string, string>, IEquatable<Labels>
{
    public static readonly Labels Empty = new([], []);

    readonly string[] _keys;
    readonly string[] _values;
    readonly int _hash;

    Labels(string[] keys, string[] values)
    {
        _keys = keys;
        _values = values;
        var hash = new HashCode();
        for (var i = 0; i < keys.Length; i++)
        {
            hash.Add(keys[i]);
            hash.Add(values[i]);
        }
        _hash = hash.ToHashCode();
    }

    /// <summary>Sorts <paramref name="pairs"/>; of a repeated key the last value stands.</summary>
    public static Labels From(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs) sorted[key] = value;
        return sorted.Count == 0 ? Empty : new([.. sorted.Keys], [.. sorted.Values]);
    }

    public static Labels Of(params ReadOnlySpan<(string Key, string Value)> pairs)
    {
        var list = new List<KeyValuePair<string, string>>(pairs.Length);
        foreach (var (key, value) in pairs) list.Add(new(key, value));
        return From(list);
    }

    public int Count => _keys.Length;
    public IEnumerable<string> Keys => _keys;
    public IEnumerable<string> Values => _values;
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException($"No label '{key}'.");
    public bool ContainsKey(string key) => Array.BinarySearch(_keys, key, StringComparer.Ordinal) >= 0;

    public bool TryGetValue(string key, out string value)
    {
        var i = Array.BinarySearch(_keys, key, StringComparer.Ordinal);
        value = i >= 0 ? _values[i] : "";
        return i >= 0;
    }

    /// <summary>The value, or an empty string: an absent label and an empty one select alike, as in Prometheus.</summary>
    public string Get(string key) => TryGetValue(key, out var value) ? value : "";

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (var i = 0; i < _keys.Length; i++) yield return new(_keys[i], _values[i]);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(Labels? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash
            && _keys.AsSpan().SequenceEqual(other._keys) && _values.AsSpan().SequenceEqual(other._values));

    public override bool Equals(object? obj) => Equals(obj as Labels);
    public override int GetHashCode() => _hash;
    public override string ToString() => "{" + string.Join(", ", this.Select(p => $"{p.Key}={p.Value}")) + "}";
}
