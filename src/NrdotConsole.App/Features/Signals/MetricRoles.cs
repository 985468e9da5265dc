using NrdotConsole.Core.Cardinality;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

/// <summary>What a signal reads a metric for.</summary>
internal enum MetricRole : byte { None, Process, CpuTime, CpuUtilization, Memory, DiskIo, DiskOperations, NetworkIo, LogicalCpus, SeriesKept, SeriesTotal, Collector }

/// <summary>A metric as the signals know it, by the store's number.</summary>
internal sealed record KnownMetric(MetricDescriptor Descriptor, string CurrentName, MetricRole Role, ulong Hash)
{
    public bool IsProcess => Role is >= MetricRole.Process and <= MetricRole.NetworkIo;
}

/// <summary>Resolves each metric's name once, not at every visit.</summary>
internal sealed class MetricRoles
{
    KnownMetric?[] _known = new KnownMetric?[256];

    public KnownMetric Of(MetricDescriptor metric)
    {
        var id = metric.Id;
        if (id < _known.Length && _known[id] is { } known && ReferenceEquals(known.Descriptor, metric)) return known;
        if (id >= _known.Length) Array.Resize(ref _known, Math.Max(id + 1, _known.Length * 2));
        var name = MetricAliases.Resolve(metric.Name);
        return _known[id] = new(metric, name, RoleOf(name), Hash64.Of(metric.Name));
    }

    public KnownMetric ById(int id) => _known[id]!;

    static MetricRole RoleOf(string name) => name switch
    {
        "process.cpu.time" => MetricRole.CpuTime,
        "process.cpu.utilization" => MetricRole.CpuUtilization,
        "process.memory.usage" => MetricRole.Memory,
        "process.disk.io" => MetricRole.DiskIo,
        "process.disk.operations" => MetricRole.DiskOperations,
        "process.network.io" => MetricRole.NetworkIo,
        "system.cpu.logical.count" => MetricRole.LogicalCpus,
        "nrdot.process.series.kept" => MetricRole.SeriesKept,
        "nrdot.process.series.total" => MetricRole.SeriesTotal,
        _ when name.StartsWith("process.", StringComparison.Ordinal) => MetricRole.Process,
        _ when CollectorHealthRule.IsSelfTelemetry(name) => MetricRole.Collector,
        _ => MetricRole.None,
    };
}
