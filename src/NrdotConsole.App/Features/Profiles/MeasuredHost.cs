using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Profiles;

/// <summary>
/// Reads a host's processes from its series in memory, each by its pid: what the inventory names counts as much as what is sent in full.
/// Use once a reading. Series without a point since <paramref name="freshFromUnixMs"/> (Unix ms) are of processes that ended.
/// </summary>
internal sealed class MeasuredHost(long freshFromUnixMs) : ISeriesVisitor
{
    readonly Dictionary<string, Reading> _processes = [];
    int _hostSeries;

    sealed class Reading
    {
        public string Executable = "", Owner = "";
        public double Cores, BytesPerSecond;
        public long Bytes;
    }

    public void Visit(in SeriesView series)
    {
        if (series.LastUnixMs < freshFromUnixMs) return;
        var labels = series.Resource.Labels;
        if (!labels.TryGetValue("process.executable.name", out var executable))
        {
            if (series.Metric.Name.StartsWith("system.", StringComparison.Ordinal)) _hostSeries++;
            return;
        }
        var pid = labels.TryGetValue("process.pid", out var named) ? named : $"resource {series.Resource.Id}";
        if (!_processes.TryGetValue(pid, out var reading))
            _processes[pid] = reading = new() { Executable = executable, Owner = labels.TryGetValue("process.owner", out var owner) ? owner : "" };
        switch (MetricAliases.Resolve(series.Metric.Name))
        {
            case "process.memory.usage" when series.LastValue > 0: reading.Bytes = Math.Max(reading.Bytes, (long)series.LastValue); break;
            case "process.cpu.time": reading.Cores += Rate(series); break;
            case "process.disk.io": reading.BytesPerSecond += Rate(series); break;
        }
    }

    public HostSample Sample(string name) => new(name,
        [.. _processes.Values.Select(p => new SampleProcess(p.Executable, p.Owner, p.Cores * 100, p.Bytes, p.BytesPerSecond))],
        _hostSeries > 0 ? _hostSeries : HostSample.StockSeries);

    static double Rate(in SeriesView series)
    {
        var seconds = (series.LastUnixMs - series.PreviousUnixMs) / 1000.0;
        if (series.PreviousUnixMs <= 0 || seconds <= 0) return 0;
        var used = series.Metric.Temporality == Temporality.Delta ? series.LastValue : series.LastValue - series.PreviousValue;
        return used > 0 ? used / seconds : 0;
    }
}
