using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using NrdotConsole.App.Features.Telemetry.Store;

namespace NrdotConsole.App.Tests.Telemetry.Otlp;

public sealed class OtlpHttpTests
{
    static readonly byte[] Request = [0x0A, 0x04, 0x0A, 0x02, 0x10, 0x01];

    [Theory]
    [InlineData(null)]
    [InlineData("identity")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    public async Task A_request_reaches_the_store_whatever_its_compression(string? coding)
    {
        await using var host = await OtlpHost.StartAsync();
        // Past any first guess at the size, and odd enough not to shrink to nothing.
        var random = new Random(7);
        var big = new byte[300_000];
        for (var i = 0; i < big.Length; i++) big[i] = (byte)random.Next(4);
        foreach (var body in new[] { Request, big })
        {
            var answer = await host.PostAsync(OtlpHost.Compress(coding, body), coding: coding);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("application/x-protobuf", answer.Content.Headers.ContentType!.MediaType);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
            Assert.Equal(body, host.Received[^1].Request);
        }
        Assert.Equal(0, host.Budget.Bytes);
    }

    [Fact]
    public async Task JSON_is_answered_in_JSON()
    {
        await using var host = await OtlpHost.StartAsync();
        var answer = await host.PostAsync("""{"resourceMetrics":[{"resource":{}}]}"""u8.ToArray(), "application/json");
        Assert.Equal("{}", await answer.Content.ReadAsStringAsync());
        Assert.Equal([0x0A, 0x02, 0x0A, 0x00], host.Received[0].Request);

        answer = await host.PostAsync("""{"resourceMetrics":[{"scopeMetrics":7}]}"""u8.ToArray(), "application/json; charset=utf-8");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("""{"code":3,"message":"JSON, line 1, byte""", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Refused_points_are_told_as_partial_success()
    {
        await using var host = await OtlpHost.StartAsync((_, _) => new(IngestStatus.Accepted, 5, 3, "3 points: the series limit is reached"));
        var answer = await host.PostAsync("{}"u8.ToArray(), "application/json");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"3 points: the series limit is reached"}}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal((5, 3), (host.Counters.Points, host.Counters.RejectedPoints));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_fault_of_ours_is_one_to_come_again_after(bool throws)
    {
        await using var host = await OtlpHost.StartAsync((_, _) => throws ? throw new InvalidOperationException("a bug") : new(IngestStatus.Unavailable, 0, 0, "The disk is full."));
        var answer = await host.PostAsync(Request);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Malformed_bytes_are_the_senders_fault_and_named()
    {
        await using var host = await OtlpHost.StartAsync((_, _) => new(IngestStatus.Malformed, 0, 0, "resource_metrics[0], byte 7: not a field"));
        var answer = await host.PostAsync(Request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("resource_metrics[0], byte 7", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData("nri_0123456789abcdefghi")]
    public async Task Without_a_valid_token_nothing_comes_in(string? token)
    {
        await using var host = await OtlpHost.StartAsync();
        var answer = await host.PostAsync(Request, "application/json", token: token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("Ingest page", await answer.Content.ReadAsStringAsync());
        Assert.Empty(host.Received);
        Assert.Empty(host.Counters.Senders());
    }

    [Fact]
    public async Task A_token_comes_as_bearer_too_and_carries_its_tenant()
    {
        await using var host = await OtlpHost.StartAsync();
        var (secret, _) = await host.Tokens.CreateAsync(App.Platform.Audit.Actor.System, "prod", "prod", null);
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Metrics) { Content = new ByteArrayContent(Request) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Headers.Authorization = new("Bearer", secret);
        Assert.Equal(HttpStatusCode.OK, (await host.Http.SendAsync(request)).StatusCode);
        Assert.Equal("prod", host.Received[0].Tenant);
        Assert.Equal("prod", Assert.Single(host.Counters.Senders()).Token);
    }

    [Fact]
    public async Task Without_RequireToken_the_unknown_come_in_but_a_wrong_token_does_not()
    {
        await using var host = await OtlpHost.StartAsync(null, ("Otlp:RequireToken", "false"));
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(Request, token: null)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.PostAsync(Request, token: "wrong")).StatusCode);
    }

    [Fact]
    public async Task What_it_does_not_understand_is_415_with_a_hint()
    {
        await using var host = await OtlpHost.StartAsync();
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await host.PostAsync(Request, "text/plain")).StatusCode);
        var answer = await host.PostAsync(Request, coding: "br");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("zstd", string.Join(',', answer.Headers.GetValues("Accept-Encoding")));
    }

    [Fact]
    public async Task Other_methods_and_paths_are_refused_and_the_consoles_port_is_its_own()
    {
        await using var host = await OtlpHost.StartAsync();
        var answer = await host.Http.GetAsync(host.Metrics);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
        Assert.Equal(HttpStatusCode.NotFound, (await host.PostAsync(Request, path: "/v1/other")).StatusCode);
        Assert.Equal("the console", await host.Http.GetStringAsync($"http://127.0.0.1:{host.Ports.Console}/v1/metrics"));
    }

    [Fact]
    public async Task Logs_and_traces_are_accepted_and_dropped()
    {
        await using var host = await OtlpHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync([1, 2, 3], path: "/v1/logs")).StatusCode);
        Assert.Equal("{}", await (await host.PostAsync("{}"u8.ToArray(), "application/json", path: "/v1/traces")).Content.ReadAsStringAsync());
        Assert.Equal((1, 1), (host.Counters.DroppedLogRequests, host.Counters.DroppedTraceRequests));
        Assert.Empty(host.Received);
    }

    [Fact]
    public async Task A_body_is_too_large_only_when_it_truly_is()
    {
        await using var host = await OtlpHost.StartAsync(null, ("Otlp:MaxRequestBytes", "4096"), ("Otlp:MaxDecompressedBytes", "8192"));
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(new byte[4096])).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.PostAsync(new byte[4097])).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostChunkedAsync(host, new byte[5000]));
        foreach (var coding in new[] { "gzip", "zstd", "deflate" })
        {
            Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(OtlpHost.Compress(coding, new byte[8192]), coding: coding)).StatusCode);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.PostAsync(OtlpHost.Compress(coding, new byte[8193]), coding: coding)).StatusCode);
        }
        Assert.Equal(0, host.Budget.Bytes);
    }

    static async Task<HttpStatusCode> PostChunkedAsync(OtlpHost host, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Metrics) { Content = new StreamContent(new MemoryStream(body)) };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("api-key", OtlpHost.Token);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        return (await host.Http.SendAsync(request)).StatusCode;
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    public async Task Broken_compression_is_malformed(string coding)
    {
        await using var host = await OtlpHost.StartAsync();
        var sound = OtlpHost.Compress(coding, Enumerable.Range(0, 5000).Select(i => (byte)(i * i)).ToArray());
        foreach (var broken in new[] { sound[..^20], [], [1, 2, 3], [.. sound[..50], 255, 255, .. sound[52..]] })
            Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync(broken, coding: coding)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(sound, coding: coding)).StatusCode);
        Assert.Single(host.Received);
    }

    [Fact]
    public async Task When_hands_are_full_senders_are_told_to_come_again()
    {
        using var release = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        await using var host = await OtlpHost.StartAsync((_, _) =>
        {
            entered.TrySetResult();
            release.Wait(Patience.Limit);
            return new(IngestStatus.Accepted, 1, 0, null);
        }, ("Otlp:MaxRequestsInFlight", "1"));
        var first = host.PostAsync(Request);
        await entered.Task.WaitAsync(Patience.Limit);
        var second = await host.PostAsync(Request);
        release.Set();
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    public async Task A_body_that_stops_half_way_is_given_up_and_harms_nobody()
    {
        await using var host = await OtlpHost.StartAsync(null, ("Otlp:MaxBodyTime", "00:00:01"));
        using var slow = await HalfSentAsync(host);
        using (var gone = await HalfSentAsync(host)) gone.Client.Shutdown(SocketShutdown.Both);
        using var reader = new StreamReader(slow.GetStream());
        Assert.Equal("HTTP/1.1 408 Request Timeout", await reader.ReadLineAsync().WaitAsync(Patience.Limit));
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(Request)).StatusCode);
        Assert.Equal(0, host.Budget.Bytes);
    }

    static async Task<TcpClient> HalfSentAsync(OtlpHost host)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Ports.OtlpHttp);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/metrics HTTP/1.1\r\nHost: x\r\napi-key: {OtlpHost.Token}\r\nContent-Type: application/x-protobuf\r\nContent-Length: 1000\r\n\r\nhalf"));
        return client;
    }
}
