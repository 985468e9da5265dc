using System.Net;
using System.Net.Http.Headers;

namespace NrdotConsole.Protocol.OpAmp.Client;

sealed class HttpLink(OpAmpConnection connection) : IOpAmpLink
{
    const int LongestMessage = 64 * 1024 * 1024;
    static readonly TimeSpan s_exchangeWithin = TimeSpan.FromSeconds(30), s_partWithin = TimeSpan.FromSeconds(2);

    readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip })
    {
        Timeout = s_exchangeWithin,
        MaxResponseContentBufferSize = LongestMessage,
    };

    string _instanceUid = "";

    public bool IsDuplex => false;

    public Task OpenAsync(Guid instanceUid, CancellationToken ct)
    {
        _instanceUid = instanceUid.ToString();
        return Task.CompletedTask;
    }

    public async Task<ServerToAgent?> SendAsync(AgentToServer message, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, connection.Endpoint) { Content = new ByteArrayContent(OpAmpCodec.Write(message, webSocket: false)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(OpAmpCodec.ContentType);
        request.Headers.TryAddWithoutValidation(OpAmpCodec.InstanceUidHeader, _instanceUid);
        foreach (var (key, value) in connection.Headers) request.Headers.TryAddWithoutValidation(key, value);
        using var response = await _http.SendAsync(request, ct);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new OpAmpRefusedException($"The server answered {(int)response.StatusCode} {response.ReasonPhrase}.", response.Headers.RetryAfter?.Delta) { IsUnauthorized = response.StatusCode == HttpStatusCode.Unauthorized };
        var bytes = await response.Content.ReadAsByteArrayAsync(ct);
        var reply = OpAmpCodec.ReadServerToAgent(bytes, out var fault) ?? throw new IOException($"The server sent what is no ServerToAgent message: {fault}");
        if (reply.NewInstanceUid is { } uid) _instanceUid = uid.ToString();
        return reply;
    }

    public Task<ServerToAgent?> ReadAsync(CancellationToken ct) => Task.FromResult<ServerToAgent?>(null);

    public async Task SayGoodbyeAsync(AgentToServer goodbye)
    {
        try
        {
            using var limit = new CancellationTokenSource(s_partWithin);
            await SendAsync(goodbye, limit.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException or OpAmpRefusedException)
        {
            // The server is gone already.
        }
    }

    public void Dispose() => _http.Dispose();
}
