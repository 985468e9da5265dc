using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using NrdotConsole.Oracle;

namespace NrdotConsole.Protocol.Tests.Otlp;

/// <summary>What <see cref="RecordingSink"/> must write down for a request, told from Google's reading of it.</summary>
static class OracleLines
{
    static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static List<string> Of(ExportMetricsServiceRequest request)
    {
        List<string> lines = [];
        foreach (var resource in request.ResourceMetrics)
        {
            lines.Add($"resource {Attributes(resource.Resource?.Attributes)}");
            foreach (var scope in resource.ScopeMetrics)
            {
                lines.Add($"scope '{scope.Scope?.Name}' '{scope.Scope?.Version}' {Attributes(scope.Scope?.Attributes)}");
                foreach (var metric in scope.Metrics) AddMetric(lines, metric);
            }
        }
        return lines;
    }

    static void AddMetric(List<string> lines, Metric m)
    {
        if (m.DataCase == Metric.DataOneofCase.None) return;
        var temporality = (m.Sum?.AggregationTemporality ?? m.Histogram?.AggregationTemporality ?? m.ExponentialHistogram?.AggregationTemporality) switch
        {
            AggregationTemporality.Delta => "Delta",
            AggregationTemporality.Cumulative => "Cumulative",
            _ => "Unspecified",
        };
        lines.Add($"metric '{m.Name}' '{m.Unit}' '{m.Description}' {m.DataCase} {temporality} {m.Sum?.IsMonotonic ?? false}");
        foreach (var p in m.Sum?.DataPoints ?? m.Gauge?.DataPoints ?? [])
        {
            var has = p.ValueCase != NumberDataPoint.ValueOneofCase.None;
            var value = p.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? p.AsInt : has ? p.AsDouble : double.NaN;
            lines.Add($"{Head(p.Attributes, p.StartTimeUnixNano, p.TimeUnixNano, !has || (p.Flags & 1) != 0)} {N(value)}");
        }
        foreach (var p in m.Histogram?.DataPoints ?? [])
        {
            lines.Add($"{Head(p.Attributes, p.StartTimeUnixNano, p.TimeUnixNano, (p.Flags & 1) != 0)} n={p.Count} {N(p.HasSum, p.Sum)} {N(p.HasMin, p.Min)} {N(p.HasMax, p.Max)} "
                + $"[{List(p.BucketCounts)}] [{List(p.ExplicitBounds)}]");
        }
        foreach (var p in m.ExponentialHistogram?.DataPoints ?? [])
        {
            lines.Add($"{Head(p.Attributes, p.StartTimeUnixNano, p.TimeUnixNano, (p.Flags & 1) != 0)} n={p.Count} {N(p.HasSum, p.Sum)} {N(p.HasMin, p.Min)} {N(p.HasMax, p.Max)} "
                + $"scale={p.Scale} zero={p.ZeroCount}/{N(p.ZeroThreshold)} {p.Positive?.Offset ?? 0}[{List(p.Positive?.BucketCounts ?? [])}] {p.Negative?.Offset ?? 0}[{List(p.Negative?.BucketCounts ?? [])}]");
        }
        foreach (var p in m.Summary?.DataPoints ?? [])
        {
            lines.Add($"{Head(p.Attributes, p.StartTimeUnixNano, p.TimeUnixNano, (p.Flags & 1) != 0)} n={p.Count} {N(p.Sum)} "
                + $"[{List(p.QuantileValues.Select(q => q.Quantile))}] [{List(p.QuantileValues.Select(q => q.Value))}]");
        }
    }

    static string Head(IEnumerable<KeyValue> attributes, ulong start, ulong time, bool none) => $"point {Attributes(attributes)} {start} {time}{(none ? " none" : "")}";

    static string N(double value) => RecordingSink.N(value);

    static string N(bool has, double value) => has ? N(value) : "NaN";

    static string List(IEnumerable<double> values) => string.Concat(values.Select(v => N(v) + " "));

    static string List(IEnumerable<ulong> values) => string.Concat(values.Select(v => $"{v} "));

    static string Attributes(IEnumerable<KeyValue>? attributes) =>
        "{" + string.Join(", ", (attributes ?? []).Select(a => $"{a.Key}={Text(a.Value)}")) + "}";

    static string Text(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.BytesValue => value.BytesValue.ToBase64(),
        AnyValue.ValueOneofCase.ArrayValue or AnyValue.ValueOneofCase.KvlistValue => Json(value),
        _ => "",
    };

    static string Json(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.ArrayValue => "[" + string.Join(",", value.ArrayValue.Values.Select(Json)) + "]",
        AnyValue.ValueOneofCase.KvlistValue => "{" + string.Join(",", value.KvlistValue.Values.Select(p => JsonSerializer.Serialize(p.Key, Relaxed) + ":" + Json(p.Value))) + "}",
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
        AnyValue.ValueOneofCase.DoubleValue when double.IsFinite(value.DoubleValue) => JsonSerializer.Serialize(value.DoubleValue),
        null or AnyValue.ValueOneofCase.None => "null",
        _ => JsonSerializer.Serialize(Text(value), Relaxed),
    };
}
