namespace NrdotConsole.Protocol.OpAmp.Client;

/// <summary>One connection to a server: a WebSocket, or HTTP exchanges.</summary>
interface IOpAmpLink : IDisposable
{
    /// <summary>Whether the server may speak first: then <see cref="ReadAsync"/> hears it, else <see cref="SendAsync"/> brings its answer.</summary>
    bool IsDuplex { get; }

    Task OpenAsync(Guid instanceUid, CancellationToken ct);

    Task<ServerToAgent?> SendAsync(AgentToServer message, CancellationToken ct);

    /// <returns>Null at the end.</returns>
    Task<ServerToAgent?> ReadAsync(CancellationToken ct);

    /// <summary>Tries to part in good order; never throws.</summary>
    Task SayGoodbyeAsync(AgentToServer goodbye);
}

/// <summary>The server answered, and refused.</summary>
public sealed class OpAmpRefusedException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>It does not know the agent's credentials.</summary>
    public bool IsUnauthorized { get; init; }
}
