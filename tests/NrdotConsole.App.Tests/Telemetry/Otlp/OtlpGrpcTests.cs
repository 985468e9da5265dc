using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using NrdotConsole.App.Features.Telemetry.Store;

namespace NrdotConsole.App.Tests.Telemetry.Otlp;

/// <summary>By the real client of .NET, with raw bytes for messages.</summary>
public sealed class OtlpGrpcTests
{
    static readonly byte[] Request = [0x0A, 0x04, 0x0A, 0x02, 0x10, 0x01];
    static readonly Marshaller<byte[]> Raw = Marshallers.Create(x => x, x => x);

    static Method<byte[], byte[]> Export(string signal = "metrics", string service = "MetricsService") =>
        new(MethodType.Unary, $"opentelemetry.proto.collector.{signal}.v1.{service}", "Export", Raw, Raw);

    static async Task<byte[]> CallAsync(OtlpHost host, byte[] message, Method<byte[], byte[]>? method = null, string? token = OtlpHost.Token, string? encoding = null)
    {
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{host.Ports.OtlpGrpc}", new() { CompressionProviders = [new GzipCompressionProvider(System.IO.Compression.CompressionLevel.Fastest)] });
        Metadata headers = [];
        if (token is not null) headers.Add("authorization", $"Bearer {token}");
        if (encoding is not null) headers.Add("grpc-internal-encoding-request", encoding);
        return await channel.CreateCallInvoker().AsyncUnaryCall(method ?? Export(), null, new(headers, DateTime.MaxValue), message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("gzip")]
    public async Task A_request_reaches_the_store(string? encoding)
    {
        await using var host = await OtlpHost.StartAsync();
        Assert.Empty(await CallAsync(host, Request, encoding: encoding));
        var big = new byte[300_000];
        Assert.Empty(await CallAsync(host, big, encoding: encoding));
        Assert.Equal([Request, big], host.Received.Select(r => r.Request));
        Assert.Equal(2, host.Counters.ByStatus()["grpc ok"]);
    }

    [Fact]
    public async Task Refused_points_are_told_as_partial_success()
    {
        await using var host = await OtlpHost.StartAsync((_, _) => new(IngestStatus.Accepted, 5, 3, "why"));
        Assert.Equal([0x0A, 0x07, 0x08, 0x03, 0x12, 0x03, .. "why"u8], await CallAsync(host, Request));
    }

    [Theory]
    [InlineData("Malformed", StatusCode.InvalidArgument)]
    [InlineData("Unavailable", StatusCode.Unavailable)]
    public async Task Faults_have_the_status_that_senders_act_on(string status, StatusCode expected)
    {
        await using var host = await OtlpHost.StartAsync((_, _) => new(Enum.Parse<IngestStatus>(status), 0, 0, "100 % of it"));
        var fault = await Assert.ThrowsAsync<RpcException>(() => CallAsync(host, Request));
        Assert.Equal((expected, "100 % of it"), (fault.StatusCode, fault.Status.Detail));
    }

    [Fact]
    public async Task Without_a_valid_token_nothing_comes_in()
    {
        await using var host = await OtlpHost.StartAsync();
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => CallAsync(host, Request, token: null))).StatusCode);
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => CallAsync(host, Request, token: "wrong"))).StatusCode);
        Assert.Empty(host.Received);
    }

    [Fact]
    public async Task Oversized_messages_and_bombs_are_refused()
    {
        await using var host = await OtlpHost.StartAsync(null, ("Otlp:MaxRequestBytes", "65536"), ("Otlp:MaxDecompressedBytes", "131072"));
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => CallAsync(host, new byte[70_000]))).StatusCode);
        Assert.Equal(StatusCode.ResourceExhausted, (await Assert.ThrowsAsync<RpcException>(() => CallAsync(host, new byte[10 << 20], encoding: "gzip"))).StatusCode);
        Assert.Empty(await CallAsync(host, new byte[131072], encoding: "gzip"));
    }

    [Fact]
    public async Task Logs_and_traces_are_accepted_and_dropped_and_other_calls_unimplemented()
    {
        await using var host = await OtlpHost.StartAsync();
        Assert.Empty(await CallAsync(host, Request, Export("logs", "LogsService")));
        Assert.Empty(await CallAsync(host, Request, Export("trace", "TraceService")));
        Assert.Equal((1, 1), (host.Counters.DroppedLogRequests, host.Counters.DroppedTraceRequests));
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => CallAsync(host, Request, Export("other", "Other")))).StatusCode);
    }
}
