using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Reads one host's series under the store's lock: copy what you need, call nothing that waits.</summary>
internal interface ISeriesVisitor
{
    void Visit(in SeriesView series);
}

/// <summary>How one request fared. Malformed: nothing was applied, the sender's fault. Unavailable: nothing was applied, try again later.</summary>
internal readonly record struct IngestOutcome(IngestStatus Status, long Accepted, long Refused, string? Message);

internal enum IngestStatus { Accepted, Malformed, Unavailable }

/// <summary>All series, behind one lock. Every call under it is short: a request of 12,000 points holds it for about a millisecond.</summary>
internal sealed class SeriesStore
{
    readonly Lock _gate = new();
    readonly StoreSettings _settings;
    readonly TimeProvider _time;
    readonly SeriesIndex _index;
    readonly IngestBatch _batch;
    readonly OtlpReader _reader = new();

    public SeriesStore(StoreSettings settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        _index = new(settings, System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue));
        _batch = new(_index, settings);
    }

    /// <summary>
    /// Decodes, resolves, logs and appends one ExportMetricsServiceRequest (protobuf, uncompressed). When it returns Accepted, the points survive kill -9.
    /// </summary>
    /// <param name="tenant">The token's tenant; null when the resource's <c>nrdot.tenant</c> (else "default") decides.</param>
    public IngestOutcome Ingest(ReadOnlySpan<byte> request, string? tenant)
    {
        lock (_gate)
        {
            var now = NowMs();
            if (_index.Late.IsFull) return new(IngestStatus.Unavailable, 0, 0, "Too many late points wait to be written; try again in a minute.");
            _batch.Begin(tenant, now, null);
            var read = _reader.Read(request, new BatchSink(_batch));
            if (!read.IsOk)
            {
                _index.Undo(_batch);
                return new(IngestStatus.Malformed, 0, 0, read.ToString());
            }
            _index.Apply(_batch);
            return new(IngestStatus.Accepted, _batch.Accepted, _batch.RefusedTotal, _batch.RefusedTotal == 0 ? null : RefusalText(_batch));
        }
    }

    /// <summary>Hosts that received data since the last call, each once.</summary>
    public void DrainChangedHosts(List<TelemetryHost> into)
    {
        lock (_gate) _index.DrainChangedHosts(into);
    }

    /// <summary>Every series of a host that is still in memory.</summary>
    public void VisitHost(TelemetryHost host, ISeriesVisitor visitor)
    {
        lock (_gate) _index.Visit(host, visitor);
    }

    public IReadOnlyList<TelemetryHost> Hosts
    {
        get
        {
            lock (_gate) return _index.Resources.Hosts;
        }
    }

    public IReadOnlyList<MetricDescriptor> Metrics => _index.Metrics.Descriptors;

    public StoreStats Stats()
    {
        lock (_gate)
        {
            var refusals = new List<RefusalCount>();
            for (var i = 0; i < _index.Refused.Length; i++) refusals.Add(new((RefusalReason)i, _index.Refused[i]));
            return new(
                _index.Points, refusals, _index.LatePoints, _index.DuplicatePoints, _index.UntimedPoints,
                _index.Series.Count, _settings.MaxSeries, _index.ActiveSeries, _index.Resources.HostCount, _index.Metrics.Count, _index.Arena.Bytes,
                new(true, null, null, 0, 0, 0, null));
        }
    }

    /// <summary>Copies what memory holds of the metrics of that name.</summary>
    public HeadSnapshot Snapshot(string metric)
    {
        var snapshot = new HeadSnapshot();
        lock (_gate)
        {
            snapshot.Metrics = [.. _index.Metrics.Descriptors.Where(m => m.Name == metric)];
            foreach (var descriptor in snapshot.Metrics) _index.Copy(descriptor, snapshot);
        }
        return snapshot;
    }

    static string RefusalText(IngestBatch batch)
    {
        var parts = new List<string>();
        for (var i = 0; i < batch.Refused.Length; i++)
            if (batch.Refused[i] > 0) parts.Add($"{batch.Refused[i]} {Explain((RefusalReason)i)}");
        return "Refused: " + string.Join("; ", parts);
    }

    static string Explain(RefusalReason reason) => reason switch
    {
        RefusalReason.SeriesLimit => "beyond the series limit (Telemetry:MaxSeries)",
        RefusalReason.NewSeriesRate => "beyond the limit of new series a minute (Telemetry:NewSeriesPerMinute)",
        RefusalReason.NameMissing => "of a metric without a name",
        RefusalReason.LabelTooLong => "with an attribute key that is too long (Telemetry:MaxLabelKeyLength)",
        RefusalReason.TooManyLabels => "with too many attributes (Telemetry:MaxLabels)",
        RefusalReason.TooOld => "too old",
        RefusalReason.InFuture => "too far in the future (Telemetry:MaxFuture)",
        RefusalReason.HistogramInvalid => "of a histogram whose bounds do not fit its counts",
        _ => "of another tenant",
    };

    long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
