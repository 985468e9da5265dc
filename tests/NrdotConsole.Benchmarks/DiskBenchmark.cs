using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.Benchmarks;

/// <summary>Hours of a simulated fleet through log, heads and seals: the bytes that stay, and what the sealing costs.</summary>
internal static class DiskBenchmark
{
    public static Task RunAsync(Report report, Scale scale)
    {
        report.Section("On disk, a simulated fleet at one minute, after sealing");
        using var directory = new TempDirectory();
        var begin = new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
        var end = begin.AddHours(scale.Of(6, 1));
        var time = new FakeTimeProvider(begin);
        using var store = new SeriesStore(new StoreSettings(), time, directory.Path);
        if (!store.TryOpen()) throw new InvalidOperationException(store.Stats().Health.Fault);
        var world = new World(new WorldOptions { Hosts = scale.Of(60, 10), HistoryInterval = TimeSpan.FromMinutes(1) }, begin, end.AddHours(1));
        Cpu sealing = default;
        long points = 0, requestBytes = 0;
        for (var at = begin; at <= end; at = at.AddMinutes(1))
        {
            time.SetUtcNow(at);
            world.Step(at, batch =>
            {
                points += store.Ingest(batch.Body.Span, null).Accepted;
                requestBytes += batch.Body.Length;
            });
            if (at.Minute % 30 != 0) continue;
            sealing.Start();
            if (!store.TrySealAll()) throw new InvalidOperationException(store.Stats().Health.Fault);
            sealing.Stop();
        }
        var stored = store.Stats().Points;
        report.Ratio("bytes a point, the whole of telemetry.db", store.Database!.Bytes / (double)stored, "B", "time and value as 16 bytes", 16, "under 1.5 B");
        report.Ratio("bytes a point over the wire", requestBytes / (double)points, "B", "telemetry.db's", store.Database.Bytes / (double)stored, "-");
        report.Figure("points sealed a CPU-second", stored / sealing.Seconds, "points/CPU-s", "10 M");
        report.Note($"{points / 1e6:0.0} M points of {store.Stats().Series} series in {(end - begin).TotalHours} h.");
        return Task.CompletedTask;
    }
}
