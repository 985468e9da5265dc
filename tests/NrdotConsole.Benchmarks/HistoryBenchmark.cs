using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Signals;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Benchmarks;

/// <summary>
/// Charts over 30 days, from a store that rolled up as it went, and goes on to take points and to seal between the queries:
/// the overview's (the signals' own history, a point a minute, for the fleet and three tenants), and one that asks 1,000 hosts.
/// </summary>
internal static class HistoryBenchmark
{
    const int HostIntervalMinutes = 10;

    static readonly string[] Charts = ["nrdot.coverage.score", "nrdot.cost.hourly", "nrdot.series.active", "nrdot.anomalies.active"];
    static readonly string[] Tenants = ["prod", "staging", "edge"];

    public static async Task RunAsync(Report report, Scale scale)
    {
        var days = scale.Of(30, 2);
        var hosts = scale.Of(1000, 50);
        report.Section($"{days} days of {hosts} hosts");
        using var directory = new TempDirectory();
        var begin = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var time = new FakeTimeProvider(begin);
        using var store = new SeriesStore(new StoreSettings(), time, directory.Path);
        if (!store.TryOpen()) throw new InvalidOperationException(store.Stats().Health.Fault);
        var sender = new Sender(store, time, hosts);
        var rollUp = new RollUp(store, new(), time);
        var retention = new Retention(store, new(), time);
        for (var minute = 1; minute <= days * 1440; minute++)
        {
            sender.Minute();
            if (minute % 120 == 0 && !store.TrySealAll()) throw new InvalidOperationException(store.Stats().Health.Fault);
            if (minute % 720 != 0) continue;
            if (!rollUp.Run()) throw new InvalidOperationException(store.Stats().Health.Fault);
            retention.Run();
        }

        using var engine = new QueryEngine(store);
        await Measure(report, "the overview's four charts together", scale, sender, time, async (from, to) =>
        {
            foreach (var metric in Charts) await Ask(engine, new() { Metric = metric, GroupBy = ["tenant"], From = from, To = to, Step = TimeSpan.FromHours(1), Aggregation = Aggregation.Avg }, Tenants.Length + 1);
        }, days);
        await Measure(report, "the load of all hosts by tenant", scale, sender, time, (from, to) =>
            Ask(engine, new() { Metric = Sender.Load, GroupBy = ["nrdot.tenant"], From = from, To = to, Step = TimeSpan.FromHours(1), Aggregation = Aggregation.Avg }, Tenants.Length), days);
    }

    static async Task Ask(QueryEngine engine, MetricQuery query, int series)
    {
        var answer = await engine.RunAsync(query);
        if (answer.Series.Count != series) throw new InvalidOperationException($"{query.Metric}: {answer.Series.Count} series. {answer.Refusal}");
    }

    static async Task Measure(Report report, string what, Scale scale, Sender sender, FakeTimeProvider time, Func<DateTimeOffset, DateTimeOffset, Task> ask, int days)
    {
        var waits = new List<double>();
        Cpu cpu = default;
        for (var i = 0; i < scale.Of(300, 5); i++)
        {
            sender.Minute();
            if (i % 15 == 14) sender.Seal();
            var to = time.GetUtcNow();
            cpu.Start();
            var begun = TimeProvider.System.GetTimestamp();
            await ask(to.AddDays(-days), to);
            waits.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
            cpu.Stop();
            if (i == 0) cpu = default;
        }
        report.Figure($"{what}, the first (being compiled)", waits[0], "ms", "-");
        waits.RemoveAt(0);
        waits.Sort();
        report.Figure($"{what}, CPU", cpu.Seconds * 1000 / waits.Count, "ms", "-");
        report.Figure($"{what}, p50", waits[waits.Count / 2], "ms", "-");
        report.Figure($"{what}, p99", waits[(int)(waits.Count * 0.99)], "ms", "under 100 ms");
    }

    /// <summary>The console's own figures each minute, a host's load each ten.</summary>
    sealed class Sender(SeriesStore store, FakeTimeProvider time, int hosts)
    {
        public const string Load = "system.cpu.load_average.1m";

        readonly OwnSeries _own = new(store);
        readonly OtlpWriter _writer = new(1 << 20);
        readonly Random _random = new(3);
        long _minute;

        public void Minute()
        {
            var now = time.GetUtcNow();
            var overviews = ((string?[])[null, .. Tenants]).Select(tenant => new OverviewSummary(
                new(tenant), now, hosts, hosts - _random.Next(10), Math.Round(0.9 + _random.NextDouble() / 10, 4), 1, 12.34m + _random.Next(100) / 100m, 9_000,
                120_000 + _random.Next(500), 130_000, _random.Next(9), 2_000, 0.7, []));
            Accept(_own.Write(overviews, now));
            if (_minute++ % HostIntervalMinutes == 0) Hosts(now);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        void Hosts(DateTimeOffset now)
        {
            var point = new PointHeader(0, (ulong)now.ToUnixTimeMilliseconds() * 1_000_000, false);
            _writer.Clear();
            for (var host = 0; host < hosts; host++)
            {
                _writer.Resource([new("host.id", $"i-{host:x8}"), new("nrdot.tenant", Tenants[host % Tenants.Length])]);
                _writer.Scope("bench");
                _writer.Metric(Load, MetricKind.Gauge, "1");
                _writer.Number(point, _random.Next(800) / 100d);
            }
            Accept(store.Ingest(_writer.Complete().Span, null));
        }

        public void Seal()
        {
            if (!store.TrySealNext()) throw new InvalidOperationException(store.Stats().Health.Fault);
        }

        static void Accept(IngestOutcome outcome)
        {
            if (outcome.Status != IngestStatus.Accepted) throw new InvalidOperationException($"The store refused: {outcome.Message}");
        }
    }
}
