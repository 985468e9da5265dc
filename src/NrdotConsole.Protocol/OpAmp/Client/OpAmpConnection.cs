namespace NrdotConsole.Protocol.OpAmp.Client;

/// <summary>Where the server is and how the agent proves itself. A <c>ws</c> or <c>wss</c> address is a WebSocket, an <c>http</c> or <c>https</c> one is polled.</summary>
public sealed record OpAmpConnection(Uri Endpoint, IReadOnlyList<Header> Headers)
{
    public TimeSpan Heartbeat { get; init; } = OpAmpCodec.DefaultHeartbeat;

    public bool IsWebSocket => Endpoint.Scheme is "ws" or "wss";

    /// <summary>This connection as a server's offer changes it; what the offer leaves out stays.</summary>
    public OpAmpConnection With(ConnectionSettings offer) => this with
    {
        Endpoint = offer.Endpoint.Length > 0 && Uri.TryCreate(offer.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "ws" or "wss" or "http" or "https" ? uri : Endpoint,
        Headers = offer.Headers.Count > 0 ? offer.Headers : Headers,
        Heartbeat = offer.HeartbeatIntervalSeconds > 0 ? TimeSpan.FromSeconds(Math.Min(offer.HeartbeatIntervalSeconds, 86_400)) : Heartbeat,
    };

    public bool IsSameServer(OpAmpConnection other) => Endpoint == other.Endpoint && Headers.SequenceEqual(other.Headers);
}
