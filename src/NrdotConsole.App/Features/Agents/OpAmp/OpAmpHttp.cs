using System.IO.Compression;
using Microsoft.AspNetCore.Http.Features;
using NrdotConsole.App.Features.Telemetry.Otlp;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>One handler for both transports of <c>/v1/opamp</c>: a POST of a protobuf body is plain HTTP, an upgrade is a WebSocket.</summary>
internal sealed class OpAmpHttp(OpAmpServer server, OpAmpSockets sockets)
{
    /// <summary>Shorter answers are not worth a compressor.</summary>
    const int LeastCompressed = 256;

    const string NoToken = "No valid token. Send the header 'Authorization: Bearer <token>'; enrolment tokens are made on the console's Agents page.";

    // OTLP's buffers, under a budget of our own.
    readonly IngestBudget _budget = new(new() { MaxBytesInFlight = server.Settings.MaxBytesInFlight, MaxRequestsInFlight = server.Settings.MaxConnections });

    public async Task HandleAsync(HttpContext context)
    {
        var sender = context.Request;
        if (!context.WebSockets.IsWebSocketRequest && !HttpMethods.IsPost(sender.Method))
        {
            sender.HttpContext.Response.Headers.Allow = "POST";
            await PlainAsync(context, StatusCodes.Status405MethodNotAllowed, "OpAMP: a WebSocket, or POST with Content-Type application/x-protobuf.");
            return;
        }
        // A browser's page of another site must not speak here with what its network lets it reach.
        if (sender.Headers.Origin is [{ Length: > 0 } origin] && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority == sender.Host.Value))
        {
            await PlainAsync(context, StatusCodes.Status403Forbidden, "Not from another site's page.");
            return;
        }
        if (server.Secrets.Admit(sender.Headers) is not { } credential)
        {
            server.Counters.WasUnauthenticated();
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await PlainAsync(context, StatusCodes.Status401Unauthorized, NoToken);
            return;
        }
        try
        {
            if (context.WebSockets.IsWebSocketRequest) await sockets.ServeAsync(context, credential, Endpoint(sender, socket: true));
            else await PostAsync(context, credential);
        }
        catch (Exception fault) when (context.RequestAborted.IsCancellationRequested && fault is OperationCanceledException or IOException)
        {
            // The agent went away; there is nobody to answer.
        }
    }

    async Task PostAsync(HttpContext context, AgentCredential credential)
    {
        var request = context.Request;
        if (request.ContentType?.StartsWith(OpAmpCodec.ContentType, StringComparison.OrdinalIgnoreCase) != true)
        {
            await PlainAsync(context, StatusCodes.Status415UnsupportedMediaType, $"The body is {OpAmpCodec.ContentType}.");
            return;
        }
        if (!Inflate.TryParse(request.Headers.ContentEncoding, out var coding) || coding is not (ContentCoding.Identity or ContentCoding.Gzip))
        {
            await PlainAsync(context, StatusCodes.Status415UnsupportedMediaType, "Content-Encoding is gzip, or none.");
            return;
        }
        if (!_budget.TryEnter())
        {
            await BusyAsync(context);
            return;
        }
        try
        {
            await ExchangeAsync(context, credential, coding);
        }
        finally
        {
            _budget.Leave();
        }
    }

    async Task ExchangeAsync(HttpContext context, AgentCredential credential, ContentCoding coding)
    {
        var limit = server.Settings.MaxMessageBytes;
        using var body = new RequestBuffer(limit, _budget);
        using var plain = new RequestBuffer(limit, _budget);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        var read = context.Request.ContentLength > limit ? OtlpStatus.TooLarge : await BodyReader.ReadAsync(context, body, server.Settings.MaxMessageTime, server.Time);
        if (read == OtlpStatus.Ok && coding == ContentCoding.Gzip) read = Inflate.Run(coding, body.WrittenMemory, plain);
        switch (read)
        {
            case OtlpStatus.Ok:
                break;
            case OtlpStatus.Busy:
                await BusyAsync(context);
                return;
            case OtlpStatus.TooLarge:
                server.Counters.WasTooLarge();
                await PlainAsync(context, StatusCodes.Status413PayloadTooLarge, $"The message is larger than {limit} bytes (setting OpAmp:MaxMessageBytes).");
                return;
            case OtlpStatus.TooSlow:
                await PlainAsync(context, StatusCodes.Status408RequestTimeout, "The body did not arrive in time.");
                return;
            default:
                server.Counters.WasMalformed();
                await PlainAsync(context, StatusCodes.Status400BadRequest, coding == ContentCoding.Gzip ? "The body is not sound gzip." : "The body ended early or broke HTTP's framing.");
                return;
        }
        var bytes = coding == ContentCoding.Gzip ? plain.Written : body.Written;
        server.Counters.ReceivedBytes(bytes.Length);
        var message = OpAmpCodec.ReadAgentToServer(bytes, out var fault);
        if (message is null) server.Counters.WasMalformed();
        var session = new AgentSession(server, credential, AgentTransport.Http, context.ClientAddress(), Endpoint(context.Request, socket: false));
        var reply = message is null ? new(new(Guid.Empty) { Error = new(ServerErrorType.BadRequest, fault!) }) : session.Receive(message);
        if (message is null) context.Response.StatusCode = StatusCodes.Status400BadRequest;
        else if (reply.Close) context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        await ReplyAsync(context, reply.Message);
    }

    async Task ReplyAsync(HttpContext context, ServerToAgent reply)
    {
        var response = context.Response;
        response.ContentType = OpAmpCodec.ContentType;
        if (reply.Error is { Type: ServerErrorType.Unavailable, RetryAfter: { } after })
        {
            response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            response.Headers.RetryAfter = $"{(int)after.TotalSeconds}";
        }
        var body = OpAmpCodec.Write(reply, webSocket: false);
        if (body.Length > server.Settings.MaxMessageBytes)
        {
            server.Counters.WasTooLarge();
            body = OpAmpCodec.Write(reply with { RemoteConfig = null, ConnectionSettings = null }, webSocket: false);
        }
        server.Counters.SentBytes(body.Length);
        if (body.Length >= LeastCompressed && context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            using var small = new MemoryStream();
            await using (var gzip = new GZipStream(small, CompressionLevel.Fastest)) gzip.Write(body);
            body = small.ToArray();
            response.Headers.ContentEncoding = "gzip";
            response.Headers.Vary = "Accept-Encoding";
        }
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    Task BusyAsync(HttpContext context)
    {
        server.Counters.WasThrottled();
        return ReplyAsync(context, new(Guid.Empty) { Error = new(ServerErrorType.Unavailable, "The console has all the messages in hand that it can hold.", server.RetryAfter()) });
    }

    /// <summary>Where this agent reached the console, as it wrote it.</summary>
    static Uri Endpoint(HttpRequest request, bool socket)
    {
        var scheme = (socket, request.IsHttps) switch { (true, true) => "wss", (true, false) => "ws", (false, true) => "https", _ => "http" };
        return Uri.TryCreate($"{scheme}://{request.Host.Value}{request.PathBase}{request.Path}", UriKind.Absolute, out var uri) ? uri : new($"{scheme}://localhost{OpAmpCodec.Path}");
    }

    static Task PlainAsync(HttpContext context, int code, string text)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n");
    }
}
