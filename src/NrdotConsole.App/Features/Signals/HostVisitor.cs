using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Signals;

/// <summary>
/// Reads all series of one host under the store's lock, in one pass: what is active, which processes were seen and what
/// they use, what the collector says of itself. One object serves every visit.
/// </summary>
internal sealed class HostVisitor(MetricRoles roles, IdentityLedger identities, SignalSettings settings) : ISeriesVisitor
{
    /// <summary>The resource attribute that the unfiltered, low-rate inventory pipeline sets.</summary>
    public const string PipelineKey = "nrdot.pipeline";
    public const string InventoryPipeline = "inventory";

    public const long ActiveWindowMs = 300_000;
    const double AllCpusUnknown = 1;

    readonly CollectorHealthRule _collector = new();
    readonly Dictionary<int, (int Active, long PointsPerHour)> _metrics = [];
    HostSignals _host = null!;
    ResourceSignals? _resource;
    DateTimeOffset _now;
    int _day;
    int _visit;
    long _activeAfter, _scrapedAfter, _dayStart, _tolerance, _keptStated, _totalStated;
    StreamGap _metricGap, _processGap, _inventoryGap;

    public int Active { get; private set; }
    public int NewSeries { get; private set; }
    public int ProcessSeries { get; private set; }

    /// <summary>Of the newest scrape, without the inventory's and the collector's own; and the processes' among them.</summary>
    public int InScrape { get; private set; }
    public int ProcessesInScrape { get; private set; }

    /// <summary>Identities that were not followed because their host has too many.</summary>
    public long ProcessesRefused { get; private set; }

    public void Visit(SeriesStore store, HostSignals host, DateTimeOffset now)
    {
        Begin(host, now);
        store.VisitHost(host.Host, this);
        End();
    }

    void Begin(HostSignals host, DateTimeOffset now)
    {
        (_host, _now, _resource) = (host, now, null);
        _visit++;
        _day = DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        // By the host's own clock, so that a clock that is off makes no series inactive.
        var hostNow = host.Host.LastPointUnixMs - host.Host.LastReceivedUnixMs + now.ToUnixTimeMilliseconds();
        _activeAfter = hostNow - ActiveWindowMs;
        _scrapedAfter = host.Host.LastPointUnixMs - (host.MetricIntervalMs * 3 / 2);
        _dayStart = hostNow - (long)now.UtcDateTime.TimeOfDay.TotalMilliseconds;
        _tolerance = host.ProcessIntervalMs / 2;
        (Active, NewSeries, ProcessSeries, InScrape, ProcessesInScrape, _keptStated, _totalStated) = (0, 0, 0, 0, 0, 0, 0);
        (_metricGap, _processGap, _inventoryGap) = (default, default, default);
        _metrics.Clear();
        _collector.Clear();
        foreach (var process in host.Processes.Values) process.Scrape = ScrapeSums.Empty;
    }

    public void Visit(in SeriesView series)
    {
        if (!ReferenceEquals(series.Resource, _resource?.Resource)) _resource = Enter(series.Resource);
        var resource = _resource!;
        var metric = roles.Of(series.Metric);
        var isNew = series.LastUnixMs >= _dayStart && identities.Notice(series, metric, resource, _host, _now, _day);
        if (isNew) NewSeries++;
        if (!resource.IsInventory && metric.Role != MetricRole.Collector) CountScraped(series, metric, isNew);
        var isActive = series.LastUnixMs > _activeAfter;
        if (isActive) CountActive(series, resource);

        if (resource.IsInventory)
        {
            _inventoryGap.Add(series);
        }
        else
        {
            _metricGap.Add(series);
            if (metric.IsProcess) _processGap.Add(series);
        }
        switch (metric.Role)
        {
            case MetricRole.None: return;
            case MetricRole.Collector:
                resource.UsageClass = UsageClasses.Collector;
                _collector.Add(series, metric.CurrentName);
                return;
            case MetricRole.LogicalCpus: _host.LogicalCpus = series.LastValue; return;
            case MetricRole.SeriesKept: _keptStated = (long)series.LastValue; return;
            case MetricRole.SeriesTotal: _totalStated = (long)series.LastValue; return;
            default: break;
        }
        if ((resource.Process ?? OfPoint(series)) is not { } process) return;
        See(process, series, resource);
        if (resource.IsInventory) return;
        if (isActive)
        {
            resource.ProcessSeries++;
            ProcessSeries++;
        }
        process.Scrape.Add(metric.Role, series, _tolerance);
    }

    void CountScraped(in SeriesView series, KnownMetric metric, bool isNew)
    {
        if (isNew) _host.MintedSeries++;
        if (series.LastUnixMs <= _scrapedAfter) return;
        InScrape++;
        if (metric.IsProcess) ProcessesInScrape++;
    }

    void CountActive(in SeriesView series, ResourceSignals resource)
    {
        Active++;
        var gap = series.PreviousUnixMs > 0 ? series.LastUnixMs - series.PreviousUnixMs : resource.IsInventory ? _host.InventoryIntervalMs : _host.MetricIntervalMs;
        ref var sum = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_metrics, series.Metric.Id, out _);
        sum = (sum.Active + 1, sum.PointsPerHour + (3_600_000 / Math.Max(1000, gap)));
    }

    static void See(ProcessSignals process, in SeriesView series, ResourceSignals resource)
    {
        // Data is as old as its point, and no newer than its arrival.
        var seen = Math.Min(series.LastUnixMs, series.Resource.LastReceivedUnixMs);
        if (seen > resource.NewestProcessUnixMs) resource.NewestProcessUnixMs = seen;
        if (resource.IsInventory)
        {
            if (seen > process.LastInventoryUnixMs) process.LastInventoryUnixMs = seen;
            return;
        }
        if (process.FirstMetricUnixMs == 0) process.FirstMetricUnixMs = series.PreviousUnixMs > 0 ? Math.Min(series.PreviousUnixMs, seen) : seen;
        if (seen > process.LastMetricUnixMs) process.LastMetricUnixMs = seen;
    }

    ResourceSignals Enter(TelemetryResource resource)
    {
        if (!_host.Resources.TryGetValue(resource.Id, out var known) || !ReferenceEquals(known.Resource, resource))
            _host.Resources[resource.Id] = known = Meet(resource);
        if (known.Visit != _visit) (known.Visit, known.ProcessSeries) = (_visit, 0);
        return known;
    }

    ResourceSignals Meet(TelemetryResource resource)
    {
        var labels = resource.Labels;
        var isInventory = labels.Get(PipelineKey) == InventoryPipeline;
        var executable = Executable(labels);
        var process = executable.Length > 0 ? Process(executable, labels.Get("process.owner")) : null;
        return new(resource)
        {
            // What came before the restart is in the totals that were kept.
            SeenBytes = _host.IsResuming ? resource.Bytes : 0,
            SeenPoints = _host.IsResuming ? resource.Points : 0,
            Executable = executable,
            Owner = labels.Get("process.owner"),
            IsInventory = isInventory,
            Hash = IdentityLedger.HashOf(labels),
            Process = process,
            UsageClass = isInventory ? UsageClasses.Inventory : executable.Length > 0 ? ProcessClassification.Default.Of(executable).Index : UsageClasses.Host,
        };
    }

    static string Executable(Labels labels)
    {
        if (labels.Get("process.executable.name") is { Length: > 0 } name) return name;
        var path = labels.Get("process.executable.path");
        return path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
    }

    /// <summary>A transform may have moved the process to the point's attributes.</summary>
    ProcessSignals? OfPoint(in SeriesView series) =>
        Executable(series.Attributes) is { Length: > 0 } executable ? Process(executable, series.Attributes.Get("process.owner")) : null;

    ProcessSignals? Process(string executable, string owner)
    {
        if (_host.Processes.TryGetValue((executable, owner), out var process)) return process;
        if (_host.Processes.Count >= settings.MaxProcessesPerHost)
        {
            ProcessesRefused++;
            return null;
        }
        return _host.Processes[(executable, owner)] = new(executable, owner, ProcessClassification.Default.Of(executable)) { Scrape = ScrapeSums.Empty };
    }

    void End()
    {
        _metricGap.Observe(ref _host.MetricPointUnixMs, ref _host.MetricCadence);
        _processGap.Observe(ref _host.ProcessPointUnixMs, ref _host.ProcessCadence);
        _inventoryGap.Observe(ref _host.InventoryPointUnixMs, ref _host.InventoryCadence);
        _host.Collector = _collector.Compute(_host.MetricIntervalMs);
        CountProcesses();
        foreach (var (id, resource) in _host.Resources)
            if (resource.Visit != _visit) _host.Resources.Remove(id);
    }

    void CountProcesses()
    {
        foreach (var process in _host.Processes.Values)
        {
            _host.LastProcessMetricUnixMs = Math.Max(_host.LastProcessMetricUnixMs, process.LastMetricUnixMs);
            _host.InventoryUnixMs = Math.Max(_host.InventoryUnixMs, process.LastInventoryUnixMs);
        }
        var scanStart = CoverageRule.ScanStart(_host.Sighting(false));
        var freshAfter = _now.ToUnixTimeMilliseconds() - CoverageRule.FreshWindowMs(_host.ProcessIntervalMs);
        var (inventory, reporting) = (0, 0);
        foreach (var resource in _host.Resources.Values)
        {
            if (resource.NewestProcessUnixMs == 0) continue;
            if (resource.IsInventory && resource.NewestProcessUnixMs >= scanStart) inventory++;
            else if (!resource.IsInventory && resource.NewestProcessUnixMs >= freshAfter) reporting++;
        }
        _host.Reduction = _totalStated > 0 && _keptStated <= _totalStated ? new(_keptStated, _totalStated, 0, 0) : ReductionTally.OfHost(ProcessSeries, reporting, inventory);
    }

    public MetricShare[] Metrics()
    {
        var shares = new MetricShare[_metrics.Count];
        var i = 0;
        foreach (var (id, (active, points)) in _metrics) shares[i++] = new(id, active, points);
        return shares;
    }

    public double Cores => _host.LogicalCpus > 0 ? _host.LogicalCpus : AllCpusUnknown;

    /// <summary>The gap before the newest point of a stream.</summary>
    struct StreamGap
    {
        long _last, _previous;

        public void Add(in SeriesView series)
        {
            if (series.LastUnixMs <= _last) return;
            (_last, _previous) = (series.LastUnixMs, series.PreviousUnixMs);
        }

        /// <summary>Once a new point has come, its gap is one observation of the stream's cadence.</summary>
        public readonly void Observe(ref long seenUnixMs, ref Cadence cadence)
        {
            if (_last - seenUnixMs < Cadence.ShortestMs) return;
            seenUnixMs = _last;
            if (_previous > 0) cadence.Observe(_last - _previous);
        }
    }
}
