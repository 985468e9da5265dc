namespace NrdotConsole.Core.Telemetry;

/// <summary>What a metric is: two metrics of one name but another unit, kind or temporality are two descriptors.</summary>
public sealed class MetricDescriptor(int id, string name, string unit, string description, MetricKind kind, Temporality temporality, bool isMonotonic)
{
    public int Id { get; } = id;
    public string Name { get; } = name;
    public string Unit { get; } = unit;
    public string Description { get; } = description;
    public MetricKind Kind { get; } = kind;
    public Temporality Temporality { get; } = temporality;
    public bool IsMonotonic { get; } = isMonotonic;

    /// <summary>Points ever accepted, and uncompressed bytes of the messages that carried them. Written under the store's lock.</summary>
    public long Points;
    public long Bytes;

    /// <summary>Series that had a point within the active window (5 min). Written under the store's lock.</summary>
    public int ActiveSeries;
}

/// <summary>
/// A machine that sends metrics. Its key is <c>host.id</c>, else <c>host.name</c>, within its tenant; never
/// <c>service.instance.id</c>, which is new at every reload. Resources that name no host share the tenant's host with the empty key.
/// </summary>
public sealed class TelemetryHost(int id, string tenant, string key, long firstSeenUnixMs)
{
    public int Id { get; } = id;
    public string Tenant { get; } = tenant;
    public string Key { get; } = key;
    public long FirstSeenUnixMs { get; } = firstSeenUnixMs;

    /// <summary><c>host.name</c> as last sent; the key where none was.</summary>
    public string Name = key;

    /// <summary>Host attributes as last sent on a host-level resource (host.*, os.*, cloud.*, k8s.*, nrdot.*).</summary>
    public Labels Attributes = Labels.Empty;

    /// <summary>When a request of this host last arrived (console's clock), and the newest time of its points.</summary>
    public long LastReceivedUnixMs;
    public long LastPointUnixMs;

    /// <summary>When a new series of it was last refused, by a limit on series; 0 for never since the start.</summary>
    public long SeriesRefusedUnixMs;

    public long Points;
    public long Bytes;
    public int ActiveSeries;
}

/// <summary>One OTLP resource: a host, a process on it, a collector. Labels are its attributes as strings.</summary>
public sealed class TelemetryResource(int id, TelemetryHost host, Labels labels)
{
    public int Id { get; } = id;
    public TelemetryHost Host { get; } = host;
    public Labels Labels { get; } = labels;
    public long LastReceivedUnixMs;
    public long Points;
    public long Bytes;
}

/// <summary>
/// A series as signals read it. <see cref="Attributes"/> are the point's own labels and the scope's
/// (<c>otel.scope.name</c>, <c>otel.scope.version</c>); a histogram's or summary's parts carry <c>otel.part</c>
/// (count, sum, min, max, bucket with <c>le</c>, quantile with <c>quantile</c>, zero_count).
/// </summary>
public readonly record struct SeriesView(
    int Id, MetricDescriptor Metric, TelemetryResource Resource, Labels Attributes,
    long LastUnixMs, double LastValue, long PreviousUnixMs, double PreviousValue);
