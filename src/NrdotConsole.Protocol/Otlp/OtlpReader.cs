using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>
/// Reads an ExportMetricsServiceRequest from its bytes and drives an <see cref="IPointSink"/>. Nothing is allocated for a point,
/// no bytes make it throw, and unknown fields are skipped. Exemplars are skipped.
/// <code>
/// request         1 resource_metrics*
/// ResourceMetrics 1 resource { 1 attributes* }   2 scope_metrics*
/// ScopeMetrics    1 scope { 1 name  2 version  3 attributes* }   2 metrics*
/// Metric          1 name  2 description  3 unit  then one of 5 gauge  7 sum  9 histogram  10 exponential_histogram  11 summary
///                 each { 1 data_points*  2 aggregation_temporality  3 is_monotonic }
/// </code>
/// Fields may come in any order. What a message says of its children (a resource's attributes, a sum's temporality) is
/// looked for first, by stepping over the children, so the sink always hears of a parent before its points.
/// An instance keeps scratch memory and serves one request at a time.
/// </summary>
public sealed partial class OtlpReader
{
    const uint Field1 = 0x0A, Field2 = 0x12, Field3 = 0x1A;
    const uint GaugeTag = 0x2A, SumTag = 0x3A, HistogramTag = 0x4A, ExponentialHistogramTag = 0x52, SummaryTag = 0x5A;
    const uint TemporalityTag = 0x10, IsMonotonicTag = 0x18;
    const int ScratchKept = 64 * 1024;

    byte[] _scratch = [];
    int _resource, _scope, _metric, _point;
    long _points;
    int _faultAt;
    string? _fault;

    /// <param name="sink">A struct lets the compiler specialise the whole reader for it.</param>
    public OtlpReadResult Read<TSink>(ReadOnlySpan<byte> request, TSink sink) where TSink : IPointSink, allows ref struct
    {
        _resource = _scope = _metric = _point = -1;
        _points = 0;
        _fault = null;
        var ok = Request(request, ref sink);
        if (_scratch.Length > ScratchKept) _scratch = [];
        return ok ? OtlpReadResult.Ok(_points) : OtlpReadResult.Malformed(_points, _faultAt, Path(), _fault ?? "malformed");
    }

    bool Request<TSink>(ReadOnlySpan<byte> data, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        for (var pos = 0; pos < data.Length;)
        {
            if (!Tag(data, ref pos, data.Length, out var tag)) return false;
            if (tag != Field1)
            {
                if (!Skip(data, ref pos, data.Length, tag)) return false;
                continue;
            }
            if (!Length(data, ref pos, data.Length, out var length)) return false;
            _resource++;
            if (!ResourceMetrics(data, pos, pos + length, ref sink)) return false;
            pos += length;
            _scope = -1;
        }
        return true;
    }

    bool ResourceMetrics<TSink>(ReadOnlySpan<byte> data, int start, int end, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        int resources = 0, resourceAt = 0, resourceLength = 0;
        for (var pos = start; (pos = Hop(data, pos, end, Field2)) < end;)
        {
            if (!Tag(data, ref pos, end, out var tag)) return false;
            if (tag != Field1)
            {
                if (!Skip(data, ref pos, end, tag)) return false;
                continue;
            }
            if (!Length(data, ref pos, end, out resourceLength)) return false;
            resources++;
            resourceAt = pos;
            pos += resourceLength;
        }
        var isKnown = resources == 1 && sink.TryResource(data.Slice(resourceAt, resourceLength), end - start);
        if (!isKnown && !Resources(data, start, end, ref sink)) return false;

        for (var pos = start; pos < end;)
        {
            Tag(data, ref pos, end, out var tag);
            if (tag != Field2)
            {
                Skip(data, ref pos, end, tag);
                continue;
            }
            Length(data, ref pos, end, out var length);
            _scope++;
            if (!ScopeMetrics(data, pos, pos + length, ref sink)) return false;
            pos += length;
            _metric = -1;
        }
        return true;
    }

    /// <summary>A resource that was split over several fields is one.</summary>
    bool Resources<TSink>(ReadOnlySpan<byte> data, int start, int end, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        var attributes = default(AttributeRun);
        for (var pos = start; (pos = Hop(data, pos, end, Field2)) < end;)
        {
            Tag(data, ref pos, end, out var tag);
            if (tag != Field1)
            {
                Skip(data, ref pos, end, tag);
                continue;
            }
            Length(data, ref pos, end, out var length);
            if (!Resource(data, pos, pos + length, ref attributes)) return false;
            pos += length;
        }
        sink.Resource(Bytes(data, attributes), end - start);
        return true;
    }

    bool Resource(ReadOnlySpan<byte> data, int pos, int end, ref AttributeRun attributes)
    {
        while (pos < end)
        {
            var at = pos;
            if (!Tag(data, ref pos, end, out var tag)) return false;
            if (!(tag == Field1 ? Attributes(data, ref pos, end, at, tag, ref attributes) : Skip(data, ref pos, end, tag))) return false;
        }
        return true;
    }

    bool ScopeMetrics<TSink>(ReadOnlySpan<byte> data, int start, int end, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        ReadOnlySpan<byte> name = default, version = default;
        var attributes = default(AttributeRun);
        for (var pos = start; (pos = Hop(data, pos, end, Field2)) < end;)
        {
            if (!Tag(data, ref pos, end, out var tag)) return false;
            if (tag != Field1)
            {
                if (!Skip(data, ref pos, end, tag)) return false;
                continue;
            }
            if (!Length(data, ref pos, end, out var length) || !Scope(data, pos, pos + length, ref name, ref version, ref attributes)) return false;
            pos += length;
        }
        sink.Scope(name, version, Bytes(data, attributes));

        for (var pos = start; pos < end;)
        {
            Tag(data, ref pos, end, out var tag);
            if (tag != Field2)
            {
                Skip(data, ref pos, end, tag);
                continue;
            }
            Length(data, ref pos, end, out var length);
            _metric++;
            if (!Metric(data, pos, pos + length, ref sink)) return false;
            pos += length;
            _point = -1;
        }
        return true;
    }

    bool Scope(ReadOnlySpan<byte> data, int pos, int end, ref ReadOnlySpan<byte> name, ref ReadOnlySpan<byte> version, ref AttributeRun attributes)
    {
        while (pos < end)
        {
            var at = pos;
            if (!Tag(data, ref pos, end, out var tag)) return false;
            var ok = tag switch
            {
                Field1 => String(data, ref pos, end, ref name),
                Field2 => String(data, ref pos, end, ref version),
                Field3 => Attributes(data, ref pos, end, at, tag, ref attributes),
                _ => Skip(data, ref pos, end, tag),
            };
            if (!ok) return false;
        }
        return true;
    }

    bool Metric<TSink>(ReadOnlySpan<byte> data, int start, int end, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        ReadOnlySpan<byte> name = default, unit = default, description = default;
        uint kind = 0;
        int pointsStart = 0, pointsEnd = 0;
        for (var pos = start; pos < end;)
        {
            if (!Tag(data, ref pos, end, out var tag)) return false;
            bool ok;
            switch (tag)
            {
                case Field1:
                    ok = String(data, ref pos, end, ref name);
                    break;
                case Field2:
                    ok = String(data, ref pos, end, ref description);
                    break;
                case Field3:
                    ok = String(data, ref pos, end, ref unit);
                    break;
                case GaugeTag or SumTag or HistogramTag or ExponentialHistogramTag or SummaryTag:
                    // One of a kind: where a sender wrote two, the last one counts.
                    ok = Length(data, ref pos, end, out var length);
                    kind = tag;
                    pointsStart = pos;
                    pos = pointsEnd = pos + length;
                    break;
                default:
                    ok = Skip(data, ref pos, end, tag);
                    break;
            }
            if (!ok) return false;
        }
        if (kind == 0) return true;

        var (temporality, isMonotonic) = (Temporality.Unspecified, false);
        if (kind is not (GaugeTag or SummaryTag) && !Shape(data, pointsStart, pointsEnd, out temporality, out isMonotonic)) return false;
        sink.Metric(new MetricHeader
        {
            Name = name,
            Unit = unit,
            Description = description,
            Kind = kind switch
            {
                GaugeTag => MetricKind.Gauge,
                SumTag => MetricKind.Sum,
                HistogramTag => MetricKind.Histogram,
                ExponentialHistogramTag => MetricKind.ExponentialHistogram,
                _ => MetricKind.Summary,
            },
            Temporality = temporality,
            IsMonotonic = kind == SumTag && isMonotonic,
            EncodedBytes = end - start,
        });
        return Points(data, pointsStart, pointsEnd, kind, ref sink);
    }

    /// <summary>What stands after the points of a sum or histogram.</summary>
    bool Shape(ReadOnlySpan<byte> data, int pos, int end, out Temporality temporality, out bool isMonotonic)
    {
        temporality = Temporality.Unspecified;
        isMonotonic = false;
        while ((pos = Hop(data, pos, end, Field1)) < end)
        {
            if (!Tag(data, ref pos, end, out var tag)) return false;
            switch (tag)
            {
                case TemporalityTag:
                    if (!Varint(data, ref pos, end, out var value)) return false;
                    temporality = value switch { 1 => Temporality.Delta, 2 => Temporality.Cumulative, _ => Temporality.Unspecified };
                    break;
                case IsMonotonicTag:
                    if (!Varint(data, ref pos, end, out var flag)) return false;
                    isMonotonic = flag != 0;
                    break;
                default:
                    if (!Skip(data, ref pos, end, tag)) return false;
                    break;
            }
        }
        return true;
    }

    bool Points<TSink>(ReadOnlySpan<byte> data, int pos, int end, uint kind, ref TSink sink) where TSink : IPointSink, allows ref struct
    {
        while (pos < end)
        {
            if (!Tag(data, ref pos, end, out var tag)) return false;
            if (tag != Field1)
            {
                if (!Skip(data, ref pos, end, tag)) return false;
                continue;
            }
            if (!Length(data, ref pos, end, out var length)) return false;
            _point++;
            var ok = kind switch
            {
                GaugeTag or SumTag => TryExpectedNumber(data.Slice(pos, length), ref sink) || Number(data, pos, pos + length, ref sink),
                HistogramTag => Histogram(data, pos, pos + length, ref sink),
                ExponentialHistogramTag => ExponentialHistogram(data, pos, pos + length, ref sink),
                _ => Summary(data, pos, pos + length, ref sink),
            };
            if (!ok) return false;
            _points++;
            pos += length;
        }
        return true;
    }
}
