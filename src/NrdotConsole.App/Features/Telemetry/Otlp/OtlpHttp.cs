using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using NrdotConsole.App.Features.Telemetry.Tokens;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>OTLP over HTTP: the whole pipeline of the port <c>Otlp:HttpPort</c>, so that a request costs no routing, session or page.</summary>
internal sealed class OtlpHttp(OtlpIngest ingest, TimeProvider time)
{
    const string Protobuf = "application/x-protobuf", Json = "application/json";
    const string Transport = "http";

    public async Task HandleAsync(HttpContext context)
    {
        var signal = context.Request.Path.Value switch
        {
            "/v1/metrics" => OtlpSignal.Metrics,
            "/v1/logs" => OtlpSignal.Logs,
            "/v1/traces" => OtlpSignal.Traces,
            _ => OtlpSignal.None,
        };
        if (signal == OtlpSignal.None)
        {
            await PlainAsync(context, StatusCodes.Status404NotFound, "This port takes OTLP: POST /v1/metrics. The console's pages have a port of their own.\n");
            return;
        }
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = "POST";
            await PlainAsync(context, StatusCodes.Status405MethodNotAllowed, "POST only.\n");
            return;
        }
        if (!ingest.Budget.TryEnter())
        {
            await ReplyAsync(context, ingest.Busy(), json: false);
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
        var request = context.Request;
        var json = IsType(request.ContentType, Json);
        long points = 0;
        if (!ingest.TryAdmit(request.Headers, out var token, out var reply))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }
        else if (!json && !IsType(request.ContentType, Protobuf))
        {
            reply = new(OtlpStatus.UnsupportedType, Message: $"Content-Type must be {Protobuf} or {Json}.");
        }
        else if (!Inflate.TryParse(request.Headers.ContentEncoding, out var coding))
        {
            context.Response.Headers.AcceptEncoding = "gzip, zstd, deflate, identity";
            reply = new(OtlpStatus.UnsupportedType, Message: "Content-Encoding must be gzip, zstd, deflate or identity.");
        }
        else
        {
            (reply, points) = await BodyAsync(context, signal, coding, json, token);
        }
        ingest.Counters.Answered(Transport, token, request.Headers.UserAgent, reply.Status, points, reply.Rejected);
        await ReplyAsync(context, reply, json);
    }

    /// <summary>The body's memory is given back before the answer is written.</summary>
    async ValueTask<(OtlpReply Reply, long Points)> BodyAsync(HttpContext context, OtlpSignal signal, ContentCoding coding, bool json, IngestToken? token)
    {
        using var body = new RequestBuffer(ingest.Settings.MaxRequestBytes, ingest.Budget);
        var read = await ReadAsync(context, body);
        if (read != OtlpStatus.Ok) return (Unread(read), 0);
        if (signal != OtlpSignal.Metrics) return (Drop(signal), 0);
        return await ingest.RunAsync(body.WrittenMemory, coding, json, token, context.RequestAborted);
    }

    ValueTask<OtlpStatus> ReadAsync(HttpContext context, RequestBuffer body)
    {
        if (context.Request.ContentLength > ingest.Settings.MaxRequestBytes) return new(OtlpStatus.TooLarge);
        // The buffer has the limit, and answers with a body that says so.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        return BodyReader.ReadAsync(context, body, ingest.Settings.MaxBodyTime, time);
    }

    OtlpReply Unread(OtlpStatus status) => status switch
    {
        OtlpStatus.Busy => ingest.Busy(),
        OtlpStatus.TooLarge => new(status, Message: $"The body is larger than {ingest.Settings.MaxRequestBytes} bytes (setting Otlp:MaxRequestBytes). Send smaller batches."),
        OtlpStatus.TooSlow => new(status, Message: "The body did not arrive in time."),
        _ => new(status, Message: "The body ended early or broke HTTP's framing."),
    };

    OtlpReply Drop(OtlpSignal signal)
    {
        if (signal == OtlpSignal.Logs) ingest.Counters.DroppedLogs();
        else ingest.Counters.DroppedTraces();
        return OtlpReply.Ok;
    }

    static bool IsType(string? contentType, string type) =>
        contentType is not null && contentType.StartsWith(type, StringComparison.OrdinalIgnoreCase) && (contentType.Length == type.Length || contentType[type.Length] is ';' or ' ');

    static Task ReplyAsync(HttpContext context, OtlpReply reply, bool json)
    {
        var response = context.Response;
        response.StatusCode = reply.HttpCode;
        response.ContentType = json ? Json : Protobuf;
        if (reply.RetryAfter is { } delay) response.Headers.RetryAfter = Math.Ceiling(delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var body = reply switch
        {
            { Status: not OtlpStatus.Ok } => OtlpResponses.Status(reply.GrpcCode, reply.Message ?? "", reply.RetryAfter, json),
            { Rejected: 0, Message: null } => OtlpResponses.Accepted(json),
            _ => OtlpResponses.Partial(reply.Rejected, reply.Message ?? "", json),
        };
        response.ContentLength = body.Length;
        return body.Length == 0 ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }

    static Task PlainAsync(HttpContext context, int code, string text)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }
}

internal enum OtlpSignal { None, Metrics, Logs, Traces }
