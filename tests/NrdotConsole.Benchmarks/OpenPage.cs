using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// One page as a browser's tab holds it open, without drawing it: the prerendered page, its circuit, every batch acknowledged, every call of
/// script answered with nothing; and, where its charts ask for live values, the hub connection that they share.
/// </summary>
internal sealed partial class OpenPage : IAsyncDisposable
{
    static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10), OpensWithin = TimeSpan.FromSeconds(30);
    static readonly byte[] HubHandshake = Encoding.ASCII.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e");
    static readonly byte[] HubPing = Encoding.ASCII.GetBytes("{\"type\":6}\u001e");

    readonly HttpClient _browser;
    readonly Uri _address;
    readonly string _cookies;
    readonly ClientWebSocket _circuit = new(), _hub = new();
    readonly SemaphoreSlim _sending = new(1, 1), _subscribing = new(1, 1);
    readonly TaskCompletionSource<string> _started = new();
    readonly TaskCompletionSource _drawn = new();
    readonly CancellationTokenSource _closed = new();
    readonly HashSet<string> _subscriptions = [];
    readonly List<Task> _loops = [];
    int _batches, _messages;
    long _batchBytes;

    OpenPage(HttpClient browser, Uri address, string cookies) => (_browser, _address, _cookies) = (browser, address, cookies);

    /// <summary>Render batches so far, their bytes, and messages of the hub.</summary>
    public (int Batches, long BatchBytes, int Messages) Received => (_batches, _batchBytes, _messages);

    public bool IsLost { get; private set; }

    /// <param name="browser">Signed in; its cookies are <paramref name="cookies"/>.</param>
    public static async Task<OpenPage> OpenAsync(HttpClient browser, string cookies, string path)
    {
        var page = new OpenPage(browser, new(browser.BaseAddress!, path), cookies);
        await page.StartAsync(await browser.GetStringAsync(path));
        return page;
    }

    async Task StartAsync(string html)
    {
        await ConnectAsync(_circuit, "_blazor", BlazorPack.Handshake, WebSocketMessageType.Binary);
        _loops.Add(ReadCircuitAsync());
        _loops.Add(PingAsync());
        var origin = _address.GetLeftPart(UriPartial.Authority) + "/";
        await SendAsync(BlazorPack.Call("1", "StartCircuit", origin, _address.ToString(), "[]", ""));
        await _started.Task.WaitAsync(OpensWithin);
        var operations = new JsonArray();
        foreach (Match marker in Markers().Matches(html))
        {
            operations.Add(new JsonObject { ["type"] = "add", ["ssrComponentId"] = operations.Count + 1, ["marker"] = JsonNode.Parse(marker.Groups[1].ValueSpan.ToString()) });
        }
        var update = new JsonObject { ["batchId"] = 1, ["operations"] = operations };
        await SendAsync(BlazorPack.Call(null, "UpdateRootComponents", update.ToJsonString(), State().Match(html).Groups[1].Value));
        await _drawn.Task.WaitAsync(OpensWithin);
    }

    async Task ConnectAsync(ClientWebSocket socket, string path, byte[] handshake, WebSocketMessageType type)
    {
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        socket.Options.SetRequestHeader("Cookie", _cookies);
        socket.Options.SetRequestHeader("Origin", _address.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(_address) { Scheme = "ws", Path = path, Query = "" }.Uri, default);
        await socket.SendAsync(handshake, type, true, default);
    }

    Task ReadCircuitAsync() => ReadAsync(_circuit, WholeHandshake, received => BlazorPack.Read(received, Heard));

    void Heard(string target, object?[] arguments)
    {
        switch (target)
        {
            case "": _started.TrySetResult((string)arguments[^1]!); break;
            case "JS.RenderBatch":
                _batches++;
                var batch = (ReadOnlyMemory<byte>)arguments[1]!;
                _batchBytes += batch.Length;
                _ = SendAsync(BlazorPack.Call(null, "OnRenderCompleted", (long)arguments[0]!, null));
                _ = SubscribeAsync(batch);
                break;
            case "JS.BeginInvokeJS":
                var call = (long)arguments[0]!;
                // Whoever imports a module is given an object to call.
                var result = arguments[3] is 1L ? "{\"__jsObjectId\":1}" : "null";
                if (call != 0) _ = SendAsync(BlazorPack.Call(null, "EndInvokeJSFromDotNet", call, true, $"[{call},true,{result}]"));
                break;
            case "JS.EndUpdateRootComponents": _drawn.TrySetResult(); break;
            // A circuit that was just ended answers late acknowledgements so.
            case "JS.Error" when _closed.IsCancellationRequested: break;
            case "JS.Error": throw new InvalidOperationException($"The circuit of {_address} failed: {arguments[0]}");
        }
    }

    /// <summary>A batch holds its strings as they are: the charts' specifications say what they listen to.</summary>
    async Task SubscribeAsync(ReadOnlyMemory<byte> batch)
    {
        if (batch.Span.IndexOf("\"panel\":\""u8) < 0) return;
        var asked = Subscriptions().Matches(Encoding.UTF8.GetString(batch.Span)).Select(m => (Panel: m.Groups[1].Value, Scope: m.Groups[2].Value)).Distinct().ToList();
        await _subscribing.WaitAsync();
        if (_hub.State == WebSocketState.None && asked.Count > 0)
        {
            await ConnectAsync(_hub, "hubs/live", HubHandshake, WebSocketMessageType.Text);
            _loops.Add(ReadAsync(_hub, _ => 0, CountMessages));
        }
        foreach (var (panel, scope) in asked)
        {
            if (!_subscriptions.Add($"{panel}|{scope}")) continue;
            var call = $"{{\"type\":1,\"target\":\"Subscribe\",\"arguments\":[\"{panel}\",\"{scope}\"]}}\u001e";
            await _hub.SendAsync(Encoding.UTF8.GetBytes(call), WebSocketMessageType.Text, true, default);
        }
        _subscribing.Release();
    }

    int CountMessages(ReadOnlyMemory<byte> received)
    {
        _messages += received.Span.Count((byte)0x1e);
        return received.Length;
    }

    static int WholeHandshake(ReadOnlyMemory<byte> received) => received.Span.IndexOf((byte)0x1e) + 1;

    async Task ReadAsync(ClientWebSocket socket, Func<ReadOnlyMemory<byte>, int> handshake, Func<ReadOnlyMemory<byte>, int> read)
    {
        var (buffer, held, shaken) = (new byte[16 * 1024], 0, false);
        try
        {
            while (true)
            {
                if (held == buffer.Length) Array.Resize(ref buffer, 2 * buffer.Length);
                var received = await socket.ReceiveAsync(buffer.AsMemory(held), default);
                if (received.MessageType == WebSocketMessageType.Close) break;
                held += received.Count;
                var taken = shaken ? 0 : handshake(buffer.AsMemory(0, held));
                shaken = true;
                taken += read(buffer.AsMemory(taken, held - taken));
                buffer.AsSpan(taken, held - taken).CopyTo(buffer);
                held -= taken;
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
        IsLost = !_closed.IsCancellationRequested;
    }

    async Task PingAsync()
    {
        using var timer = new PeriodicTimer(PingEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(_closed.Token))
            {
                await SendAsync(BlazorPack.Ping);
                if (_hub.State == WebSocketState.Open) await _hub.SendAsync(HubPing, WebSocketMessageType.Text, true, default);
            }
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    async Task SendAsync(byte[] message)
    {
        await _sending.WaitAsync();
        try
        {
            await _circuit.SendAsync(message, WebSocketMessageType.Binary, true, default);
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The reader knows.
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Ends the circuit as a closed tab does: the console lets go of it at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        using var end = new MultipartFormDataContent { { new StringContent(await _started.Task), "circuitId" } };
        using var answer = await _browser.PostAsync("_blazor/disconnect", end);
        foreach (var socket in (ClientWebSocket[])[_circuit, _hub])
        {
            try
            {
                if (socket.State == WebSocketState.Open) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
            }
            catch (WebSocketException)
            {
                // Closed already.
            }
        }
        await Task.WhenAll(_loops).WaitAsync(OpensWithin);
        _circuit.Dispose();
        _hub.Dispose();
        _closed.Dispose();
    }

    [GeneratedRegex("<!--Blazor:({\"type\":\"server\".*?})-->")]
    private static partial Regex Markers();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex State();

    [GeneratedRegex("\"panel\":\"([a-z-]+)\",\"scope\":\"([^\"]+)\"")]
    private static partial Regex Subscriptions();
}
