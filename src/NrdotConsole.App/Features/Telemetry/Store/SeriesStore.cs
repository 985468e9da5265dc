using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Reads one host's series under the store's lock: copy what you need, call nothing that waits.</summary>
internal interface ISeriesVisitor
{
    void Visit(in SeriesView series);
}

/// <summary>How one request fared. Malformed: nothing was applied, the sender's fault. Unavailable: nothing was applied, try again later.</summary>
internal readonly record struct IngestOutcome(IngestStatus Status, long Accepted, long Refused, string? Message);

internal enum IngestStatus { Accepted, Malformed, Unavailable }

internal sealed class SeriesStore
{
    /// <summary>
    /// Decodes, resolves, logs and appends one ExportMetricsServiceRequest (protobuf, uncompressed). When it returns Accepted, the points survive kill -9.
    /// </summary>
    /// <param name="tenant">The token's tenant; null when the resource's <c>nrdot.tenant</c> (else "default") decides.</param>
    public IngestOutcome Ingest(ReadOnlySpan<byte> request, string? tenant) => throw new NotImplementedException();

    /// <summary>Hosts that received data since the last call, each once.</summary>
    public void DrainChangedHosts(List<TelemetryHost> into) => throw new NotImplementedException();

    /// <summary>Every series of a host that is still in memory.</summary>
    public void VisitHost(TelemetryHost host, ISeriesVisitor visitor) => throw new NotImplementedException();

    public IReadOnlyList<TelemetryHost> Hosts => throw new NotImplementedException();
    public IReadOnlyList<MetricDescriptor> Metrics => throw new NotImplementedException();
}
