using System.IO.Compression;
using System.Net.Http.Headers;
using NrdotConsole.Journeys;
using NrdotConsole.Oracle;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// The built console as its own process: HTTP, gzip, log, heads, seals (shortened, so that some fall into the measurement), signals.
/// Its CPU only; bodies are made beforehand. Held against Google.Protobuf's parse alone of the same points, uncompressed, in this process.
/// </summary>
internal static class HttpBenchmark
{
    const int Senders = 2;

    public static async Task RunAsync(Report report, Scale scale)
    {
        report.Section("HTTP with gzip, log and storage, CPU of the console's process");
        await MeasureAsync(report, scale, hostsPerRequest: 100, "2 M points/CPU-s");
        await MeasureAsync(report, scale, hostsPerRequest: 1, "0.7 M points/CPU-s");
    }

    static async Task MeasureAsync(Report report, Scale scale, int hostsPerRequest, string aim)
    {
        // Long enough for the console to have compiled its hot methods at their best: it is cold for its first seconds.
        var warmUp = scale.Of(hostsPerRequest == 1 ? 15 : 50, 2);
        var rounds = scale.Of(hostsPerRequest == 1 ? 15 : 40, 2);
        var payloads = new Payloads(Shape.ResourcePerHost, scale.Of(1000, 100), hostsPerRequest);
        using var directory = new TempDirectory();
        await using var console = await ConsoleProcess.StartAsync(directory.Path, "Telemetry__HeadWindow=00:00:40");
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{console.OtlpHttpPort}/") };

        var begin = DateTimeOffset.UtcNow.AddMinutes(-warmUp - rounds);
        var google = new Cpu();
        var cpu = new ChildCpu(console.ProcessId);
        double seconds = 0;
        for (var round = 0; round < warmUp + rounds; round++)
        {
            var plain = payloads.Round(begin.AddMinutes(round));
            var bodies = plain.ConvertAll(Gzip);
            if (round >= warmUp)
            {
                google.Start();
                foreach (var request in plain) ExportMetricsServiceRequest.Parser.ParseFrom(request);
                google.Stop();
            }
            cpu.Lap();
            await Task.WhenAll(Enumerable.Range(0, Senders).Select(s => SendAsync(client, bodies, s)));
            if (round >= warmUp) seconds += cpu.Lap();
        }
        var points = (double)rounds * payloads.PointsPerRound;
        report.Ratio($"points a CPU-second at {hostsPerRequest * 120} points a request", points / seconds, "points/CPU-s", "Google.Protobuf's parse alone", points / google.Seconds, aim);
    }

    static async Task SendAsync(HttpClient client, List<byte[]> bodies, int sender)
    {
        for (var i = sender; i < bodies.Count; i += Senders)
        {
            using var content = new ByteArrayContent(bodies[i]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            content.Headers.ContentEncoding.Add("gzip");
            using var answer = await client.PostAsync("v1/metrics", content);
            answer.EnsureSuccessStatusCode();
        }
    }

    static byte[] Gzip(byte[] plain)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(plain);
        return buffer.ToArray();
    }
}
