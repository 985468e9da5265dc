using System.Net.WebSockets;

namespace NrdotConsole.Protocol.OpAmp.Client;

/// <summary>What happened to a connection, for logs.</summary>
public enum OpAmpLinkState { Connected, Lost, Refused }

/// <summary>
/// Keeps an agent in touch with its server: connects, tells news at once and heartbeats between, comes again after a growing, jittered
/// pause when the server is away. Never ends but by cancellation.
/// </summary>
/// <param name="receive">What the server says beside flags and errors. Runs within the conversation: the next message is read when it has returned.</param>
public sealed class OpAmpClient(AgentConversation conversation, OpAmpConnection connection, Func<ServerToAgent, CancellationToken, Task> receive, TimeProvider time, Random jitter)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30);

    volatile TaskCompletionSource _wake = NewSignal();
    OpAmpConnection _connection = connection;
    OpAmpConnection? _offered;
    ReadOnlyMemory<byte>? _offerHash;
    TimeSpan? _pauseAsked;

    /// <summary>Tells of a connection's fate and why.</summary>
    public Action<OpAmpLinkState, string>? LinkChanged { get; set; }

    /// <summary>The server gave the agent another identifier or other connection settings that work: to be kept for the next start.</summary>
    public Action<Guid, OpAmpConnection>? IdentityChanged { get; set; }

    /// <summary>
    /// What the agent was given at first. Tried in turn where the server does not know the credentials that it came to use since: it has lost
    /// them, or the agent was removed there.
    /// </summary>
    public OpAmpConnection? Fallback { get; init; }

    /// <summary>Whether it tells the server that it leaves.</summary>
    public bool SaysGoodbye { get; set; } = true;

    public OpAmpConnection Connection => _connection;
    public bool IsConnected { get; private set; }

    /// <summary>There is news: tell it now, not at the next heartbeat.</summary>
    public void Wake() => _wake.TrySetResult();

    public async Task RunAsync(CancellationToken ct)
    {
        var failures = 0;
        var isUnknown = false;
        while (!ct.IsCancellationRequested)
        {
            var trying = _offered ?? (isUnknown && Fallback is { } first ? first : _connection);
            isUnknown = false;
            var wasConnected = false;
            try
            {
                conversation.Begin();
                using IOpAmpLink link = trying.IsWebSocket ? new WebSocketLink(trying) : new HttpLink(trying);
                await link.OpenAsync(conversation.InstanceUid, ct);
                await TalkAsync(link, trying, () => wasConnected = true, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault) when (fault is WebSocketException or HttpRequestException or IOException or OpAmpRefusedException or OperationCanceledException)
            {
                LinkChanged?.Invoke(wasConnected ? OpAmpLinkState.Lost : OpAmpLinkState.Refused, (fault is OpAmpRefusedException ? fault : fault.GetBaseException()).Message);
                if (fault is OpAmpRefusedException { RetryAfter: { } asked }) _pauseAsked = asked;
                isUnknown = fault is OpAmpRefusedException { IsUnauthorized: true } && ReferenceEquals(trying, _connection);
            }
            IsConnected = false;
            if (!wasConnected && ReferenceEquals(trying, _offered)) Decline("The offered connection does not work.");
            if (_offered is not null && wasConnected) continue;
            failures = wasConnected ? 0 : failures + 1;
            await Task.Delay(Pause(failures), time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task TalkAsync(IOpAmpLink link, OpAmpConnection used, Action connected, CancellationToken ct)
    {
        Task<ServerToAgent?>? reading = null;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            while (true)
            {
                var reply = await link.SendAsync(conversation.Next(), ct);
                if (link.IsDuplex) reading ??= link.ReadAsync(ending.Token);
                if (!link.IsDuplex && reply?.Error is null) Confirm(used, connected);
                if (reply is not null) await TakeAsync(reply, ct);
                if (_offered is not null && !ReferenceEquals(used, _offered)) return;

                var beat = Task.Delay(_connection.Heartbeat, time, ending.Token);
                while (true)
                {
                    // Renewed before the look: news after it wakes.
                    if (_wake.Task.IsCompleted) _wake = NewSignal();
                    if (conversation.HasNews) break;
                    var first = await Task.WhenAny(reading is null ? [beat, _wake.Task] : [beat, _wake.Task, reading]);
                    ct.ThrowIfCancellationRequested();
                    if (first == beat) break;
                    if (first != reading) continue;
                    var message = await reading ?? throw new IOException("The server closed the connection.");
                    // A server that answers by a refusal has not taken the credentials.
                    if (message.Error is null) Confirm(used, connected);
                    reading = link.ReadAsync(ending.Token);
                    await TakeAsync(message, ct);
                    if (_offered is not null && !ReferenceEquals(used, _offered)) return;
                }
            }
        }
        finally
        {
            if (ct.IsCancellationRequested && SaysGoodbye) await link.SayGoodbyeAsync(conversation.Goodbye());
            await ending.CancelAsync();
            // A read that was cut off has nothing more to tell.
            if (reading is not null) await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    void Confirm(OpAmpConnection used, Action connected)
    {
        if (IsConnected) return;
        IsConnected = true;
        connected();
        if (ReferenceEquals(used, _offered))
        {
            (_connection, _offered) = (used, null);
            IdentityChanged?.Invoke(conversation.InstanceUid, _connection);
            if (_offerHash is { } hash) conversation.Tell(new ConnectionSettingsStatus(hash, ConnectionSettingsStatuses.Applied));
        }
        else if (ReferenceEquals(used, Fallback) && !ReferenceEquals(used, _connection))
        {
            _connection = used;
            IdentityChanged?.Invoke(conversation.InstanceUid, _connection);
        }
        LinkChanged?.Invoke(OpAmpLinkState.Connected, used.Endpoint.ToString());
    }

    async Task TakeAsync(ServerToAgent message, CancellationToken ct)
    {
        if (message.Error is { } error) throw new OpAmpRefusedException(error.Message, error.RetryAfter);
        if (conversation.Heed(message)) IdentityChanged?.Invoke(conversation.InstanceUid, _connection);
        if (message.ConnectionSettings is { OpAmp: { } offer } offers) Consider(offer, offers.Hash);
        await receive(message, ct);
    }

    void Consider(ConnectionSettings offer, ReadOnlyMemory<byte> hash)
    {
        if (_offerHash is { } known && known.Span.SequenceEqual(hash.Span)) return;
        _offerHash = hash;
        if (offer is not { Certificate: null, Tls: null, Proxy: null })
        {
            Decline("This agent takes no certificates, TLS settings or proxies that are offered: they are set where it runs.");
            return;
        }
        var wanted = _connection.With(offer);
        if (!wanted.IsSameServer(_connection))
        {
            _offered = wanted;
            return;
        }
        _connection = wanted;
        IdentityChanged?.Invoke(conversation.InstanceUid, _connection);
        conversation.Tell(new ConnectionSettingsStatus(hash, ConnectionSettingsStatuses.Applied));
    }

    void Decline(string why)
    {
        _offered = null;
        if (_offerHash is { } hash) conversation.Tell(new ConnectionSettingsStatus(hash, ConnectionSettingsStatuses.Failed, why));
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    TimeSpan Pause(int failures)
    {
        if (_pauseAsked is { } asked)
        {
            _pauseAsked = null;
            return asked + TimeSpan.FromSeconds(jitter.NextDouble());
        }
        var longest = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, Math.Min(failures, 10)), LongestPause.TotalSeconds);
        return TimeSpan.FromSeconds(longest * (0.5 + (jitter.NextDouble() / 2)));
    }
}
