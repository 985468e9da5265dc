using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>
/// Writes one ExportMetricsServiceRequest in the field order that Go's collector uses (ascending numbers, zero scalars
/// left out). Calls come in wire order: a resource, its scopes, their metrics, their points; each call closes what
/// stands open below it. Once its buffer has grown to the size of a request, it allocates nothing.
/// </summary>
/// <remarks>
/// <code>
/// request        1 ResourceMetrics*
/// ResourceMetrics  1 Resource{1 attribute*}   2 ScopeMetrics*   3 schema URL
/// ScopeMetrics     1 Scope{1 name 2 version 3 attribute*}       2 Metric*
/// Metric           1 name 2 description 3 unit  5 gauge | 7 sum | 9 histogram | 10 exponential | 11 summary
/// data             1 point*  2 temporality  3 monotonic
/// </code>
/// </remarks>
public sealed class OtlpWriter(int capacity = 16 * 1024)
{
    // How many bytes a length usually takes; a wrong guess costs one move.
    const int Short = 1, Long = 2;

    readonly OtlpBuffer _out = new(capacity);
    int _resource, _scope, _metric, _data;
    string _schemaUrl = "";
    MetricKind _kind;
    Temporality _temporality;
    bool _monotonic;

    /// <summary>Points written since <see cref="Clear"/>.</summary>
    public int Points { get; private set; }

    /// <summary>Bytes written so far, what stands open included.</summary>
    public int Length => _out.Length;

    public void Clear()
    {
        _out.Clear();
        _resource = _scope = _metric = _data = 0;
        Points = 0;
    }

    /// <summary>Closes what stands open and gives the request's bytes, valid until the next <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        CloseResource();
        return _out.Written;
    }

    public void Resource(ReadOnlySpan<OtlpAttribute> attributes, string schemaUrl = "")
    {
        CloseResource();
        _schemaUrl = schemaUrl;
        _resource = _out.Open(0x0a, Long);
        var resource = _out.Open(0x0a, Long);
        Attributes(0x0a, attributes);
        _out.Close(resource, Long);
    }

    public void Scope(string name = "", string version = "", ReadOnlySpan<OtlpAttribute> attributes = default)
    {
        if (_resource == 0) throw new InvalidOperationException("A scope stands within a resource: call Resource first.");
        CloseScope();
        _scope = _out.Open(0x12, Long);
        var scope = _out.Open(0x0a, Short);
        Text(0x0a, name);
        Text(0x12, version);
        Attributes(0x1a, attributes);
        _out.Close(scope, Short);
    }

    public void Metric(string name, MetricKind kind, string unit = "", string description = "", Temporality temporality = Temporality.Unspecified, bool monotonic = false)
    {
        if (_scope == 0) throw new InvalidOperationException("A metric stands within a scope: call Scope first.");
        CloseMetric();
        (_kind, _temporality, _monotonic) = (kind, temporality, monotonic);
        _metric = _out.Open(0x12, Long);
        Text(0x0a, name);
        Text(0x12, description);
        Text(0x1a, unit);
        _data = _out.Open(DataTag(kind), Long);
    }

    /// <summary>A gauge's or sum's point with a floating-point value.</summary>
    public void Number(in PointHeader point, double value, ReadOnlySpan<OtlpAttribute> attributes = default)
    {
        var mark = OpenNumber(point);
        if (!point.NoRecordedValue) DoubleField(0x21, value);
        CloseNumber(mark, point, attributes);
    }

    /// <summary>A gauge's or sum's point with an integer value.</summary>
    public void Integer(in PointHeader point, long value, ReadOnlySpan<OtlpAttribute> attributes = default)
    {
        var mark = OpenNumber(point);
        if (!point.NoRecordedValue)
        {
            _out.Byte(0x31);
            _out.Fixed64((ulong)value);
        }
        CloseNumber(mark, point, attributes);
    }

    /// <summary>Sum, min and max are left out where they are NaN.</summary>
    public void Histogram(in PointHeader point, in HistogramPoint value, ReadOnlySpan<OtlpAttribute> attributes = default)
    {
        var mark = OpenPoint(MetricKind.Histogram, point);
        FixedField(0x21, value.Count);
        OptionalField(0x29, value.Sum);
        if (value.BucketCounts.Length > 0)
        {
            _out.Byte(0x32);
            _out.Varint((ulong)value.BucketCounts.Length * 8);
            foreach (var count in value.BucketCounts) _out.Fixed64(count);
        }
        if (value.Bounds.Length > 0)
        {
            _out.Byte(0x3a);
            _out.Varint((ulong)value.Bounds.Length * 8);
            foreach (var bound in value.Bounds) _out.Double(bound);
        }
        Attributes(0x4a, attributes);
        Flags(0x50, point);
        OptionalField(0x59, value.Min);
        OptionalField(0x61, value.Max);
        _out.Close(mark, Short);
    }

    /// <summary>Sum, min and max are left out where they are NaN.</summary>
    public void ExponentialHistogram(in PointHeader point, in ExponentialHistogramPoint value, ReadOnlySpan<OtlpAttribute> attributes = default)
    {
        var mark = OpenPoint(MetricKind.ExponentialHistogram);
        Attributes(0x0a, attributes);
        Times(point);
        FixedField(0x21, value.Count);
        OptionalField(0x29, value.Sum);
        if (value.Scale != 0)
        {
            _out.Byte(0x30);
            _out.ZigZag(value.Scale);
        }
        FixedField(0x39, value.ZeroCount);
        Buckets(0x42, value.PositiveOffset, value.PositiveCounts);
        Buckets(0x4a, value.NegativeOffset, value.NegativeCounts);
        Flags(0x50, point);
        OptionalField(0x61, value.Min);
        OptionalField(0x69, value.Max);
        if (value.ZeroThreshold != 0) DoubleField(0x71, value.ZeroThreshold);
        _out.Close(mark, Short);
    }

    public void Summary(in PointHeader point, in SummaryPoint value, ReadOnlySpan<OtlpAttribute> attributes = default)
    {
        var mark = OpenPoint(MetricKind.Summary, point);
        FixedField(0x21, value.Count);
        if (value.Sum != 0) DoubleField(0x29, value.Sum);
        for (var i = 0; i < value.Quantiles.Length; i++)
        {
            var quantile = _out.Open(0x32, Short);
            if (value.Quantiles[i] != 0) DoubleField(0x09, value.Quantiles[i]);
            if (value.Values[i] != 0) DoubleField(0x11, value.Values[i]);
            _out.Close(quantile, Short);
        }
        Attributes(0x3a, attributes);
        Flags(0x40, point);
        _out.Close(mark, Short);
    }

    static byte DataTag(MetricKind kind) => kind switch
    {
        MetricKind.Gauge => 0x2a,
        MetricKind.Sum => 0x3a,
        MetricKind.Histogram => 0x4a,
        MetricKind.ExponentialHistogram => 0x52,
        MetricKind.Summary => 0x5a,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a metric kind."),
    };

    int OpenNumber(in PointHeader point)
    {
        if (_kind is not (MetricKind.Gauge or MetricKind.Sum)) throw new InvalidOperationException($"A number cannot stand in a metric of kind {_kind}.");
        return OpenPoint(_kind, point);
    }

    void CloseNumber(int mark, in PointHeader point, ReadOnlySpan<OtlpAttribute> attributes)
    {
        Attributes(0x3a, attributes);
        Flags(0x40, point);
        _out.Close(mark, Short);
    }

    int OpenPoint(MetricKind kind, in PointHeader point)
    {
        var mark = OpenPoint(kind);
        Times(point);
        return mark;
    }

    int OpenPoint(MetricKind kind)
    {
        if (_metric == 0 || kind != _kind) throw new InvalidOperationException($"A point of kind {kind} needs a metric of that kind: call Metric first.");
        Points++;
        return _out.Open(0x0a, Short);
    }

    void Times(in PointHeader point)
    {
        FixedField(0x11, point.StartUnixNano);
        FixedField(0x19, point.UnixNano);
    }

    void Flags(byte tag, in PointHeader point)
    {
        if (!point.NoRecordedValue) return;
        _out.Byte(tag);
        _out.Byte(1);
    }

    void Buckets(byte tag, int offset, ReadOnlySpan<ulong> counts)
    {
        var mark = _out.Open(tag, Short);
        if (offset != 0)
        {
            _out.Byte(0x08);
            _out.ZigZag(offset);
        }
        if (counts.Length > 0)
        {
            var packed = _out.Open(0x12, Short);
            foreach (var count in counts) _out.Varint(count);
            _out.Close(packed, Short);
        }
        _out.Close(mark, Short);
    }

    void Attributes(byte tag, ReadOnlySpan<OtlpAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            var pair = _out.Open(tag, Short);
            Text(0x0a, attribute.Key);
            Value(0x12, attribute.Value);
            _out.Close(pair, Short);
        }
    }

    void Value(byte tag, in OtlpValue value)
    {
        var mark = _out.Open(tag, Short);
        switch (value.Type)
        {
            case OtlpValue.Kind.Text:
                _out.Byte(0x0a);
                _out.Text((string)value.Reference!);
                break;
            case OtlpValue.Kind.Truth:
                _out.Byte(0x10);
                _out.Byte((byte)value.Bits);
                break;
            case OtlpValue.Kind.Integer:
                _out.Byte(0x18);
                _out.Varint((ulong)value.Bits);
                break;
            case OtlpValue.Kind.Real:
                _out.Byte(0x21);
                _out.Fixed64((ulong)value.Bits);
                break;
            case OtlpValue.Kind.Bytes:
                _out.Byte(0x3a);
                _out.Bytes((byte[])value.Reference!);
                break;
            case OtlpValue.Kind.Array:
                var array = _out.Open(0x2a, Short);
                foreach (var item in (OtlpValue[])value.Reference!) Value(0x0a, item);
                _out.Close(array, Short);
                break;
            case OtlpValue.Kind.Map:
                var map = _out.Open(0x32, Short);
                Attributes(0x0a, (OtlpAttribute[])value.Reference!);
                _out.Close(map, Short);
                break;
        }
        _out.Close(mark, Short);
    }

    void Text(byte tag, string value)
    {
        if (value.Length == 0) return;
        _out.Byte(tag);
        _out.Text(value);
    }

    void FixedField(byte tag, ulong value)
    {
        if (value == 0) return;
        _out.Byte(tag);
        _out.Fixed64(value);
    }

    void DoubleField(byte tag, double value)
    {
        _out.Byte(tag);
        _out.Double(value);
    }

    void OptionalField(byte tag, double value)
    {
        if (!double.IsNaN(value)) DoubleField(tag, value);
    }

    void CloseResource()
    {
        if (_resource == 0) return;
        CloseScope();
        Text(0x1a, _schemaUrl);
        _out.Close(_resource, Long);
        _resource = 0;
    }

    void CloseScope()
    {
        if (_scope == 0) return;
        CloseMetric();
        _out.Close(_scope, Long);
        _scope = 0;
    }

    void CloseMetric()
    {
        if (_metric == 0) return;
        if (_kind is MetricKind.Sum or MetricKind.Histogram or MetricKind.ExponentialHistogram && _temporality != Temporality.Unspecified)
        {
            _out.Byte(0x10);
            _out.Byte((byte)_temporality);
        }
        if (_kind == MetricKind.Sum && _monotonic)
        {
            _out.Byte(0x18);
            _out.Byte(1);
        }
        _out.Close(_data, Long);
        _out.Close(_metric, Long);
        _metric = _data = 0;
    }
}
