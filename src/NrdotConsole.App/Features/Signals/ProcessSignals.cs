using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

/// <summary>One executable of one owner on one host, over all its pids. Times are Unix milliseconds, 0 for never.</summary>
internal sealed class ProcessSignals(string executable, string owner, ProcessClass processClass)
{
    public string Executable { get; } = executable;
    public string Owner { get; } = owner;
    public ProcessClass Class { get; } = processClass;

    public long FirstMetricUnixMs, LastMetricUnixMs, LastInventoryUnixMs;
    public bool IsDeclared;
    public ProcessPresence Presence;

    public AnomalyTracker? Tracker;
    public long FedUnixMs;
    public ScrapeSums Scrape;

    public long LastSeenUnixMs => Math.Max(LastMetricUnixMs, LastInventoryUnixMs);

    public ProcessSighting Sighting(bool superseded) => new(FirstMetricUnixMs, LastMetricUnixMs, LastInventoryUnixMs, IsDeclared, superseded);
}

/// <summary>What the pids of one process sum to at its newest scrape, gathered during one visit.</summary>
internal struct ScrapeSums
{
    public long UnixMs;
    TelemetryResource? _counted;
    int _pids;
    double _cpuSeconds, _cpuShare, _memory, _diskBytes, _diskOperations, _network;

    public static ScrapeSums Empty => new() { _cpuSeconds = double.NaN, _cpuShare = double.NaN, _memory = double.NaN, _diskBytes = double.NaN, _diskOperations = double.NaN, _network = double.NaN };

    /// <summary>Pids of one scrape have times within <paramref name="toleranceMs"/>; an older point is of a pid that has ended.</summary>
    public void Add(MetricRole role, in SeriesView series, long toleranceMs)
    {
        if (series.LastUnixMs < UnixMs - toleranceMs) return;
        if (series.LastUnixMs > UnixMs + toleranceMs)
        {
            this = Empty;
            UnixMs = series.LastUnixMs;
        }
        if (!ReferenceEquals(_counted, series.Resource))
        {
            _counted = series.Resource;
            _pids++;
        }
        switch (role)
        {
            case MetricRole.CpuTime: Sum(ref _cpuSeconds, PerSecond(series)); break;
            case MetricRole.CpuUtilization: Sum(ref _cpuShare, series.LastValue); break;
            case MetricRole.Memory: Sum(ref _memory, series.LastValue); break;
            case MetricRole.DiskIo: Sum(ref _diskBytes, PerSecond(series)); break;
            case MetricRole.DiskOperations: Sum(ref _diskOperations, PerSecond(series)); break;
            case MetricRole.NetworkIo: Sum(ref _network, PerSecond(series)); break;
            default: break;
        }
    }

    /// <param name="cores">Logical CPUs of the host: process.cpu.utilization is a share of all of them.</param>
    public readonly ProcessFeatures Features(double cores) => new(
        CpuPercent: 100 * (double.IsNaN(_cpuSeconds) ? _cpuShare * cores : _cpuSeconds),
        MemoryBytes: _memory,
        // The scraper counts bytes by default and operations on request; a page stands for an operation.
        IoPerSecond: double.IsNaN(_diskOperations) ? _diskBytes / 4096 : _diskOperations,
        NetworkBytesPerSecond: _network,
        Processes: _pids);

    static void Sum(ref double sum, double value)
    {
        if (double.IsFinite(value)) sum = double.IsNaN(sum) ? value : sum + value;
    }

    /// <summary>A counter's rate since its previous point; unknown at its first point and where it began anew.</summary>
    static double PerSecond(in SeriesView series)
    {
        if (series.PreviousUnixMs <= 0 || series.LastUnixMs <= series.PreviousUnixMs) return double.NaN;
        var change = series.Metric.Temporality == Temporality.Delta ? series.LastValue : series.LastValue - series.PreviousValue;
        return change < 0 ? double.NaN : change * 1000 / (series.LastUnixMs - series.PreviousUnixMs);
    }
}
