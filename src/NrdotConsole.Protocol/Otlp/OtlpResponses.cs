using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NrdotConsole.Protocol.Otlp;

/// <summary>
/// The bodies that a receiver answers, in the encoding of the request.
/// <code>
/// ExportMetricsServiceResponse 1 partial_success { 1 rejected_data_points int64  2 error_message }
/// google.rpc.Status            1 code int32  2 message  3 details*: Any { 1 type_url  2 value }
/// google.rpc.RetryInfo         1 retry_delay: Duration { 1 seconds  2 nanos }
/// </code>
/// </summary>
public static class OtlpResponses
{
    const string RetryInfoType = "type.googleapis.com/google.rpc.RetryInfo";

    static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly byte[] EmptyJson = "{}"u8.ToArray();

    /// <summary>All was accepted: an empty message.</summary>
    public static byte[] Accepted(bool json) => json ? EmptyJson : [];

    /// <param name="rejected">Points that were not accepted. With 0, <paramref name="message"/> is a warning.</param>
    public static byte[] Partial(long rejected, string message, bool json)
    {
        if (!json)
        {
            return new ProtoWriter()
                .Message(0x0A, new ProtoWriter().Varint(0x08, rejected).Text(0x12, message))
                .Written.ToArray();
        }
        return Json(w =>
        {
            w.WriteStartObject("partialSuccess");
            // 64-bit integers are strings in protobuf's JSON.
            if (rejected != 0) w.WriteString("rejectedDataPoints", rejected.ToString(CultureInfo.InvariantCulture));
            w.WriteString("errorMessage", message);
            w.WriteEndObject();
        });
    }

    /// <param name="code">A google.rpc.Code: 3 invalid argument, 8 resource exhausted, 14 unavailable, 16 unauthenticated…</param>
    /// <param name="retryAfter">When the sender may try again; null where that would not help.</param>
    public static byte[] Status(int code, string message, TimeSpan? retryAfter, bool json)
    {
        if (!json)
        {
            var status = new ProtoWriter().Varint(0x08, code).Text(0x12, message);
            if (retryAfter is { } delay)
            {
                var duration = new ProtoWriter().Varint(0x08, delay.Ticks / TimeSpan.TicksPerSecond).Varint(0x10, delay.Ticks % TimeSpan.TicksPerSecond * 100);
                status.Message(0x1A, new ProtoWriter().Text(0x0A, RetryInfoType).Message(0x12, new ProtoWriter().Message(0x0A, duration)));
            }
            return status.Written.ToArray();
        }
        return Json(w =>
        {
            w.WriteNumber("code", code);
            w.WriteString("message", message);
            if (retryAfter is not { } delay) return;
            w.WriteStartArray("details");
            w.WriteStartObject();
            w.WriteString("@type", RetryInfoType);
            w.WriteString("retryDelay", delay.TotalSeconds.ToString("0.#########", CultureInfo.InvariantCulture) + "s");
            w.WriteEndObject();
            w.WriteEndArray();
        });
    }

    static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
