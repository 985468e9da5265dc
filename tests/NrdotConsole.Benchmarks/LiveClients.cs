using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// Many listeners of <c>/hubs/live</c> in one process, as light as can be: SignalR's JSON handshake, one subscription, and for each message
/// the one figure that matters. Of a plain WebSocket server the frames are taken as they come.
/// </summary>
internal sealed class LiveClients : IAsyncDisposable
{
    static readonly byte[] Handshake = Encoding.ASCII.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e");
    static readonly byte[] Subscribe = Encoding.ASCII.GetBytes("{\"type\":1,\"target\":\"Subscribe\",\"arguments\":[\"ingest\",\"fleet\"]}\u001e");

    readonly List<ClientWebSocket> _sockets = [];
    readonly List<Task> _loops = [];
    readonly Action<long, long> _heard;
    readonly byte[] _figure;
    int _quiet;

    /// <param name="heard">Called with the value of <paramref name="figure"/> and the moment, once a listener and each value that is new to it.</param>
    public LiveClients(string figure, Action<long, long> heard) => (_figure, _heard) = (Encoding.ASCII.GetBytes($"\"{figure}\":"), heard);

    public int Count => _sockets.Count;

    /// <summary>Connections that ended by themselves.</summary>
    public int Lost => _quiet;

    public async Task ConnectAsync(Uri uri, int count, string? token)
    {
        using var handler = new SocketsHttpHandler();
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        for (var i = 0; i < count; i++)
        {
            var socket = new ClientWebSocket();
            socket.Options.KeepAliveInterval = TimeSpan.Zero;
            if (token is not null) socket.Options.SetRequestHeader("Authorization", new AuthenticationHeaderValue("Bearer", token).ToString());
            await socket.ConnectAsync(uri, invoker, default);
            if (token is not null)
            {
                await socket.SendAsync(Handshake, WebSocketMessageType.Text, true, default);
                await socket.SendAsync(Subscribe, WebSocketMessageType.Text, true, default);
            }
            _sockets.Add(socket);
            _loops.Add(ListenAsync(socket));
        }
    }

    async Task ListenAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        long last = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory(), default) is { MessageType: WebSocketMessageType.Text } received)
            {
                var text = buffer.AsSpan(0, received.Count);
                var at = text.IndexOf(_figure);
                if (at >= 0 && Utf8Parser.TryParse(text[(at + _figure.Length)..], out long value, out _) && value > last) _heard(last = value, TimeProvider.System.GetTimestamp());
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
        Interlocked.Increment(ref _quiet);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets) socket.Abort();
        await Task.WhenAll(_loops);
        foreach (var socket in _sockets) socket.Dispose();
    }
}
