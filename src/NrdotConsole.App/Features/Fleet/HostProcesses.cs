using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Fleet;

/// <summary>One executable of one owner on a host: its processes taken together. Cores and bytes are null where the host sends none.</summary>
public sealed record HostProcess(
    string Executable, string Owner, string Class, Tier Tier, int Processes, double? CpuCores, double? MemoryBytes, int Series, DateTimeOffset LastSeen);

/// <summary>
/// Reads a host's processes from its series in memory. Use once a reading. A process is its pid: the inventory's resource and
/// the scraper's are the same one. Series without a point since <paramref name="freshFromUnixMs"/> (Unix ms) are of processes that ended.
/// </summary>
internal sealed class HostProcesses(ProcessClassification classification, long freshFromUnixMs) : ISeriesVisitor
{
    const string Name = "process.executable.name", OwnerKey = "process.owner", PidKey = "process.pid";

    readonly Dictionary<(string Executable, string Owner), Tally> _tallies = [];

    sealed class Tally
    {
        public readonly HashSet<string> Processes = [];
        public double Cores, Bytes;
        public bool HasCpu, HasMemory;
        public int Series;
        public long NewestMs;
    }

    public void Visit(in SeriesView series)
    {
        var labels = series.Resource.Labels;
        if (!labels.TryGetValue(Name, out var executable) && !series.Attributes.TryGetValue(Name, out executable)) return;
        var owner = labels.TryGetValue(OwnerKey, out var named) ? named : series.Attributes.Get(OwnerKey);
        if (!_tallies.TryGetValue((executable, owner), out var tally)) _tallies[(executable, owner)] = tally = new();
        tally.NewestMs = Math.Max(tally.NewestMs, series.LastUnixMs);
        if (series.LastUnixMs < freshFromUnixMs) return;
        tally.Processes.Add(labels.TryGetValue(PidKey, out var pid) ? pid : $"resource {series.Resource.Id}");
        tally.Series++;
        Add(tally, series);
    }

    static void Add(Tally tally, in SeriesView series)
    {
        switch (MetricAliases.Resolve(series.Metric.Name))
        {
            case "process.memory.usage":
                tally.Bytes += Positive(series.LastValue);
                tally.HasMemory = true;
                break;
            case "process.cpu.utilization" when series.Attributes.Get("state") is not ("wait" or "idle"):
                tally.Cores += Positive(series.LastValue);
                tally.HasCpu = true;
                break;
            case "process.cpu.time" when series.Attributes.Get("state") is not ("wait" or "idle") && Rate(series) is { } cores:
                tally.Cores += cores;
                tally.HasCpu = true;
                break;
        }
    }

    /// <summary>CPU seconds a second between the two newest points; null with one point or after a restart.</summary>
    static double? Rate(in SeriesView series)
    {
        var seconds = (series.LastUnixMs - series.PreviousUnixMs) / 1000.0;
        if (series.PreviousUnixMs <= 0 || seconds <= 0) return null;
        var used = series.Metric.Temporality == Temporality.Delta ? series.LastValue : series.LastValue - series.PreviousValue;
        return used >= 0 ? used / seconds : null;
    }

    static double Positive(double value) => double.IsFinite(value) && value > 0 ? value : 0;

    /// <summary>The most important first, of equal ones the larger.</summary>
    public IReadOnlyList<HostProcess> Rows() =>
    [
        .. _tallies.Select(t =>
        {
            var known = classification.Of(t.Key.Executable);
            return new HostProcess(t.Key.Executable, t.Key.Owner, known.Name, known.Tier, t.Value.Processes.Count, t.Value.HasCpu ? t.Value.Cores : null,
                t.Value.HasMemory ? t.Value.Bytes : null, t.Value.Series, DateTimeOffset.FromUnixTimeMilliseconds(t.Value.NewestMs));
        }).OrderBy(p => p.Tier).ThenByDescending(p => p.CpuCores ?? 0).ThenByDescending(p => p.MemoryBytes ?? 0).ThenBy(p => p.Executable, StringComparer.Ordinal),
    ];
}
