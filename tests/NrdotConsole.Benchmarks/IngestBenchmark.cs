using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Oracle;

namespace NrdotConsole.Benchmarks;

/// <summary>Decode, identity and append in one process, against Google.Protobuf's parse alone of the same bytes; rounds alternate.</summary>
internal static class IngestBenchmark
{
    const int WarmUpRounds = 3;
    const int Rounds = 12;

    public static Task RunAsync(Report report)
    {
        report.Section("Ingest in memory, 12,000 points a request");
        Measure(report, "one resource a host", new(Shape.ResourcePerHost, hosts: 1000, hostsPerRequest: 100), aim: 8);
        Measure(report, "one resource a process", new(Shape.ResourcePerProcess, hosts: 1000, hostsPerRequest: 100), aim: 5);
        return Task.CompletedTask;
    }

    static void Measure(Report report, string shape, Payloads payloads, double aim)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero));
        var store = new SeriesStore(new StoreSettings(), time);
        Cpu ours = default, google = default;
        long points = 0, parsed = 0;
        for (var round = 0; round < WarmUpRounds + Rounds; round++)
        {
            if (round == WarmUpRounds)
            {
                (ours, google) = (default, default);
                (points, parsed) = (0, 0);
            }
            time.Advance(TimeSpan.FromMinutes(1));
            var requests = payloads.Round(time.GetUtcNow());
            GC.Collect();

            ours.Start();
            foreach (var request in requests) points += store.Ingest(request, null).Accepted;
            ours.Stop();

            google.Start();
            foreach (var request in requests) parsed += ExportMetricsServiceRequest.Parser.ParseFrom(request).ResourceMetrics.Count;
            google.Stop();
        }
        if (points != (long)Rounds * payloads.PointsPerRound) throw new InvalidOperationException($"{points} points were accepted of {Rounds * payloads.PointsPerRound}.");
        var ourRate = points / ours.Seconds;
        var googleRate = points / google.Seconds;
        report.Ratio($"points a CPU-second, {shape}", ourRate, "points/CPU-s", "Google.Protobuf's parse alone", googleRate, aim);
        report.Figure($"bytes allocated a point, {shape}", ours.AllocatedBytes / (double)points, "B/point", "0");
    }
}
