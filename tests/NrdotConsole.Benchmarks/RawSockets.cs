using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace NrdotConsole.Benchmarks;

/// <summary>The least that fanning out can cost: a process that sends one ready frame to every plain WebSocket once a second.</summary>
internal static class RawSockets
{
    public const string Argument = "raw-sockets";
    static readonly Lock s_gate = new();

    /// <summary>Prints its address, serves until its input ends. The frame has <paramref name="bytes"/> bytes and tells the second.</summary>
    public static async Task<int> ServeAsync(int bytes)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var sockets = new List<WebSocket>();
        app.UseWebSockets();
        app.Map("/", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            lock (s_gate) sockets.Add(socket);
            while (socket.State == WebSocketState.Open) await socket.ReceiveAsync(new byte[16], context.RequestAborted);
        });
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var ended = Task.Run(Console.In.ReadLine);
        while (!ended.IsCompleted && await timer.WaitForNextTickAsync())
        {
            // The time is its only content: the listener subtracts it.
            var frame = Encoding.ASCII.GetBytes($"{{\"sent\":{TimeProvider.System.GetTimestamp()}}}".PadRight(bytes));
            List<WebSocket> all;
            lock (s_gate) all = [.. sockets];
            try
            {
                await Task.WhenAll(all.Select(s => s.SendAsync(frame, WebSocketMessageType.Text, true, default)));
            }
            catch (WebSocketException)
            {
                // The listeners have gone: the measurement is over.
                return 0;
            }
        }
        return 0;
    }
}
