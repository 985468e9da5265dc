namespace NrdotConsole.Core.Telemetry;

/// <summary>
/// Receives one OTLP metrics request as it is decoded, in wire order: a resource, its scopes, their metrics, their points.
/// Spans are valid during the call only. Attributes are raw OTLP protobuf: a run of fields, each a tag, a length
/// and a <c>KeyValue</c> message (the tag's number differs between messages and has no meaning here).
/// A seam: the store, validation and tests each listen in their own way.
/// </summary>
public interface IPointSink
{
    /// <param name="attributes">The resource's attributes.</param>
    /// <param name="encodedBytes">Length of the whole ResourceMetrics message, uncompressed: what a vendor would meter.</param>
    void Resource(ReadOnlySpan<byte> attributes, int encodedBytes);

    /// <summary>
    /// Takes a resource whose bytes it was given before as attributes, all of them. The bytes are not checked: compare them, and trust nothing in them.
    /// False: nothing was taken, the resource comes by <see cref="Resource"/>.
    /// </summary>
    bool TryResource(ReadOnlySpan<byte> resource, int encodedBytes) => false;

    void Scope(ReadOnlySpan<byte> name, ReadOnlySpan<byte> version, ReadOnlySpan<byte> attributes);

    void Metric(in MetricHeader metric);

    /// <summary>A gauge's or sum's point. Integers arrive as doubles.</summary>
    void Number(ReadOnlySpan<byte> attributes, in PointHeader point, double value);

    /// <summary>The same for a point of which only the bytes behind its value are left: taken when they are, to the last, attributes that the sink was given before and expects next.</summary>
    bool TryNumber(ReadOnlySpan<byte> attributes, in PointHeader point, double value) => false;

    void Histogram(ReadOnlySpan<byte> attributes, in PointHeader point, in HistogramPoint value);

    void ExponentialHistogram(ReadOnlySpan<byte> attributes, in PointHeader point, in ExponentialHistogramPoint value);

    void Summary(ReadOnlySpan<byte> attributes, in PointHeader point, in SummaryPoint value);
}

/// <summary>A metric's description; names are UTF-8.</summary>
public readonly ref struct MetricHeader
{
    public ReadOnlySpan<byte> Name { get; init; }
    public ReadOnlySpan<byte> Unit { get; init; }
    public ReadOnlySpan<byte> Description { get; init; }
    public MetricKind Kind { get; init; }
    public Temporality Temporality { get; init; }
    public bool IsMonotonic { get; init; }

    /// <summary>Length of the whole Metric message, uncompressed.</summary>
    public int EncodedBytes { get; init; }
}

/// <summary>When a point was measured. Times are nanoseconds since the Unix epoch, 0 where the sender gave none.</summary>
public readonly record struct PointHeader(ulong StartUnixNano, ulong UnixNano, bool NoRecordedValue);

/// <summary>Explicit-bucket histogram. <see cref="Bounds"/> has one entry fewer than <see cref="BucketCounts"/>, or both are empty. Absent sum, min and max are NaN.</summary>
public readonly ref struct HistogramPoint
{
    public ulong Count { get; init; }
    public double Sum { get; init; }
    public double Min { get; init; }
    public double Max { get; init; }
    public ReadOnlySpan<ulong> BucketCounts { get; init; }
    public ReadOnlySpan<double> Bounds { get; init; }
}

/// <summary>Base-2 exponential histogram: bucket i of a side counts (base^(offset+i), base^(offset+i+1)], base = 2^(2^-scale). Absent sum, min and max are NaN.</summary>
public readonly ref struct ExponentialHistogramPoint
{
    public ulong Count { get; init; }
    public double Sum { get; init; }
    public double Min { get; init; }
    public double Max { get; init; }
    public int Scale { get; init; }
    public ulong ZeroCount { get; init; }
    public double ZeroThreshold { get; init; }
    public int PositiveOffset { get; init; }
    public ReadOnlySpan<ulong> PositiveCounts { get; init; }
    public int NegativeOffset { get; init; }
    public ReadOnlySpan<ulong> NegativeCounts { get; init; }
}

/// <summary>Client-side quantiles: <see cref="Quantiles"/> and <see cref="Values"/> are parallel.</summary>
public readonly ref struct SummaryPoint
{
    public ulong Count { get; init; }
    public double Sum { get; init; }
    public ReadOnlySpan<double> Quantiles { get; init; }
    public ReadOnlySpan<double> Values { get; init; }
}
