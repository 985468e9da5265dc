using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.Supervisor.Tests;

/// <summary>The console's end of OpAMP on a real port, by hand: says what the test says, remembers what it was told.</summary>
internal sealed class TestConsole : IAsyncDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    readonly WebApplication _app;
    readonly Channel<ServerToAgent> _orders = Channel.CreateUnbounded<ServerToAgent>();
    readonly Channel<AgentToServer> _told = Channel.CreateUnbounded<AgentToServer>();

    TestConsole(WebApplication app) => _app = app;

    public string Authority => new Uri(_app.Urls.Single()).Authority;
    public Uri WebSocket => new($"ws://{Authority}/v1/opamp");
    public Uri Http => new($"http://{Authority}/v1/opamp");
    public string? Authorization { get; private set; }

    /// <summary>Credentials that it does not know.</summary>
    public string? Unknown { get; set; }

    public static async Task<TestConsole> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var console = new TestConsole(app);
        app.UseWebSockets();
        app.Map("/v1/opamp", console.ServeAsync);
        await app.StartAsync();
        return console;
    }

    public void Say(ServerToAgent message) => _orders.Writer.TryWrite(message);

    /// <param name="further">Tells a further try of the same configuration from the first, as the console does.</param>
    public byte[] Offer(string yaml, string name = "", params byte[] further)
    {
        byte[] hash = [.. System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(yaml)), .. further];
        Say(new(Guid.Empty) { RemoteConfig = new(new(new Dictionary<string, AgentConfigFile> { [name] = new(Encoding.UTF8.GetBytes(yaml), "text/yaml") }), hash) });
        return hash;
    }

    /// <summary>The next thing told that fits.</summary>
    public async Task<AgentToServer> HearAsync(Func<AgentToServer, bool> fits)
    {
        using var limit = new CancellationTokenSource(s_patience);
        while (true)
        {
            var message = await _told.Reader.ReadAsync(limit.Token);
            if (fits(message)) return message;
        }
    }

    public async Task<RemoteConfigStatus> OutcomeAsync(byte[] hash) =>
        (await HearAsync(m => m.RemoteConfigStatus is { Status: RemoteConfigStatuses.Applied or RemoteConfigStatuses.Failed } s && s.LastHash.Span.SequenceEqual(hash))).RemoteConfigStatus!;

    async Task ServeAsync(HttpContext context)
    {
        Authorization = context.Request.Headers.Authorization;
        if (Authorization == Unknown)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        if (context.WebSockets.IsWebSocketRequest) await ServeWebSocketAsync(context);
        else await ServeExchangeAsync(context);
    }

    async Task ServeExchangeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var message = OpAmpCodec.ReadAgentToServer(body.ToArray(), out _)!;
        _told.Writer.TryWrite(message);
        var order = _orders.Reader.TryRead(out var waiting) ? waiting : new(message.InstanceUid);
        context.Response.ContentType = OpAmpCodec.ContentType;
        await context.Response.Body.WriteAsync(OpAmpCodec.Write(order, webSocket: false));
    }

    async Task ServeWebSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var speaking = SpeakAsync(socket, ending.Token);
        var buffer = new byte[1 << 20];
        try
        {
            while (true)
            {
                var length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), ending.Token);
                    length += part.Count;
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close) break;
                _told.Writer.TryWrite(OpAmpCodec.ReadAgentToServer(OpAmpCodec.Unframe(buffer.AsSpan(0, length)), out _)!);
                Say(new(Guid.Empty));
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
        }
        await ending.CancelAsync();
        await speaking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    async Task SpeakAsync(WebSocket socket, CancellationToken ct)
    {
        await foreach (var order in _orders.Reader.ReadAllAsync(ct))
            await socket.SendAsync(OpAmpCodec.Write(order, webSocket: true), WebSocketMessageType.Binary, true, ct);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
