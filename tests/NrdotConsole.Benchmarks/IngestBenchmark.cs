using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Oracle;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// Decode, identity and append in one process, against Google.Protobuf's parse alone of the same bytes; rounds alternate.
/// Between rounds, unmeasured, the heads are emptied as a seal does, so that the measured rounds find the memory of the ones before.
/// </summary>
internal static class IngestBenchmark
{
    const int SealEvery = 5;

    public static Task RunAsync(Report report, Scale scale)
    {
        report.Section("Ingest in memory, 12,000 points a request");
        var hosts = scale.Of(1000, 200);
        Measure(report, scale, "one resource a host", new(Shape.ResourcePerHost, hosts, hostsPerRequest: 100), "8 x");
        Measure(report, scale, "one resource a process", new(Shape.ResourcePerProcess, hosts, hostsPerRequest: 100), "5 x");
        return Task.CompletedTask;
    }

    static void Measure(Report report, Scale scale, string shape, Payloads payloads, string aim)
    {
        var warmUp = 2 * SealEvery;
        var rounds = scale.Of(20, 3);
        var memory = new MemoryStore();
        var at = new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
        Cpu ours = default, google = default;
        long points = 0, parsed = 0;
        for (var round = 0; round < warmUp + rounds; round++)
        {
            if (round == warmUp)
            {
                (ours, google) = (default, default);
                (points, parsed) = (0, 0);
            }
            at += TimeSpan.FromMinutes(1);
            var requests = payloads.Round(at);
            if (round % SealEvery == 0) memory.Seal();
            GC.Collect();

            // Who comes second finds the requests in the processor's cache: they take turns.
            if (round % 2 == 0) Parse();
            ours.Start();
            foreach (var request in requests) points += memory.Ingest(request, at);
            ours.Stop();
            if (round % 2 == 1) Parse();

            void Parse()
            {
                google.Start();
                foreach (var request in requests) parsed += ExportMetricsServiceRequest.Parser.ParseFrom(request).ResourceMetrics.Count;
                google.Stop();
            }
        }
        if (points != (long)rounds * payloads.PointsPerRound) throw new InvalidOperationException($"{points} points were accepted of {rounds * payloads.PointsPerRound}.");
        report.Ratio($"points a CPU-second, {shape}", points / ours.Seconds, "points/CPU-s", "Google.Protobuf's parse alone", points / google.Seconds, aim);
        report.Ratio($"bytes allocated a point, {shape}", ours.AllocatedBytes / (double)points, "B", "Google.Protobuf's", google.AllocatedBytes / (double)points, "0 B");
    }

    /// <summary>The store's own parts, without log and database.</summary>
    sealed class MemoryStore
    {
        readonly OtlpReader _reader = new();
        readonly SeriesIndex _index = new(new StoreSettings(), seed: 1);
        readonly IngestBatch _batch;
        long _sequence;

        public MemoryStore() => _batch = new(_index, new StoreSettings());

        public long Ingest(ReadOnlySpan<byte> request, DateTimeOffset at)
        {
            _batch.Begin(null, at.ToUnixTimeMilliseconds(), null);
            if (!_reader.Read(request, new BatchSink(_batch)).IsOk) throw new InvalidOperationException("The payload cannot be read.");
            _index.Apply(_batch);
            return _batch.Accepted;
        }

        public void Seal()
        {
            for (var bucket = 0; bucket < SealSchedule.Buckets; bucket++) _index.Sealed(_index.Take(bucket, ++_sequence, nowMs: 0));
        }
    }
}
