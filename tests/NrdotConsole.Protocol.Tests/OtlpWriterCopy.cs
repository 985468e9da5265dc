using NrdotConsole.Core.Telemetry;
using NrdotConsole.Oracle;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Protocol.Tests;

/// <summary>Writes a request of Google's types by <see cref="OtlpWriter"/>.</summary>
static class OtlpWriterCopy
{
    /// <summary>Takes away what the writer has no words for, and fills in the messages that Go's collector always writes.</summary>
    public static void Trim(ExportMetricsServiceRequest request)
    {
        foreach (var resource in request.ResourceMetrics)
        {
            resource.Resource ??= new();
            Trim(resource.Resource.Attributes);
            foreach (var scope in resource.ScopeMetrics) Trim(scope);
        }
    }

    public static ReadOnlyMemory<byte> Write(OtlpWriter writer, ExportMetricsServiceRequest request)
    {
        writer.Clear();
        foreach (var resource in request.ResourceMetrics)
        {
            writer.Resource(Attributes(resource.Resource.Attributes), resource.SchemaUrl);
            foreach (var scope in resource.ScopeMetrics)
            {
                writer.Scope(scope.Scope.Name, scope.Scope.Version, Attributes(scope.Scope.Attributes));
                foreach (var metric in scope.Metrics) Write(writer, metric);
            }
        }
        return writer.Complete();
    }

    static void Trim(ScopeMetrics scope)
    {
        scope.Scope ??= new();
        Trim(scope.Scope.Attributes);
        for (var i = scope.Metrics.Count - 1; i >= 0; i--)
            if (scope.Metrics[i].DataCase == Metric.DataOneofCase.None) scope.Metrics.RemoveAt(i);
        foreach (var metric in scope.Metrics)
        {
            metric.Metadata.Clear();
            foreach (var p in (metric.Gauge?.DataPoints ?? metric.Sum?.DataPoints ?? []).ToList()) Trim(p);
            foreach (var p in metric.Histogram?.DataPoints ?? [])
            {
                Trim(p.Attributes);
                p.Exemplars.Clear();
                p.Flags &= 1;
                if (double.IsNaN(p.Sum)) p.ClearSum();
                if (double.IsNaN(p.Min)) p.ClearMin();
                if (double.IsNaN(p.Max)) p.ClearMax();
            }
            foreach (var p in metric.ExponentialHistogram?.DataPoints ?? [])
            {
                Trim(p.Attributes);
                p.Flags &= 1;
                p.Positive ??= new();
                p.Negative ??= new();
                if (p.ZeroThreshold == 0) p.ZeroThreshold = 0.0;
                if (double.IsNaN(p.Sum)) p.ClearSum();
                if (double.IsNaN(p.Min)) p.ClearMin();
                if (double.IsNaN(p.Max)) p.ClearMax();
            }
            foreach (var p in metric.Summary?.DataPoints ?? [])
            {
                Trim(p.Attributes);
                p.Flags &= 1;
                if (p.Sum == 0) p.Sum = 0.0;
                foreach (var q in p.QuantileValues)
                {
                    if (q.Quantile == 0) q.Quantile = 0.0;
                    if (q.Value == 0) q.Value = 0.0;
                }
            }
        }
    }

    static void Trim(NumberDataPoint point)
    {
        Trim(point.Attributes);
        point.Exemplars.Clear();
        point.Flags &= 1;
        if (point.Flags == 1) point.ClearValue();
        else if (point.ValueCase == NumberDataPoint.ValueOneofCase.None) point.AsInt = 0;
    }

    static void Trim(IEnumerable<KeyValue> attributes)
    {
        foreach (var pair in attributes) Trim(pair.Value ??= new());
    }

    static void Trim(AnyValue value)
    {
        foreach (var item in value.ArrayValue?.Values ?? []) Trim(item);
        Trim(value.KvlistValue?.Values ?? []);
    }

    static void Write(OtlpWriter writer, Metric metric)
    {
        var temporality = (Temporality)(int)(metric.Sum?.AggregationTemporality ?? metric.Histogram?.AggregationTemporality ?? metric.ExponentialHistogram?.AggregationTemporality ?? 0);
        var kind = Enum.Parse<MetricKind>(metric.DataCase.ToString());
        writer.Metric(metric.Name, kind, metric.Unit, metric.Description, temporality, metric.Sum?.IsMonotonic ?? false);
        foreach (var p in metric.Gauge?.DataPoints ?? metric.Sum?.DataPoints ?? []) Write(writer, p);
        foreach (var p in metric.Histogram?.DataPoints ?? [])
            writer.Histogram(Point(p.StartTimeUnixNano, p.TimeUnixNano, p.Flags), new HistogramPoint
            {
                Count = p.Count, Sum = p.HasSum ? p.Sum : double.NaN, Min = p.HasMin ? p.Min : double.NaN, Max = p.HasMax ? p.Max : double.NaN,
                BucketCounts = p.BucketCounts.ToArray(), Bounds = p.ExplicitBounds.ToArray(),
            }, Attributes(p.Attributes));
        foreach (var p in metric.ExponentialHistogram?.DataPoints ?? [])
            writer.ExponentialHistogram(Point(p.StartTimeUnixNano, p.TimeUnixNano, p.Flags), new ExponentialHistogramPoint
            {
                Count = p.Count, Sum = p.HasSum ? p.Sum : double.NaN, Min = p.HasMin ? p.Min : double.NaN, Max = p.HasMax ? p.Max : double.NaN,
                Scale = p.Scale, ZeroCount = p.ZeroCount, ZeroThreshold = p.ZeroThreshold,
                PositiveOffset = p.Positive.Offset, PositiveCounts = p.Positive.BucketCounts.ToArray(),
                NegativeOffset = p.Negative.Offset, NegativeCounts = p.Negative.BucketCounts.ToArray(),
            }, Attributes(p.Attributes));
        foreach (var p in metric.Summary?.DataPoints ?? [])
            writer.Summary(Point(p.StartTimeUnixNano, p.TimeUnixNano, p.Flags), new SummaryPoint
            {
                Count = p.Count, Sum = p.Sum,
                Quantiles = p.QuantileValues.Select(q => q.Quantile).ToArray(), Values = p.QuantileValues.Select(q => q.Value).ToArray(),
            }, Attributes(p.Attributes));
    }

    static void Write(OtlpWriter writer, NumberDataPoint p)
    {
        var point = Point(p.StartTimeUnixNano, p.TimeUnixNano, p.Flags);
        if (p.ValueCase == NumberDataPoint.ValueOneofCase.AsDouble) writer.Number(point, p.AsDouble, Attributes(p.Attributes));
        else writer.Integer(point, p.AsInt, Attributes(p.Attributes));
    }

    static PointHeader Point(ulong start, ulong time, uint flags) => new(start, time, flags == 1);

    static OtlpAttribute[] Attributes(IEnumerable<KeyValue> pairs) => [.. pairs.Select(p => new OtlpAttribute(p.Key, Value(p.Value)))];

    static OtlpValue Value(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        AnyValue.ValueOneofCase.BytesValue => OtlpValue.Bytes(value.BytesValue.ToByteArray()),
        AnyValue.ValueOneofCase.ArrayValue => OtlpValue.Array([.. value.ArrayValue.Values.Select(Value)]),
        AnyValue.ValueOneofCase.KvlistValue => OtlpValue.Map(Attributes(value.KvlistValue.Values)),
        _ => default,
    };
}
