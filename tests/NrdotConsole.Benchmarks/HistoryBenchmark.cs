using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Signals;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.Benchmarks;

/// <summary>The overview's charts over 30 days: the signals' own history, for the fleet and three tenants, a point a minute.</summary>
internal static class HistoryBenchmark
{
    static readonly string[] Charts = ["nrdot.coverage.score", "nrdot.cost.hourly", "nrdot.series.active", "nrdot.anomalies.active"];

    public static async Task RunAsync(Report report, Scale scale)
    {
        var days = scale.Of(30, 2);
        report.Section($"Overview over {days} days, 1,000 hosts");
        using var directory = new TempDirectory();
        var begin = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var time = new FakeTimeProvider(begin);
        using var store = new SeriesStore(new StoreSettings(), time, directory.Path);
        if (!store.TryOpen()) throw new InvalidOperationException(store.Stats().Health.Fault);
        Fill(store, time, days);

        using var engine = new QueryEngine(store);
        var to = time.GetUtcNow();
        var waits = new List<double>();
        for (var i = 0; i < scale.Of(40, 5); i++)
        {
            var begun = TimeProvider.System.GetTimestamp();
            foreach (var metric in Charts)
            {
                var answer = await engine.RunAsync(new() { Metric = metric, GroupBy = ["tenant"], From = to.AddDays(-days), To = to, Step = TimeSpan.FromHours(1), Aggregation = Aggregation.Avg });
                if (answer.Series.Count != 4) throw new InvalidOperationException($"{metric}: {answer.Series.Count} series. {answer.Refusal}");
            }
            waits.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
        }
        waits.Sort();
        report.Figure("p50 of its four charts together", waits[waits.Count / 2], "ms", "-");
        report.Figure("p99 of its four charts together", waits[(int)(waits.Count * 0.99)], "ms", "under 100 ms");
    }

    static void Fill(SeriesStore store, FakeTimeProvider time, int days)
    {
        var own = new OwnSeries(store);
        var random = new Random(3);
        for (var minute = 0; minute < days * 1440; minute++)
        {
            var now = time.GetUtcNow();
            var overviews = ((string?[])[null, "prod", "staging", "edge"]).Select(tenant => new OverviewSummary(
                new(tenant), now, 1000, 990 + random.Next(10), Math.Round(0.9 + random.NextDouble() / 10, 4), 1, 12.34m + random.Next(100) / 100m, 9_000,
                120_000 + random.Next(500), 130_000, random.Next(9), 2_000, 0.7, []));
            if (own.Write(overviews, now).Status != IngestStatus.Accepted) throw new InvalidOperationException("The store refused.");
            time.Advance(TimeSpan.FromMinutes(1));
            if (minute % 120 == 119 && !store.TrySealAll()) throw new InvalidOperationException(store.Stats().Health.Fault);
        }
    }
}
