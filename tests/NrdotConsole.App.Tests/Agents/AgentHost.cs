using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>The OpAMP server on Kestrel and a free port, with a real database, in simulated time.</summary>
internal sealed class AgentHost : IAsyncDisposable
{
    public static readonly AuditEntry Deed = new(new("ann", ActorKind.User), "agent.order", "agent:one", Reason: "a test says so");

    public const string Token = "nre_0123456789abcdefghij";

    readonly TempDirectory _directory;
    readonly WebApplication _app;
    readonly bool _ownsDirectory;

    AgentHost(TempDirectory directory, bool owns, FakeTimeProvider time, (string Key, string Value)[] settings)
    {
        (_directory, _ownsDirectory, Time) = (directory, owns, time);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Console:HttpPort"] = "0", ["Otlp:HttpPort"] = "0", ["Otlp:GrpcPort"] = "0", ["OpAmp:Port"] = "0", ["OpAmp:BootstrapToken"] = Token,
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.Services.AddLogging();
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(_ => directory.OpenDatabase(time));
        builder.Services.AddSingleton<AuditLog>();
        Ports.Configure(builder);
        builder.Services.AddOpAmp(builder.Configuration);
        _app = builder.Build();
        _app.MapOpAmp();
    }

    public FakeTimeProvider Time { get; }
    public AgentDirectory Directory => Get<AgentDirectory>();
    public ConfigAssignments Assignments => Get<ConfigAssignments>();
    public EnrolmentTokenStore Tokens => Get<EnrolmentTokenStore>();
    public OpAmpCounters Counters => Get<OpAmpCounters>();
    public HttpClient Http { get; } = new();
    public int Port => Get<Ports>().OpAmp;
    public Uri Url => new($"http://127.0.0.1:{Port}/v1/opamp");

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static Task<AgentHost> StartAsync(params (string Key, string Value)[] settings) =>
        StartAsync(new(), true, new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero)), settings);

    static async Task<AgentHost> StartAsync(TempDirectory directory, bool owns, FakeTimeProvider time, (string, string)[] settings)
    {
        var host = new AgentHost(directory, owns, time, settings);
        await host._app.Services.LoadAgentsAsync();
        await host._app.StartAsync();
        return host;
    }

    /// <summary>Another process on the same data, once this one has ended, as it stood: nothing is written at the end.</summary>
    public async Task<AgentHost> StartAgainAsync() => await StartAsync(_directory, false, Time, []);

    /// <summary>Writes what waits to be written, as the loop does each second.</summary>
    public Task TickAsync() => Get<AgentLoop>().TickAsync();

    public async Task<ServerToAgent> PostAsync(AgentToServer message, string? token = Token)
    {
        using var answer = await SendAsync(OpAmpCodec.Write(message, webSocket: false), token);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return OpAmpCodec.ReadServerToAgent(body, out var fault) ?? throw new InvalidOperationException($"{answer.StatusCode}: {fault}");
    }

    public Task<HttpResponseMessage> SendAsync(byte[] body, string? token = Token, bool chunked = false, string? coding = null, string type = OpAmpCodec.ContentType)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(type);
        if (coding is not null) request.Content.Headers.ContentEncoding.Add(coding);
        if (chunked) request.Headers.TransferEncodingChunked = true;
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        return Http.SendAsync(request);
    }

    public async Task<AgentSocket> ConnectAsync(string? token = Token, string scheme = "Bearer", bool compressed = false)
    {
        var socket = new ClientWebSocket();
        if (token is not null) socket.Options.SetRequestHeader("Authorization", $"{scheme} {token}");
        if (compressed) socket.Options.DangerousDeflateOptions = new();
        await socket.ConnectAsync(new($"ws://127.0.0.1:{Port}/v1/opamp"), CancellationToken.None);
        return new(socket);
    }

    public static CollectorConfig Config(string yaml) => new(yaml, ConfigBodies.HashOf(yaml));

    /// <summary>The server ends a connection that it refuses, but not at once: not before time has gone on.</summary>
    public async Task UntilClosedAsync(AgentSocket socket)
    {
        var closing = socket.ReceiveFrameAsync();
        Assert.NotSame(closing, await Task.WhenAny(closing, Task.Delay(TimeSpan.FromMilliseconds(200))));
        while (!closing.IsCompleted)
        {
            Time.Advance(TimeSpan.FromSeconds(30));
            await Task.WhenAny(closing, Task.Delay(TimeSpan.FromMilliseconds(20)));
        }
        Assert.Null(await closing);
    }

    /// <summary>Waits until the directory says so.</summary>
    public async Task<Agent> UntilAsync(Guid uid, Func<Agent, bool> holds)
    {
        var done = new TaskCompletionSource<Agent>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(Agent agent)
        {
            if (agent.InstanceUid == uid.ToString() && holds(agent)) done.TrySetResult(agent);
        }
        Directory.Changed += Look;
        try
        {
            if (Directory.Find(uid.ToString()) is { } now) Look(now);
            return await done.Task.WaitAsync(Patience.Limit);
        }
        finally
        {
            Directory.Changed -= Look;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        if (_ownsDirectory) _directory.Dispose();
    }
}

/// <summary>An agent's end of a WebSocket.</summary>
internal sealed class AgentSocket(ClientWebSocket socket) : IDisposable
{
    public ClientWebSocket Socket => socket;

    public async Task<ServerToAgent> AskAsync(AgentToServer message)
    {
        await SendAsync(OpAmpCodec.Write(message, webSocket: true));
        return await ReceiveAsync();
    }

    public Task SendAsync(byte[] frame, WebSocketMessageType type = WebSocketMessageType.Binary) => socket.SendAsync(frame, type, true, CancellationToken.None);

    public async Task<ServerToAgent> ReceiveAsync()
    {
        var frame = await ReceiveFrameAsync() ?? throw new InvalidOperationException($"The server closed: {socket.CloseStatus} {socket.CloseStatusDescription}");
        Assert.Equal(0, frame[0]);
        return OpAmpCodec.ReadServerToAgent(OpAmpCodec.Unframe(frame), out var fault) ?? throw new InvalidOperationException(fault);
    }

    /// <summary>Null: the server closed the connection.</summary>
    public async Task<byte[]?> ReceiveFrameAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        using var message = new MemoryStream();
        var buffer = new byte[65536];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, limit.Token);
            if (read.MessageType == WebSocketMessageType.Close) return null;
            message.Write(buffer, 0, read.Count);
            if (read.EndOfMessage) return message.ToArray();
        }
    }

    public async Task LeaveAsync(Guid uid, ulong sequence)
    {
        await AskAsync(new(uid) { SequenceNum = sequence, Disconnect = true });
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
    }

    public void Dispose() => socket.Dispose();
}
