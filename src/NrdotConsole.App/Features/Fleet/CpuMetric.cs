using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Fleet;

/// <summary>
/// Which metric tells the CPU of a host's processes: collectors send the share of a core, or the seconds used, and change from one to the
/// other with their configuration. The one that was heard last counts; of two heard together, the seconds, which no scrape misses.
/// </summary>
internal sealed class CpuMetric : ISeriesVisitor
{
    const string Time = "process.cpu.time", Utilization = "process.cpu.utilization";

    /// <summary>What a scrape's requests may lie apart.</summary>
    const long TogetherMs = 60_000;

    long _timeMs, _utilizationMs;

    public void Visit(in SeriesView series)
    {
        switch (MetricAliases.Resolve(series.Metric.Name))
        {
            case Time: _timeMs = Math.Max(_timeMs, series.LastUnixMs); break;
            case Utilization: _utilizationMs = Math.Max(_utilizationMs, series.LastUnixMs); break;
        }
    }

    /// <summary>The metric and the aggregation that makes cores of it.</summary>
    public (string Metric, string Aggregation) Cores => _timeMs > 0 && _timeMs + TogetherMs >= _utilizationMs ? (Time, "rate") : (Utilization, "sum");
}
