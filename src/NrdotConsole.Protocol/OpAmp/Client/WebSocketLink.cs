using System.Globalization;
using System.Net;
using System.Net.WebSockets;

namespace NrdotConsole.Protocol.OpAmp.Client;

sealed class WebSocketLink(OpAmpConnection connection) : IOpAmpLink
{
    /// <summary>Largest message taken from a server: the specification's limit.</summary>
    const int LongestMessage = 64 * 1024 * 1024;

    static readonly TimeSpan s_connectWithin = TimeSpan.FromSeconds(10), s_partWithin = TimeSpan.FromSeconds(2);

    readonly ClientWebSocket _socket = new();

    public bool IsDuplex => true;

    public async Task OpenAsync(Guid instanceUid, CancellationToken ct)
    {
        foreach (var (key, value) in connection.Headers) _socket.Options.SetRequestHeader(key, value);
        _socket.Options.SetRequestHeader(OpAmpCodec.InstanceUidHeader, instanceUid.ToString());
        _socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(30);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(s_connectWithin);
        _socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await _socket.ConnectAsync(connection.Endpoint, limit.Token);
        }
        catch (WebSocketException fault) when (_socket.HttpStatusCode is >= HttpStatusCode.BadRequest and var status)
        {
            throw new OpAmpRefusedException($"The server answered {(int)status} {status}.", RetryAfter(), fault) { IsUnauthorized = status == HttpStatusCode.Unauthorized };
        }
    }

    TimeSpan? RetryAfter() =>
        _socket.HttpResponseHeaders?.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault() is { } text
        && uint.TryParse(text, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : null;

    public async Task<ServerToAgent?> SendAsync(AgentToServer message, CancellationToken ct)
    {
        await _socket.SendAsync(OpAmpCodec.Write(message, webSocket: true), WebSocketMessageType.Binary, endOfMessage: true, ct);
        return null;
    }

    public async Task<ServerToAgent?> ReadAsync(CancellationToken ct)
    {
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(length), ct);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (part.EndOfMessage) break;
            if (length > LongestMessage) throw new IOException($"The server sent more than {LongestMessage} bytes in one message.");
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
        return OpAmpCodec.ReadServerToAgent(OpAmpCodec.Unframe(buffer.AsSpan(0, length)), out var fault)
            ?? throw new IOException($"The server sent what is no ServerToAgent message: {fault}");
    }

    public async Task SayGoodbyeAsync(AgentToServer goodbye)
    {
        try
        {
            using var limit = new CancellationTokenSource(s_partWithin);
            await SendAsync(goodbye, limit.Token);
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        }
        catch (Exception fault) when (fault is WebSocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // The server is gone already.
        }
    }

    public void Dispose() => _socket.Dispose();
}
