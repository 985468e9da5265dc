using System.Net;
using Grpc.Net.Client;
using NrdotConsole.FleetSim.Cli;

namespace NrdotConsole.FleetSim.Sending;

/// <summary>The connections to the receiver, kept alive and shared by all lanes.</summary>
public sealed class Transport : IDisposable
{
    static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);
    readonly HttpClient? _http;
    readonly GrpcChannel? _grpc;
    readonly SimOptions _options;

    Transport(SimOptions options, HttpClient? http, GrpcChannel? grpc) => (_options, _http, _grpc) = (options, http, grpc);

    public static Transport Open(SimOptions options)
    {
        var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None, UseProxy = false, UseCookies = false };
        return options.Protocol == WireProtocol.Grpc
            ? new(options, null, GrpcChannel.ForAddress(options.Endpoint, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true }))
            : new(options, Client(handler), null);
    }

    static HttpClient Client(SocketsHttpHandler handler)
    {
        var client = new HttpClient(handler) { Timeout = RequestLimit };
        client.DefaultRequestHeaders.UserAgent.Add(new("NrdotConsole.FleetSim", typeof(Transport).Assembly.GetName().Version?.ToString(3)));
        return client;
    }

    public IExporter Exporter() => _grpc is not null
        ? new GrpcExporter(_grpc, _options.Token, _options.Gzip)
        : new HttpExporter(_http!, _options.Endpoint, _options.Token, _options.Gzip);

    public void Dispose()
    {
        _http?.Dispose();
        _grpc?.Dispose();
    }
}
