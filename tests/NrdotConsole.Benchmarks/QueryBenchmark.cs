using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Benchmarks;

/// <summary>The sum by profile of 20,000 series over 24 h at a minute, from the database, against adding the same points from arrays in memory.</summary>
internal static class QueryBenchmark
{
    const int SeriesPerHost = 20;
    static readonly string[] Profiles = ["aggressive", "balanced", "conservative", "emergency"];

    public static async Task RunAsync(Report report, Scale scale)
    {
        var hosts = scale.Of(1000, 50);
        var minutes = scale.Of(24 * 60, 120);
        report.Section($"Sum by profile, {hosts * SeriesPerHost} series, {minutes} points each");
        using var directory = new TempDirectory();
        var begin = new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero);
        var time = new FakeTimeProvider(begin);
        using var store = new SeriesStore(new StoreSettings(), time, directory.Path);
        if (!store.TryOpen()) throw new InvalidOperationException(store.Stats().Health.Fault);
        var columns = Fill(store, time, hosts, minutes);
        var points = (long)hosts * SeriesPerHost * minutes;
        var bytes = store.Database!.Bytes;
        time.Advance(TimeSpan.FromHours(7));
        if (!new RollUp(store, new(), time).Run()) throw new InvalidOperationException(store.Stats().Health.Fault);
        using var engine = new QueryEngine(store);
        var query = new MetricQuery
        {
            Metric = "bench.load", GroupBy = ["nrdot.profile"], From = begin, To = begin.AddMinutes(minutes - 1),
            Step = TimeSpan.FromMinutes(1), Aggregation = Aggregation.Sum,
        };

        Cpu ours = default, plain = default;
        var repeats = scale.Of(5, 2);
        for (var i = -1; i < repeats; i++)
        {
            if (i == 0) (ours, plain) = (default, default);
            ours.Start();
            var answer = await engine.RunAsync(query);
            ours.Stop();
            plain.Start();
            var sums = Add(columns, minutes);
            plain.Stop();
            Check(answer, sums);
        }
        report.Ratio("CPU seconds a query", ours.Seconds / repeats, "s", "adding the points from memory", plain.Seconds / repeats, "under 0.6 s");
        report.Figure("points read a CPU-second", points * repeats / ours.Seconds, "points/CPU-s", "48 M");
        report.Figure("bytes a point of these on disk, sealed every two hours", bytes / (double)points, "B", "under 1.5 B");
    }

    /// <summary>Answers each profile's series as columns.</summary>
    static List<double[]>[] Fill(SeriesStore store, FakeTimeProvider time, int hosts, int minutes)
    {
        var loads = Enumerable.Range(0, hosts * SeriesPerHost).Select(i => new Load(i)).ToArray();
        List<double[]>[] columns = [[], [], [], []];
        for (var i = 0; i < loads.Length; i++) columns[i / SeriesPerHost % Profiles.Length].Add(new double[minutes]);
        var writer = new OtlpWriter(1 << 20);
        for (var minute = 0; minute < minutes; minute++)
        {
            var now = time.GetUtcNow();
            var point = new PointHeader(0, (ulong)now.ToUnixTimeMilliseconds() * 1_000_000, false);
            for (var host = 0; host < hosts; host++)
            {
                if (host % 500 == 0) writer.Clear();
                writer.Resource([new("host.id", $"i-{host:x8}"), new("nrdot.profile", Profiles[host % Profiles.Length])]);
                writer.Scope("bench");
                writer.Metric("bench.load", MetricKind.Gauge, "1");
                for (var i = 0; i < SeriesPerHost; i++)
                {
                    var value = loads[host * SeriesPerHost + i].Next();
                    columns[host % Profiles.Length][host / Profiles.Length * SeriesPerHost + i][minute] = value;
                    writer.Number(point, value, [new("core", $"{i}")]);
                }
                if ((host % 500 == 499 || host == hosts - 1) && store.Ingest(writer.Complete().Span, null).Status != IngestStatus.Accepted) throw new InvalidOperationException("The store refused.");
            }
            time.Advance(TimeSpan.FromMinutes(1));
            if (minute % 120 == 119 && !store.TrySealAll()) throw new InvalidOperationException(store.Stats().Health.Fault);
        }
        if (!store.TrySealAll()) throw new InvalidOperationException(store.Stats().Health.Fault);
        return columns;
    }

    static double[][] Add(List<double[]>[] columns, int minutes) => Array.ConvertAll(columns, profile =>
    {
        var sum = new double[minutes];
        foreach (var column in profile)
            for (var i = 0; i < sum.Length; i++) sum[i] += column[i];
        return sum;
    });

    static void Check(QueryResult answer, double[][] sums)
    {
        foreach (var series in answer.Series)
        {
            var expected = sums[Array.IndexOf(Profiles, series.Labels.Get("nrdot.profile"))];
            for (var i = 0; i < expected.Length; i++)
                if (Math.Abs(series.Points[i].Value - expected[i]) > 1e-6 * Math.Abs(expected[i])) throw new InvalidOperationException($"Minute {i}: {series.Points[i].Value}, not {expected[i]}.");
        }
        if (answer.Series.Count != sums.Length) throw new InvalidOperationException($"{answer.Series.Count} groups. {answer.Refusal}");
    }

    /// <summary>What a host's cores report: idle ones rarely, busy ones always changing, in hundredths.</summary>
    sealed class Load(int seed)
    {
        readonly Random _random = new(seed);
        readonly double _busy = seed % SeriesPerHost / (double)SeriesPerHost;
        int _hundredths = seed % 100;

        public double Next()
        {
            if (_random.NextDouble() < _busy) _hundredths = Math.Clamp(_hundredths + _random.Next(-5, 6), 0, 100);
            return _hundredths / 100d;
        }
    }
}
