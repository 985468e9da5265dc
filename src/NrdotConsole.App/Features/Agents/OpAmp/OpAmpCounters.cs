namespace NrdotConsole.App.Features.Agents;

/// <summary>What the server saw since the start.</summary>
internal sealed class OpAmpCounters
{
    long _messages, _malformed, _throttled, _unauthenticated, _refused, _conflicts, _fullStates, _offers, _tooLarge, _connections, _bytesReceived, _bytesSent;

    public long Messages => Volatile.Read(ref _messages);

    /// <summary>Messages that were no sound AgentToServer.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Messages and connections that were told to come again later.</summary>
    public long Throttled => Volatile.Read(ref _throttled);
    public long Unauthenticated => Volatile.Read(ref _unauthenticated);

    /// <summary>Agents whose credential does not open their identifier.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Agents that came with an identifier that another one was using.</summary>
    public long Conflicts => Volatile.Read(ref _conflicts);
    public long FullStatesAsked => Volatile.Read(ref _fullStates);
    public long ConfigsOffered => Volatile.Read(ref _offers);

    /// <summary>Messages, in either direction, beyond OpAmp:MaxMessageBytes.</summary>
    public long TooLarge => Volatile.Read(ref _tooLarge);

    /// <summary>Bytes of messages, before compression and after decompression.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>WebSockets that stand now.</summary>
    public int Connections => (int)Volatile.Read(ref _connections);

    public void Received() => Interlocked.Increment(ref _messages);
    public void ReceivedBytes(int count) => Interlocked.Add(ref _bytesReceived, count);
    public void SentBytes(int count) => Interlocked.Add(ref _bytesSent, count);
    public void WasMalformed() => Interlocked.Increment(ref _malformed);
    public void WasThrottled() => Interlocked.Increment(ref _throttled);
    public void WasUnauthenticated() => Interlocked.Increment(ref _unauthenticated);
    public void WasRefused() => Interlocked.Increment(ref _refused);
    public void HadConflict() => Interlocked.Increment(ref _conflicts);
    public void AskedFullState() => Interlocked.Increment(ref _fullStates);
    public void OfferedConfig() => Interlocked.Increment(ref _offers);
    public void WasTooLarge() => Interlocked.Increment(ref _tooLarge);
    public int Connected() => (int)Interlocked.Increment(ref _connections);
    public void Disconnected() => Interlocked.Decrement(ref _connections);
}
