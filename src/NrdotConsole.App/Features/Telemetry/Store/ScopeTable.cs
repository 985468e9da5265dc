using System.IO.Hashing;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Instrumentation scopes by their raw bytes. Numbers begin with 1.</summary>
internal sealed class ScopeTable(long seed, LabelReader reader)
{
    public const int Limit = 20_000;

    /// <summary>The bytes of a scope, and the scope that came after it last time: the one asked for first.</summary>
    sealed class Form(byte[] name, byte[] version, byte[] attributes, int scope)
    {
        public readonly int Scope = scope;
        public Form? Next;

        public bool Is(ReadOnlySpan<byte> otherName, ReadOnlySpan<byte> otherVersion, ReadOnlySpan<byte> otherAttributes) =>
            otherName.SequenceEqual(name) && otherVersion.SequenceEqual(version) && otherAttributes.SequenceEqual(attributes);
    }

    readonly Dictionary<UInt128, Form> _byHash = [];
    readonly List<Labels> _labels = [Labels.Empty];
    Form? _last;

    public Labels this[int scope] => _labels[scope];

    public RefusalReason? Resolve(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> attributes, out int scope)
    {
        scope = 0;
        var form = _last?.Next;
        if (form is null || !form.Is(name, version, attributes))
        {
            if (Find(name, version, attributes, out form) is { } refusal) return refusal;
            if (_last is not null) _last.Next = form;
        }
        _last = form!;
        scope = _last.Scope;
        return null;
    }

    RefusalReason? Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> attributes, out Form? form)
    {
        var hash = XxHash128.HashToUInt128(name, seed);
        if (!version.IsEmpty) hash = (hash << 1) ^ XxHash128.HashToUInt128(version, seed + 1);
        if (!attributes.IsEmpty) hash = (hash << 1) ^ XxHash128.HashToUInt128(attributes, seed + 2);
        if (_byHash.TryGetValue(hash, out form)) return null;
        if (_labels.Count > Limit) return RefusalReason.SeriesLimit;
        if (reader.TryReadScope(name, version, attributes, out var labels) is { } refusal) return refusal;
        form = new(name.ToArray(), version.ToArray(), attributes.ToArray(), _labels.Count);
        _labels.Add(labels);
        _byHash[hash] = form;
        return null;
    }
}
