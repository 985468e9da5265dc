using System.IO.Hashing;
using System.Text;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Every metric seen since the start, by name, unit, kind, temporality and monotonicity. None is ever removed: their number is limited.</summary>
internal sealed class MetricTable(long seed)
{
    public const int Limit = 50_000;

    readonly Dictionary<UInt128, int> _byHash = [];
    readonly List<MetricEntry> _entries = [];

    public MetricEntry this[int id] => _entries[id];
    public int Count => _entries.Count;
    public IReadOnlyList<MetricDescriptor> Descriptors { get; private set; } = [];

    /// <summary>The number of the metric; -1 when there are too many.</summary>
    public int Resolve(in MetricHeader header)
    {
        var hash = Hash(header.Name, header.Unit, header.Kind, header.Temporality, header.IsMonotonic);
        if (_byHash.TryGetValue(hash, out var id)) return id;
        if (_entries.Count == Limit) return -1;
        var (name, unit) = (Encoding.UTF8.GetString(header.Name), Encoding.UTF8.GetString(header.Unit));
        return Add(hash, name, unit, Encoding.UTF8.GetString(header.Description), header.Kind, header.Temporality, header.IsMonotonic).Descriptor.Id;
    }

    public void Load(StoredMetric stored)
    {
        if (_entries.Count == Limit) return;
        var (kind, temporality) = ((MetricKind)stored.Kind, (Temporality)stored.Temporality);
        var hash = Hash(Encoding.UTF8.GetBytes(stored.Name), Encoding.UTF8.GetBytes(stored.Unit), kind, temporality, stored.Monotonic);
        if (_byHash.ContainsKey(hash)) return;
        Add(hash, stored.Name, stored.Unit, stored.Description, kind, temporality, stored.Monotonic).StoredId = stored.Id;
    }

    UInt128 Hash(ReadOnlySpan<byte> name, ReadOnlySpan<byte> unit, MetricKind kind, Temporality temporality, bool isMonotonic)
    {
        var shape = ((long)kind << 16) | ((long)temporality << 8) | (isMonotonic ? 1L : 0);
        return XxHash128.HashToUInt128(name, seed ^ shape) ^ (XxHash128.HashToUInt128(unit, seed + 1) << 1);
    }

    MetricEntry Add(UInt128 hash, string name, string unit, string description, MetricKind kind, Temporality temporality, bool isMonotonic)
    {
        var descriptor = new MetricDescriptor(_entries.Count, name, unit, description, kind, temporality, isMonotonic);
        var entry = new MetricEntry(descriptor, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(unit));
        _entries.Add(entry);
        _byHash[hash] = descriptor.Id;
        Descriptors = [.. Descriptors, descriptor];
        return entry;
    }
}
