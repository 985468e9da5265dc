using System.IO.Compression;
using System.Net;
using System.Net.WebSockets;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Tests.Agents;

/// <summary>Each limit refuses, says so and leaves the server well.</summary>
public sealed class AgentLimitTests
{
    readonly Guid _uid = Guid.CreateVersion7();

    static AgentToServer Large(Guid uid, int bytes) => Told.First(uid) with { EffectiveConfig = Told.Effective(new string('#', bytes)) };

    [Fact]
    public async Task A_message_too_large_ends_its_connection_whether_compressed_or_not()
    {
        await using var host = await AgentHost.StartAsync(("OpAmp:MaxMessageBytes", "65536"));
        foreach (var compressed in new[] { false, true })
        {
            using var agent = await host.ConnectAsync(compressed: compressed);
            await agent.SendAsync(OpAmpCodec.Write(Large(_uid, 70_000), webSocket: true));
            await host.UntilClosedAsync(agent);
            Assert.Equal(WebSocketCloseStatus.MessageTooBig, agent.Socket.CloseStatus);
        }
        var body = OpAmpCodec.Write(Large(_uid, 70_000), webSocket: false);
        using var plain = await host.SendAsync(body);
        using var chunked = await host.SendAsync(body, chunked: true);
        using var small = new MemoryStream();
        using (var gzip = new GZipStream(small, CompressionMode.Compress, leaveOpen: true)) gzip.Write(body);
        using var bomb = await host.SendAsync(small.ToArray(), coding: "gzip");
        Assert.All([plain, chunked, bomb], a => Assert.Equal(HttpStatusCode.RequestEntityTooLarge, a.StatusCode));
        Assert.Equal(5, host.Counters.TooLarge);
        Assert.Null((await host.PostAsync(Told.First(_uid))).Error);
    }

    [Fact]
    public async Task More_messages_than_the_console_serves_are_told_when_to_come_again()
    {
        await using var host = await AgentHost.StartAsync(("OpAmp:MaxMessagesPerSecond", "1"));
        await host.PostAsync(Told.First(_uid));
        await host.PostAsync(Told.Heartbeat(_uid, 2));
        using var answer = await host.SendAsync(OpAmpCodec.Write(Told.Heartbeat(_uid, 3), webSocket: false));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 30, 60);
        using var agent = await host.ConnectAsync();
        var error = (await agent.AskAsync(Told.Heartbeat(_uid, 3))).Error!;
        Assert.Equal(ServerErrorType.Unavailable, error.Type);
        Assert.InRange(error.RetryAfter!.Value.TotalSeconds, 30, 60);
        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null((await agent.AskAsync(Told.Heartbeat(_uid, 3))).Error);
    }

    [Fact]
    public async Task An_agent_that_loops_is_throttled_and_others_are_not()
    {
        await using var host = await AgentHost.StartAsync();
        using var agent = await host.ConnectAsync();
        ServerToAgent reply = await agent.AskAsync(Told.First(_uid));
        for (var n = 2ul; n <= 101; n++) reply = await agent.AskAsync(Told.Heartbeat(_uid, n));
        Assert.Equal(ServerErrorType.Unavailable, reply.Error!.Type);
        Assert.Null((await host.PostAsync(Told.First(Guid.CreateVersion7()))).Error);
    }

    [Fact]
    public async Task More_connections_or_agents_than_allowed_are_sent_away()
    {
        await using var host = await AgentHost.StartAsync(("OpAmp:MaxConnections", "1"), ("OpAmp:MaxAgents", "1"));
        using var agent = await host.ConnectAsync();
        await agent.AskAsync(Told.First(_uid));
        await Assert.ThrowsAsync<WebSocketException>(() => host.ConnectAsync());
        using var answer = await host.SendAsync(OpAmpCodec.Write(Told.First(Guid.CreateVersion7()), webSocket: false));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task Two_that_break_into_each_other_s_numbers_are_not_asked_for_everything_for_ever()
    {
        await using var host = await AgentHost.StartAsync();
        using var agent = await host.ConnectAsync();
        await agent.AskAsync(Told.First(_uid));
        var asked = 0;
        for (var n = 0ul; n < 20; n++) asked += (await agent.AskAsync(Told.Heartbeat(_uid, 1000 - n))).Flags == ServerToAgentFlags.ReportFullState ? 1 : 0;
        Assert.InRange(asked, 1, 5);
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", HttpStatusCode.UnsupportedMediaType)]
    public async Task What_is_no_OpAMP_is_told_so(string method, HttpStatusCode status)
    {
        await using var host = await AgentHost.StartAsync();
        using var request = new HttpRequestMessage(new(method), host.Url);
        request.Headers.Authorization = new("Bearer", AgentHost.Token);
        using var answer = await host.Http.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_site_does_not_speak_here()
    {
        await using var host = await AgentHost.StartAsync(("OpAmp:RequireToken", "false"));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://evil.example");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new($"ws://127.0.0.1:{host.Port}/v1/opamp"), CancellationToken.None));
    }
}
