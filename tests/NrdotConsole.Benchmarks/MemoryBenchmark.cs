using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Benchmarks;

/// <summary>What a series costs while it is active: identity, labels, both directions of lookup, and its newest points.</summary>
internal static class MemoryBenchmark
{
    public static Task RunAsync(Report report, Scale scale)
    {
        report.Section("Resident bytes, hosts of 120 series with 17 processes each");
        var payloads = new HostPayloads(hosts: scale.Of(2_500, 100));
        var at = new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
        var before = Live();
        var reader = new OtlpReader();
        var index = new SeriesIndex(new StoreSettings(), seed: 1);
        var batch = new IngestBatch(index, new StoreSettings());
        payloads.Round(at, Ingest);
        report.Ratio("bytes an active series, labels included, one point each", (Live() - before) / (double)index.Series.Count, "B", "its identity as the sender writes it", payloads.IdentityBytesPerSeries, "under 600 B");
        for (var minute = 1; minute < 15; minute++) payloads.Round(at.AddMinutes(minute), Ingest);
        report.Figure("the same with 15 points each, half a window before a seal", (Live() - before) / (double)index.Series.Count, "B", "under 600 B");
        GC.KeepAlive(index);
        return Task.CompletedTask;

        void Ingest(ReadOnlyMemory<byte> request, DateTimeOffset now)
        {
            batch.Begin(null, now.ToUnixTimeMilliseconds(), null);
            if (!reader.Read(request.Span, new BatchSink(batch)).IsOk) throw new InvalidOperationException("The payload cannot be read.");
            index.Apply(batch);
        }
    }

    static long Live() => GC.GetTotalMemory(forceFullCollection: true);
}
