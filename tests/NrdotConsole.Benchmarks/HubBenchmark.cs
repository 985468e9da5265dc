using System.Diagnostics;
using System.Net.Http.Headers;
using NrdotConsole.Journeys;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// Thousands of listeners of one live panel at 1 Hz, against plain WebSockets that are sent one ready frame. The delay counts from the answer to
/// a request with points to the first message that knows of it; the tick's own wait, up to a second, is part of it and shown apart.
/// </summary>
internal static class HubBenchmark
{
    const int FrameBytes = 900;

    public static async Task RunAsync(Report report, Scale scale)
    {
        var clients = scale.Of(5_000, 200);
        var seconds = scale.Of(20, 5);
        report.Section($"{clients} listeners at 1 Hz, clients on the same machine");
        var raw = await RawAsync(clients, seconds);
        var hub = await HubAsync(clients, seconds);
        report.Ratio("hub: CPU of one core", hub.Share, "cores", "plain WebSockets", raw.Share, "-");
        report.Ratio("hub: p99 from the first listener that hears of a point to each", hub.Spread, "ms", "plain WebSockets, from the send", raw.Spread, "under 250 ms");
        report.Figure("hub: p50 from a point's arrival", hub.P50, "ms", "-");
        report.Figure("hub: p99 from a point's arrival", hub.P99, "ms", "under 250 ms");
        report.Figure("hub: resident bytes a connection", hub.BytesPerClient, "B", "-");
    }

    readonly record struct Result(double Share, double P50, double P99, double Spread, double BytesPerClient);

    static async Task<Result> RawAsync(int clients, int seconds)
    {
        using var server = Process.Start(new ProcessStartInfo("dotnet", [typeof(HubBenchmark).Assembly.Location, RawSockets.Argument, $"{FrameBytes}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        try
        {
            var address = (await server.StandardOutput.ReadLineAsync())!.Replace("http:", "ws:", StringComparison.Ordinal);
            var delays = new Delays();
            await using var listeners = new LiveClients("sent", (sent, now) => delays.Add(TimeProvider.System.GetElapsedTime(sent, now)));
            await listeners.ConnectAsync(new(address), clients, null);
            await Task.Delay(TimeSpan.FromSeconds(2));
            delays.Clear();
            var cpu = new ChildCpu(server.Id);
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            return new(cpu.Lap() / seconds, 0, 0, delays.Percentile(0.99), 0);
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync();
        }
    }

    static async Task<Result> HubAsync(int clients, int seconds)
    {
        using var directory = new TempDirectory();
        await using var console = await ConsoleProcess.StartAsync(directory.Path);
        using var sender = new HttpClient { BaseAddress = new($"http://127.0.0.1:{console.OtlpHttpPort}/") };
        var payloads = new Payloads(Shape.ResourcePerHost, hosts: 1, hostsPerRequest: 1);
        var (delays, spreads) = (new Delays(), new Delays());
        // Requests are numbered from 1: when each was answered, and when the first listener knew of it.
        var (answered, first) = (new long[seconds * 4 + 100], new long[seconds * 4 + 100]);
        await using var listeners = new LiveClients("requests", Heard);
        var cpu = new ChildCpu(console.ProcessId);
        await SendAsync(1);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var idle = cpu.ResidentBytes;
        await listeners.ConnectAsync(new($"ws://127.0.0.1:{console.HttpPort}/hubs/live"), clients, ConsoleProcess.ApiToken);
        await Task.Delay(TimeSpan.FromSeconds(3));
        var bytes = (cpu.ResidentBytes - idle) / (double)clients;
        (delays, spreads) = (new(), new());
        cpu.Lap();
        var random = new Random(5);
        var begun = TimeProvider.System.GetTimestamp();
        for (var i = 2; TimeProvider.System.GetElapsedTime(begun).TotalSeconds < seconds; i++)
        {
            await SendAsync(i);
            await Task.Delay(900 + random.Next(200));
        }
        var share = cpu.Lap() / TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        if (listeners.Lost > 0) throw new InvalidOperationException($"{listeners.Lost} of {clients} connections were lost.");
        return new(share, delays.Percentile(0.5), delays.Percentile(0.99), spreads.Percentile(0.99), bytes);

        void Heard(long requests, long now)
        {
            if (requests >= answered.Length || Volatile.Read(ref answered[requests]) is not (> 0 and var since)) return;
            var earliest = Interlocked.CompareExchange(ref first[requests], now, 0);
            delays.Add(TimeProvider.System.GetElapsedTime(since, now));
            spreads.Add(TimeProvider.System.GetElapsedTime(earliest == 0 ? now : earliest, now));
        }

        async Task SendAsync(int number)
        {
            using var content = new ByteArrayContent(payloads.Round(DateTimeOffset.UtcNow)[0]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            using var answer = await sender.PostAsync("v1/metrics", content);
            answer.EnsureSuccessStatusCode();
            Volatile.Write(ref answered[number], TimeProvider.System.GetTimestamp());
        }
    }

    sealed class Delays
    {
        readonly List<double> _milliseconds = [];

        public void Add(TimeSpan delay)
        {
            lock (_milliseconds) _milliseconds.Add(delay.TotalMilliseconds);
        }

        public void Clear()
        {
            lock (_milliseconds) _milliseconds.Clear();
        }

        public double Percentile(double q)
        {
            lock (_milliseconds)
            {
                if (_milliseconds.Count == 0) return double.NaN;
                _milliseconds.Sort();
                return _milliseconds[(int)(q * (_milliseconds.Count - 1))];
            }
        }
    }
}
