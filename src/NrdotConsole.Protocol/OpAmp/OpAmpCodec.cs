namespace NrdotConsole.Protocol.OpAmp;

/// <summary>
/// Both messages of the protocol to bytes and back. HTTP bodies hold the message alone; a WebSocket message has a header before it:
/// <code>
/// 00                varint header, always 0
/// 0A 10 … 10 05 …   AgentToServer or ServerToAgent
/// </code>
/// Clients from before that header send the message alone: no protobuf message begins with a zero byte, so both are told apart.
/// Damaged bytes are a fault in words, never an exception; nothing read refers to the bytes given.
/// </summary>
public static class OpAmpCodec
{
    /// <summary>Path that clients use unless told otherwise.</summary>
    public const string Path = "/v1/opamp";

    /// <summary>Content type of a plain HTTP exchange.</summary>
    public const string ContentType = "application/x-protobuf";

    /// <summary>Header in which HTTP clients tell their instance_uid as a UUID.</summary>
    public const string InstanceUidHeader = "OpAMP-Instance-UID";

    /// <summary>Between two heartbeats, or two polls, where nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultHeartbeat = TimeSpan.FromSeconds(30);

    /// <returns>Null with <paramref name="fault"/> set where the bytes are no such message.</returns>
    public static AgentToServer? ReadAgentToServer(ReadOnlySpan<byte> message, out string? fault)
    {
        var state = new ReadState();
        var read = AgentReader.Read(new(message, state, "AgentToServer"));
        fault = state.Fault;
        return fault is null ? read : null;
    }

    /// <inheritdoc cref="ReadAgentToServer"/>
    public static ServerToAgent? ReadServerToAgent(ReadOnlySpan<byte> message, out string? fault)
    {
        var state = new ReadState();
        var read = ServerReader.Read(new(message, state, "ServerToAgent"));
        fault = state.Fault;
        return fault is null ? read : null;
    }

    public static byte[] Write(AgentToServer message, bool webSocket)
    {
        var writer = Begin(webSocket);
        AgentWriter.Write(writer, message);
        return writer.ToArray();
    }

    public static byte[] Write(ServerToAgent message, bool webSocket)
    {
        var writer = Begin(webSocket);
        ServerWriter.Write(writer, message);
        return writer.ToArray();
    }

    /// <summary>A WebSocket message without its header, if it has one.</summary>
    public static ReadOnlySpan<byte> Unframe(ReadOnlySpan<byte> webSocketMessage) => webSocketMessage is [0, ..] ? webSocketMessage[1..] : webSocketMessage;

    static FieldWriter Begin(bool webSocket)
    {
        var writer = new FieldWriter(256);
        if (webSocket) writer.Byte(0);
        return writer;
    }
}
