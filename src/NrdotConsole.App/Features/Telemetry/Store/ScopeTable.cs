using System.IO.Hashing;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Instrumentation scopes by their raw bytes. Numbers begin with 1.</summary>
internal sealed class ScopeTable(long seed, LabelReader reader)
{
    public const int Limit = 20_000;

    readonly Dictionary<UInt128, int> _byHash = [];
    readonly List<Labels> _labels = [Labels.Empty];

    public Labels this[int scope] => _labels[scope];

    public RefusalReason? Resolve(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> attributes, out int scope)
    {
        var hash = XxHash128.HashToUInt128(name, seed);
        if (!version.IsEmpty) hash = (hash << 1) ^ XxHash128.HashToUInt128(version, seed + 1);
        if (!attributes.IsEmpty) hash = (hash << 1) ^ XxHash128.HashToUInt128(attributes, seed + 2);
        if (_byHash.TryGetValue(hash, out scope)) return null;
        if (_labels.Count > Limit) return RefusalReason.SeriesLimit;
        if (reader.TryReadScope(name, version, attributes, out var labels) is { } refusal) return refusal;
        scope = _labels.Count;
        _labels.Add(labels);
        _byHash[hash] = scope;
        return null;
    }
}
