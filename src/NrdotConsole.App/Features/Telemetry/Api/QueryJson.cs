using System.Buffers;
using System.Text.Json;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Api;

/// <summary>
/// <c>{"metric","unit","kind","step","seriesOmitted","series":[{"labels":{},"points":[[unixMs,value]]}]}</c>.
/// A value is a number; <c>"NaN"</c>, <c>"Infinity"</c> or <c>"-Infinity"</c> as in OTLP/JSON; <c>null</c> where the sender recorded none.
/// </summary>
internal static class QueryJson
{
    public static void Write(IBufferWriter<byte> output, QueryResult result)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("metric", result.Metric);
        json.WriteString("unit", result.Unit);
        json.WriteString("kind", result.Kind?.ToString());
        json.WriteString("step", result.Step is { } step ? Duration.Format(step) : null);
        json.WriteNumber("seriesOmitted", result.SeriesOmitted);
        json.WriteStartArray("series");
        foreach (var series in result.Series)
        {
            json.WriteStartObject();
            json.WriteStartObject("labels");
            foreach (var (key, value) in series.Labels) json.WriteString(key, value);
            json.WriteEndObject();
            json.WriteStartArray("points");
            foreach (var point in series.Points) WritePoint(json, point);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void WritePoint(Utf8JsonWriter json, QueryPoint point)
    {
        json.WriteStartArray();
        json.WriteNumberValue(point.UnixMs);
        if (!point.Recorded) json.WriteNullValue();
        else if (double.IsFinite(point.Value)) json.WriteNumberValue(point.Value);
        else json.WriteStringValue(double.IsNaN(point.Value) ? "NaN" : point.Value > 0 ? "Infinity" : "-Infinity");
        json.WriteEndArray();
    }
}
