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
        var kind = ((long)header.Kind << 16) | ((long)header.Temporality << 8) | (header.IsMonotonic ? 1L : 0);
        var hash = XxHash128.HashToUInt128(header.Name, seed ^ kind) ^ (XxHash128.HashToUInt128(header.Unit, seed + 1) << 1);
        if (_byHash.TryGetValue(hash, out var id)) return id;
        if (_entries.Count == Limit) return -1;
        id = _entries.Count;
        var descriptor = new MetricDescriptor(
            id, Encoding.UTF8.GetString(header.Name), Encoding.UTF8.GetString(header.Unit),
            Encoding.UTF8.GetString(header.Description), header.Kind, header.Temporality, header.IsMonotonic);
        _entries.Add(new(descriptor, header.Name.ToArray(), header.Unit.ToArray()));
        _byHash[hash] = id;
        Descriptors = [.. Descriptors, descriptor];
        return id;
    }
}
