using System.IO.Hashing;
using System.Runtime.CompilerServices;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Point attributes: their raw bytes as senders repeat them (variants), and the canonical label set that each means.
/// Two orders of the same attributes are two variants of one set. A part of a histogram is a variant with a suffix.
/// </summary>
internal sealed class AttributeTable(long seed, LabelReader reader)
{
    /// <summary>Further raw forms of one set are decoded again each time.</summary>
    const int MaxVariants = 16;

    readonly record struct Variant(byte[] Bytes, int Scope, int Suffix, int Attributes, UInt128 Hash);

    readonly Dictionary<UInt128, int> _byHash = [];
    readonly Dictionary<Labels, int> _byLabels = [];
    readonly List<AttributeSet?> _sets = [];
    readonly Stack<int> _freeSets = [];
    readonly Stack<int> _freeVariants = [];
    Variant[] _variants = new Variant[256];
    int _variantEnd = 1;

    public AttributeSet this[int attributes] => _sets[attributes]!;
    public int Count => _byLabels.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsVariant(int variant, int scope, ReadOnlySpan<byte> bytes, int suffix)
    {
        ref var v = ref _variants[variant];
        return v.Scope == scope && v.Suffix == suffix && bytes.SequenceEqual(v.Bytes);
    }

    /// <summary>Answers the set that <paramref name="bytes"/> mean, adding it when new; <paramref name="variant"/> is 0 where none is kept.</summary>
    /// <param name="suffix">How many bytes at the end of <paramref name="bytes"/> name the part of a composite point.</param>
    public RefusalReason? Resolve(ReadOnlySpan<byte> bytes, int suffix, int scope, Labels scopeLabels, out int variant, out int attributes)
    {
        var hash = XxHash128.HashToUInt128(bytes, seed ^ ((long)scope << 8) ^ suffix);
        if (_byHash.TryGetValue(hash, out variant))
        {
            attributes = _variants[variant].Attributes;
            return null;
        }
        attributes = 0;
        if (reader.TryReadPoint(bytes[..^suffix], bytes[^suffix..], scopeLabels, out var labels) is { } refusal) return refusal;
        if (!_byLabels.TryGetValue(labels, out attributes)) attributes = AddSet(labels);
        var set = this[attributes];
        if (set.Variants.Count < MaxVariants)
        {
            variant = AddVariant(new(bytes.ToArray(), scope, suffix, attributes, hash));
            set.Variants.Add(variant);
        }
        return null;
    }

    int AddSet(Labels labels)
    {
        if (!_freeSets.TryPop(out var id))
        {
            id = _sets.Count;
            _sets.Add(null);
        }
        _sets[id] = new(labels);
        _byLabels[labels] = id;
        return id;
    }

    int AddVariant(in Variant variant)
    {
        if (!_freeVariants.TryPop(out var id)) id = _variantEnd++;
        if (id == _variants.Length) Array.Resize(ref _variants, id * 2);
        _variants[id] = variant;
        _byHash[variant.Hash] = id;
        return id;
    }

    /// <summary>Forgets a set that no series bears.</summary>
    public void RemoveIfUnused(int attributes)
    {
        if (_sets[attributes] is not { References: 0 } set) return;
        foreach (var variant in set.Variants)
        {
            _byHash.Remove(_variants[variant].Hash);
            _variants[variant] = default;
            _freeVariants.Push(variant);
        }
        _byLabels.Remove(set.Labels);
        _sets[attributes] = null;
        _freeSets.Push(attributes);
    }
}
