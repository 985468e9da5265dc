using System.Buffers;
using System.Net.WebSockets;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>
/// OpAMP over WebSockets. A connection at rest holds no buffer: it waits for the first byte of a message before it rents one.
/// Messages are counted after decompression, so that a bomb costs the limit and no more.
/// </summary>
internal sealed class OpAmpSockets(OpAmpServer server, IHostApplicationLifetime life, ILogger<OpAmpSockets> log)
{
    const int ReadBytes = 16 * 1024;

    static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(30), CloseLimit = TimeSpan.FromSeconds(3);

    public async Task ServeAsync(HttpContext context, AgentCredential credential, Uri endpoint)
    {
        try
        {
            if (server.Counters.Connected() > server.Settings.MaxConnections)
            {
                server.Counters.WasThrottled();
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = $"{(int)server.RetryAfter().TotalSeconds}";
                return;
            }
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                // Nothing secret and attacker-chosen share a message here, so that lengths tell nothing.
                DangerousEnableCompression = true,
                // A compressor for each message, not one for each of ten thousand connections.
                DisableServerContextTakeover = true,
                KeepAliveInterval = TimeSpan.FromSeconds(30),
                KeepAliveTimeout = TimeSpan.FromSeconds(30),
            });
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            using var connection = new Connection(server, socket, credential, context.ClientAddress(), endpoint, ended);
            using var stopping = life.ApplicationStopping.UnsafeRegister(static c => _ = ((Connection)c!).EndAsync("The console stops"), connection);
            await connection.RunAsync();
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException)
        {
            log.LogDebug("An agent's connection ended: {Fault}", fault.Message);
        }
        finally
        {
            server.Counters.Disconnected();
        }
    }

    sealed class Connection : IDisposable
    {
        readonly OpAmpServer _server;
        readonly WebSocket _socket;
        readonly CancellationTokenSource _ended;
        readonly AgentSession _session;
        readonly SemaphoreSlim _sending = new(1, 1);
        bool _isTooLarge;

        public Connection(OpAmpServer server, WebSocket socket, AgentCredential credential, string address, Uri endpoint, CancellationTokenSource ended)
        {
            (_server, _socket, _ended) = (server, socket, ended);
            _session = new(server, credential, AgentTransport.WebSocket, address, endpoint)
            {
                OnWake = () => ThreadPool.UnsafeQueueUserWorkItem(static c => _ = c.SpeakAsync(), this, preferLocal: false),
                OnEvict = () => ThreadPool.UnsafeQueueUserWorkItem(static c => _ = c.EndAsync("The agent has come by another connection"), this, preferLocal: false),
            };
        }

        public async Task RunAsync()
        {
            try
            {
                while (await ReceiveAsync() is { } reply)
                {
                    await SendAsync(reply.Message);
                    if (!reply.Close) continue;
                    await PauseAsync();
                    await CloseAsync(WebSocketCloseStatus.PolicyViolation, "Refused");
                    return;
                }
                if (!_isTooLarge) return;
                await PauseAsync();
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"A message has at most {_server.Settings.MaxMessageBytes} bytes");
            }
            finally
            {
                _session.Close();
                await _ended.CancelAsync();
            }
        }

        public void Dispose() => _sending.Dispose();

        /// <summary>
        /// Before a connection ends on the server's part: clients such as opamp-go's come again the moment it does, without a pause, and would be
        /// refused a thousand times a second.
        /// </summary>
        Task PauseAsync() => Task.Delay(_server.RetryAfter(), _server.Time, _ended.Token);

        /// <summary>One message and its reply; null once the agent has closed the connection or must not go on.</summary>
        async Task<AgentReply?> ReceiveAsync()
        {
            // Without a buffer until there is something to read.
            if ((await _socket.ReceiveAsync(Memory<byte>.Empty, _ended.Token)).MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync(WebSocketCloseStatus.NormalClosure, "");
                return null;
            }
            var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            limit.CancelAfter(_server.Settings.MaxMessageTime);
            try
            {
                var length = 0;
                while (true)
                {
                    var read = await _socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
                    if (read.MessageType == WebSocketMessageType.Close)
                    {
                        await CloseAsync(WebSocketCloseStatus.NormalClosure, "");
                        return null;
                    }
                    length += read.Count;
                    if (length > _server.Settings.MaxMessageBytes)
                    {
                        _server.Counters.WasTooLarge();
                        _isTooLarge = true;
                        return null;
                    }
                    if (read.EndOfMessage) return Reply(buffer.AsSpan(0, length), read.MessageType);
                    if (length < buffer.Length) continue;
                    var larger = ArrayPool<byte>.Shared.Rent(Math.Min(2 * buffer.Length, _server.Settings.MaxMessageBytes + 1));
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        AgentReply Reply(ReadOnlySpan<byte> bytes, WebSocketMessageType type)
        {
            _server.Counters.ReceivedBytes(bytes.Length);
            var fault = "Messages are binary.";
            var message = type == WebSocketMessageType.Binary ? OpAmpCodec.ReadAgentToServer(OpAmpCodec.Unframe(bytes), out fault) : null;
            if (message is not null) return _session.Receive(message);
            _server.Counters.WasMalformed();
            return new(new(Guid.Empty) { Error = new(ServerErrorType.BadRequest, fault!) });
        }

        async Task SpeakAsync()
        {
            try
            {
                if (_session.Next() is { } message) await SendAsync(message);
            }
            catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or ObjectDisposedException or IOException)
            {
                // The connection is gone: what was to be said is said on the next one.
            }
        }

        async Task SendAsync(ServerToAgent message)
        {
            var bytes = OpAmpCodec.Write(message, webSocket: true);
            if (bytes.Length > _server.Settings.MaxMessageBytes)
            {
                _server.Counters.WasTooLarge();
                return;
            }
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
            limit.CancelAfter(SendLimit);
            await _sending.WaitAsync(limit.Token);
            try
            {
                await _socket.SendAsync(bytes, WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
                _server.Counters.SentBytes(bytes.Length);
            }
            finally
            {
                _sending.Release();
            }
        }

        /// <summary>Says goodbye; who does not answer it in time is cut off. A receive that is cancelled would cut off at once.</summary>
        public async Task EndAsync(string why)
        {
            try
            {
                await CloseAsync(WebSocketCloseStatus.EndpointUnavailable, why);
                _ended.CancelAfter(CloseLimit);
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself meanwhile.
            }
        }

        async Task CloseAsync(WebSocketCloseStatus status, string why)
        {
            using var limit = new CancellationTokenSource(CloseLimit);
            try
            {
                await _socket.CloseOutputAsync(status, why, limit.Token);
            }
            catch (Exception fault) when (fault is WebSocketException or OperationCanceledException or IOException)
            {
                // It was gone already.
            }
        }
    }
}
