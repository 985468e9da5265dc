using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.Benchmarks;

/// <summary>Hours of a simulated fleet through log, heads, seals and the merge: the bytes that stay, and what that costs.</summary>
internal static class DiskBenchmark
{
    public static Task RunAsync(Report report, Scale scale)
    {
        report.Section("On disk, a simulated fleet at one minute");
        using var directory = new TempDirectory();
        var begin = new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
        var end = begin.AddHours(scale.Of(6, 1));
        var warmUp = TimeSpan.FromHours(scale.Of(2, 0));
        var time = new FakeTimeProvider(begin);
        using var store = new SeriesStore(new StoreSettings(), time, directory.Path);
        if (!store.TryOpen()) throw new InvalidOperationException(store.Stats().Health.Fault);
        var world = new World(new WorldOptions { Hosts = scale.Of(60, 10), HistoryInterval = TimeSpan.FromMinutes(1) }, begin, end.AddHours(1));
        Cpu sealing = default;
        long points = 0, requestBytes = 0, pointsOfWarmUp = 0;
        for (var at = begin; at <= end; at = at.AddMinutes(1))
        {
            time.SetUtcNow(at);
            world.Step(at, batch =>
            {
                points += store.Ingest(batch.Body.Span, null).Accepted;
                requestBytes += batch.Body.Length;
            });
            if (at.Minute % 30 != 0) continue;
            if (at - begin == warmUp)
            {
                // The first seals name every series and are still being compiled.
                sealing = default;
                pointsOfWarmUp = store.Stats().Points;
                if (!store.TrySealAll()) throw new InvalidOperationException(store.Stats().Health.Fault);
                continue;
            }
            sealing.Start();
            if (!store.TrySealAll()) throw new InvalidOperationException(store.Stats().Health.Fault);
            sealing.Stop();
        }
        var stored = store.Stats().Points;
        var sealedBytes = store.Database!.Bytes;
        Account(report, store.Database, "only sealed", stored);
        time.Advance(TimeSpan.FromHours(7));
        Cpu merging = default;
        merging.Start();
        if (!new RollUp(store, new(), time).Run()) throw new InvalidOperationException(store.Stats().Health.Fault);
        merging.Stop();
        Account(report, store.Database!, "sealed and merged", stored);
        // Until no late point can change the hours: they are merged too, and freed pages go back to the file system.
        for (var run = 0; run < 6; run++)
        {
            time.Advance(TimeSpan.FromDays(2));
            if (!new RollUp(store, new(), time).Run()) throw new InvalidOperationException(store.Stats().Health.Fault);
        }
        for (var i = 0; i < 10; i++) store.Database!.Shrink();
        Account(report, store.Database!, "a fortnight later", stored);
        var (decimals, doubles) = Blocks(store.Database!);
        report.Ratio("bytes a point, blocks, senders' decimal numbers", decimals.Bytes / (double)decimals.Points, "B", "time and value as 16 bytes", 16, "under 1.5 B");
        report.Figure($"bytes a point, blocks, quotients of 17 digits ({doubles.Points * 100 / stored} % of the points)", doubles.Bytes / (double)doubles.Points, "B", "-");
        report.Ratio("bytes a point, the whole of telemetry.db, only sealed", sealedBytes / (double)stored, "B", "time and value as 16 bytes", 16, "-");
        report.Figure("points merged and rolled up a CPU-second", (decimals.Points + doubles.Points) / merging.Seconds, "points/CPU-s", "-");
        report.Ratio("bytes a point over the wire", requestBytes / (double)points, "B", "telemetry.db's", sealedBytes / (double)stored, "-");
        report.Figure("points sealed a CPU-second", (stored - pointsOfWarmUp) / sealing.Seconds, "points/CPU-s", "10 M");
        report.Figure("bytes a point, random cents up to 100 (worst case of a decimal)", RandomCents(), "B", "-");
        Largest(report, store.Database!);
        report.Note($"{points / 1e6:0.0} M points of {store.Stats().Series} series in {(end - begin).TotalHours} h.");
        return Task.CompletedTask;
    }

    /// <summary>Which metrics the merged blocks' bytes belong to.</summary>
    static void Largest(Report report, TelemetryDatabase database)
    {
        using var reader = database.OpenReader();
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT name, sum(length(data)) bytes, sum(points) FROM block JOIN metric ON metric.id = block.metric WHERE level = 0 AND merged = 1 GROUP BY name ORDER BY bytes DESC LIMIT 5";
        using var rows = command.ExecuteReader();
        while (rows.Read()) report.Note($"{rows.GetString(0),-28} {rows.GetInt64(1) / (double)rows.GetInt64(2):0.00} B a point, {rows.GetInt64(2) / 1e6:0.00} M points");
    }

    static readonly string[] s_parts = ["raw, sealed", "raw, merged", "raw, late", "minute roll-ups", "hour roll-ups"];

    /// <summary>Where the file's bytes are, a raw point.</summary>
    static void Account(Report report, TelemetryDatabase database, string when, long points)
    {
        using var reader = database.OpenReader();
        using var command = reader.CreateCommand();
        command.CommandText = "SELECT CASE level WHEN 0 THEN CASE WHEN late THEN 2 ELSE merged END ELSE level + 2 END part, count(*), sum(length(data)) FROM block GROUP BY part";
        var blobs = 0L;
        using (var rows = command.ExecuteReader())
            while (rows.Read())
            {
                report.Note($"{when,-18} {s_parts[rows.GetInt32(0)],-16} {rows.GetInt64(1),7} blocks of {rows.GetInt64(2) / rows.GetInt64(1),7} B = {rows.GetInt64(2) / (double)points:0.00} B a point");
                blobs += rows.GetInt64(2);
            }
        long Of(string sql)
        {
            command.CommandText = sql;
            return (long)command.ExecuteScalar()!;
        }
        var size = Of("PRAGMA page_size");
        var labels = Of("SELECT (SELECT sum(length(labels)) FROM resource) + (SELECT sum(length(labels)) FROM attributes)");
        var free = Of("PRAGMA freelist_count") * size;
        var file = Of("PRAGMA page_count") * size;
        report.Note($"{when,-18} labels {labels / (double)points:0.00}, free pages {free / (double)points:0.00}, rows, index and slack {(file - free - labels - blobs) / (double)points:0.00}; the file {file / (double)points:0.00} B a point");
    }

    /// <summary>A merged block of numbers of which none says anything about the next: 13.3 bits each cannot be saved.</summary>
    static double RandomCents()
    {
        var random = new Random(5);
        var times = Enumerable.Range(0, 360).Select(i => i * 60_000L).ToArray();
        var writer = new BlockCodec.Writer();
        for (var series = 0; series < 256; series++) writer.Add(series, 1, times, [.. times.Select(_ => random.Next(10_000) / 100d)]);
        using var compressor = new ZstdSharp.Compressor(3);
        var points = writer.Points;
        return compressor.Wrap(writer.Finish()).Length / (double)points;
    }

    /// <summary>Bytes and points of the raw blocks: what senders compute by dividing has all digits of a double, the rest has few.</summary>
    static ((long Bytes, long Points) Decimals, (long Bytes, long Points) Doubles) Blocks(TelemetryDatabase database)
    {
        using var reader = database.OpenReader();
        return (Of(0), Of(1));

        (long, long) Of(int areQuotients)
        {
            using var command = reader.CreateCommand();
            command.CommandText = $"""
                SELECT sum(length(data)), sum(points) FROM block JOIN metric ON metric.id = block.metric
                WHERE level = 0 AND merged = 1 AND (name LIKE '%utilization' OR name LIKE '%\_time' ESCAPE '\' OR name LIKE '%seconds') = {areQuotients}
                """;
            using var row = command.ExecuteReader();
            row.Read();
            return (row.GetInt64(0), row.GetInt64(1));
        }
    }
}
