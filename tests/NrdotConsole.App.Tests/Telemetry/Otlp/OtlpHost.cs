using System.IO.Compression;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NrdotConsole.App.Features.Telemetry.Otlp;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Features.Telemetry.Tokens;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Tests.Data;
using ZstdSharp;

namespace NrdotConsole.App.Tests.Telemetry.Otlp;

/// <summary>The OTLP ports on Kestrel and free ports, with real tokens, before a store that a test plays.</summary>
internal sealed class OtlpHost : IAsyncDisposable
{
    public const string Token = "nri_0123456789abcdefghij";

    readonly TempDirectory _directory = new();
    readonly WebApplication _app;

    public OtlpHost(MetricsAcceptor? store = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Console:HttpPort"] = "0", ["Otlp:HttpPort"] = "0", ["Otlp:GrpcPort"] = "0", ["OpAmp:Port"] = "0",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.Services.AddLogging();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_directory.OpenDatabase());
        builder.Services.AddSingleton<AuditLog>();
        Ports.Configure(builder);
        builder.Services.AddOtlp(builder.Configuration);
        builder.Services.AddSingleton(store ?? Remember);
        _app = builder.Build();
        _app.Run(context => context.Response.WriteAsync("the console"));
    }

    /// <summary>What the store was given, when it is the default one.</summary>
    public List<(byte[] Request, string? Tenant)> Received { get; } = [];

    public IngestCounters Counters => _app.Services.GetRequiredService<IngestCounters>();
    public IngestBudget Budget => _app.Services.GetRequiredService<IngestBudget>();
    public IngestTokenStore Tokens => _app.Services.GetRequiredService<IngestTokenStore>();
    public Ports Ports => _app.Services.GetRequiredService<Ports>();
    public HttpClient Http { get; } = new();
    public Uri Metrics => new($"http://127.0.0.1:{Ports.OtlpHttp}/v1/metrics");

    public static async Task<OtlpHost> StartAsync(MetricsAcceptor? store = null, params (string Key, string Value)[] settings)
    {
        var host = new OtlpHost(store, settings);
        await host.Tokens.LoadAsync(Token);
        await host._app.StartAsync();
        return host;
    }

    IngestOutcome Remember(ReadOnlySpan<byte> request, string? tenant)
    {
        lock (Received) Received.Add((request.ToArray(), tenant));
        return new(IngestStatus.Accepted, 1, 0, null);
    }

    public Task<HttpResponseMessage> PostAsync(byte[] body, string type = "application/x-protobuf", string? coding = null, string? token = Token, string path = "/v1/metrics")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Metrics, path)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (coding is not null) request.Content.Headers.ContentEncoding.Add(coding);
        if (token is not null) request.Headers.Add("api-key", token);
        return Http.SendAsync(request);
    }

    /// <summary>The same bytes so many times over, compressed as one.</summary>
    public static byte[] Compress(string? coding, byte[] plain, int times = 1)
    {
        if (coding is null or "identity") return plain;
        using var packed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new CompressionStream(packed, leaveOpen: true),
        })
        {
            for (var i = 0; i < times; i++) stream.Write(plain);
        }
        return packed.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _directory.Dispose();
    }
}
