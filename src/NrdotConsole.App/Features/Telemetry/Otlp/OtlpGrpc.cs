using System.Buffers.Binary;
using NrdotConsole.App.Features.Telemetry.Tokens;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>
/// OTLP over gRPC: the whole pipeline of the port <c>Otlp:GrpcPort</c>. Export is a unary call, and of gRPC that takes one frame each way:
/// <code>
/// 0      compressed: 0, or 1 (by the request's grpc-encoding)
/// 1..4   length of the message, big endian
/// 5..    the message
/// </code>
/// with the outcome in the trailers <c>grpc-status</c>, <c>grpc-message</c> and <c>grpc-status-details-bin</c>. By hand, so that both transports
/// share one bounded way from bytes to store: the library decompresses a message without a limit and copies it once more.
/// </summary>
internal sealed class OtlpGrpc(OtlpIngest ingest, TimeProvider time)
{
    const string GrpcType = "application/grpc";
    const string Transport = "grpc";
    const int HeaderLength = 5;

    public async Task HandleAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith(GrpcType, StringComparison.OrdinalIgnoreCase) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }
        context.Response.ContentType = GrpcType;
        var signal = context.Request.Path.Value switch
        {
            "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" => OtlpSignal.Metrics,
            "/opentelemetry.proto.collector.logs.v1.LogsService/Export" => OtlpSignal.Logs,
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export" => OtlpSignal.Traces,
            _ => OtlpSignal.None,
        };
        if (signal == OtlpSignal.None)
        {
            Refuse(context, new(OtlpStatus.UnsupportedType, Message: "This port takes OTLP's Export calls only."));
            return;
        }
        if (!ingest.Budget.TryEnter())
        {
            Refuse(context, ingest.Busy());
            return;
        }
        try
        {
            await ExportAsync(context, signal);
        }
        catch (Exception fault) when (context.RequestAborted.IsCancellationRequested && fault is OperationCanceledException or IOException)
        {
            // The sender went away; there is nobody to answer.
        }
        finally
        {
            ingest.Budget.Leave();
        }
    }

    async ValueTask ExportAsync(HttpContext context, OtlpSignal signal)
    {
        long points = 0;
        if (ingest.TryAdmit(context.Request.Headers, out var token, out var reply)) (reply, points) = await FrameAsync(context, signal, token);
        ingest.Counters.Answered(Transport, token, context.Request.Headers.UserAgent, reply.Status, points, reply.Rejected);
        if (reply.Status == OtlpStatus.Ok) await AcceptAsync(context, reply);
        else Refuse(context, reply);
    }

    /// <summary>The frame's memory is given back before the answer is written.</summary>
    async ValueTask<(OtlpReply, long)> FrameAsync(HttpContext context, OtlpSignal signal, IngestToken? token)
    {
        using var frame = new RequestBuffer(ingest.Settings.MaxRequestBytes + HeaderLength, ingest.Budget);
        var read = await BodyReader.ReadAsync(context, frame, ingest.Settings.MaxBodyTime, time);
        return read == OtlpStatus.Ok ? await MessageAsync(context, signal, frame.WrittenMemory, token) : (Unread(read), 0);
    }

    async ValueTask<(OtlpReply, long)> MessageAsync(HttpContext context, OtlpSignal signal, ReadOnlyMemory<byte> frame, IngestToken? token)
    {
        if (frame.Length < HeaderLength || BinaryPrimitives.ReadUInt32BigEndian(frame.Span[1..]) != (uint)(frame.Length - HeaderLength) || frame.Span[0] > 1)
            return (new(OtlpStatus.Malformed, Message: "Not one whole gRPC message."), 0);
        var coding = ContentCoding.Identity;
        if (frame.Span[0] == 1 && !Inflate.TryParse(context.Request.Headers["grpc-encoding"], out coding))
        {
            context.Response.Headers["grpc-accept-encoding"] = "identity,gzip,zstd,deflate";
            return (new(OtlpStatus.UnsupportedType, Message: "grpc-encoding must be gzip, zstd, deflate or identity."), 0);
        }
        if (signal == OtlpSignal.Metrics) return await ingest.RunAsync(frame[HeaderLength..], coding, json: false, token, context.RequestAborted);
        if (signal == OtlpSignal.Logs) ingest.Counters.DroppedLogs();
        else ingest.Counters.DroppedTraces();
        return (OtlpReply.Ok, 0);
    }

    OtlpReply Unread(OtlpStatus status) => status switch
    {
        OtlpStatus.Busy => ingest.Busy(),
        OtlpStatus.TooLarge => new(status, Message: $"The message is larger than {ingest.Settings.MaxRequestBytes} bytes (setting Otlp:MaxRequestBytes). Send smaller batches."),
        OtlpStatus.TooSlow => new(status, Message: "The message did not arrive in time."),
        _ => new(status, Message: "The message ended early."),
    };

    static async ValueTask AcceptAsync(HttpContext context, OtlpReply reply)
    {
        var message = reply is { Rejected: 0, Message: null } ? OtlpResponses.Accepted(json: false) : OtlpResponses.Partial(reply.Rejected, reply.Message ?? "", json: false);
        var frame = new byte[HeaderLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, HeaderLength);
        context.Response.AppendTrailer("grpc-status", "0");
        await context.Response.Body.WriteAsync(frame);
    }

    /// <summary>A call that fails without a message carries its trailers as headers.</summary>
    static void Refuse(HttpContext context, OtlpReply reply)
    {
        var headers = context.Response.Headers;
        headers["grpc-status"] = reply.GrpcCode.ToString();
        headers["grpc-message"] = Uri.EscapeDataString(reply.Message ?? "");
        headers["grpc-status-details-bin"] = Convert.ToBase64String(OtlpResponses.Status(reply.GrpcCode, reply.Message ?? "", reply.RetryAfter, json: false));
    }
}
