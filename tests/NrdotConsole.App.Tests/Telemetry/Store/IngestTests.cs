using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Store;

public sealed class IngestTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly long T0 = Start.ToUnixTimeMilliseconds();
    static readonly (string, string)[] HostA = [("host.id", "a"), ("host.name", "alpha")];

    readonly FakeTimeProvider _time = new(Start);
    readonly SeriesStore _store;
    readonly QueryEngine _engine;

    public IngestTests()
    {
        _store = new(new(), _time);
        _engine = new(_store);
    }

    public void Dispose() => _engine.Dispose();

    Task<QueryResult> Raw(string metric) =>
        _engine.RunAsync(new() { Metric = metric, From = Start.AddHours(-1), To = Start.AddHours(1) });

    [Fact]
    public async Task No_sender_writes_into_the_console_s_own_history()
    {
        var request = OtlpBytes.Gauge("nrdot.coverage.score", [("nrdot.tenant", "nrdot-console")], [], (T0, 1));
        var outcome = _store.Ingest(request, null);
        Assert.Equal((0, 1), (outcome.Accepted, outcome.Refused));
        Assert.Contains("nrdot-console", outcome.Message, StringComparison.Ordinal);
        Assert.Equal(1, _store.Stats().Refusals.Single(r => r.Reason == RefusalReason.TenantForbidden).Points);
        Assert.Empty((await Raw("nrdot.coverage.score")).Series);

        Assert.Equal(1, _store.Ingest(request, "nrdot-console").Accepted);
        Assert.Equal(0, _store.Ingest(request, null).Accepted);
    }

    [Fact]
    public async Task A_point_is_found_again_with_its_value_unit_labels_and_time()
    {
        var outcome = _store.Ingest(OtlpBytes.Gauge("m", HostA, [("state", "user")], (T0, 1.25)), "prod");
        Assert.Equal(new(IngestStatus.Accepted, 1, 0, null), outcome);

        var result = await Raw("m");
        Assert.Equal(("By", MetricKind.Gauge), (result.Unit, result.Kind));
        var series = Assert.Single(result.Series);
        Assert.Equal(Labels.Of(("host.id", "a"), ("host.name", "alpha"), ("nrdot.tenant", "prod"), ("state", "user")), series.Labels);
        Assert.Equal([new QueryPoint(T0, 1.25)], series.Points);
    }

    [Fact]
    public async Task Attributes_in_another_order_are_the_same_series()
    {
        _store.Ingest(OtlpBytes.Gauge("m", HostA, [("x", "1"), ("y", "2")], (T0, 1)), null);
        _store.Ingest(OtlpBytes.Gauge("m", [HostA[1], HostA[0]], [("y", "2"), ("x", "1")], (T0 + 1000, 2)), null);
        Assert.Equal(2, Assert.Single((await Raw("m")).Series).Points.Count);
        Assert.Equal(1, _store.Stats().Series);
    }

    [Fact]
    public async Task A_points_attribute_hides_the_resources_which_stays_under_another_name()
    {
        _store.Ingest(OtlpBytes.Gauge("m", [("host.id", "a"), ("k", "of resource")], [("k", "of point")], (T0, 1)), null);
        var labels = Assert.Single((await Raw("m")).Series).Labels;
        Assert.Equal(("of point", "of resource"), (labels.Get("k"), labels.Get("resource.k")));
    }

    [Fact]
    public async Task The_command_line_is_dropped()
    {
        _store.Ingest(OtlpBytes.Gauge("m", [("host.id", "a"), ("process.command_line", "psql -p secret")], [], (T0, 1)), null);
        Assert.Equal(Labels.Of(("host.id", "a")), Assert.Single((await Raw("m")).Series).Labels);
    }

    [Fact]
    public async Task A_late_point_is_stored_in_order_and_does_not_become_the_newest()
    {
        _store.Ingest(OtlpBytes.Gauge("m", HostA, [], (T0, 1), (T0 + 2000, 3), (T0 + 1000, 2), (T0 + 2000, 9), (T0 + 1000, 9)), null);
        Assert.Equal([1, 2, 3], Assert.Single((await Raw("m")).Series).Points.Select(p => p.Value));
        var stats = _store.Stats();
        Assert.Equal((1, 2), (stats.LatePoints, stats.DuplicatePoints));
        Assert.Equal(3, Newest().Single().LastValue);
    }

    [Fact]
    public async Task Not_a_number_infinities_and_no_recorded_value_are_kept_apart()
    {
        _store.Ingest(OtlpBytes.Gauge("m", HostA, [], (T0, double.NaN), (T0 + 1, double.PositiveInfinity), (T0 + 2, double.NegativeInfinity), (T0 + 3, StaleMark.Value)), null);
        _store.Ingest(new OtlpBytes().Add(HostA, OtlpBytes.NoValue("m", T0 + 4)).ToArray(), null);
        var points = Assert.Single((await Raw("m")).Series).Points;
        Assert.Equal([double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.NaN], points.Select(p => p.Value));
        Assert.Equal([true, true, true, true, false], points.Select(p => p.Recorded));
    }

    [Fact]
    public async Task A_malformed_request_leaves_nothing_behind()
    {
        var bytes = OtlpBytes.Gauge("m", HostA, [("a", "b")], (T0, 1));
        var outcome = _store.Ingest([.. bytes, 0x0A, 0x7F], null);
        Assert.Equal(IngestStatus.Malformed, outcome.Status);
        Assert.Empty((await Raw("m")).Series);
        Assert.Equal((0, 0, 0), (_store.Stats().Series, _store.Stats().Hosts, _store.Stats().ActiveSeries));
    }

    [Fact]
    public void Beyond_the_series_limit_points_are_refused_and_counted()
    {
        var store = new SeriesStore(new() { MaxSeries = 2 }, _time);
        for (var i = 0; i < 3; i++)
        {
            var outcome = store.Ingest(OtlpBytes.Gauge("m", HostA, [("n", $"{i}")], (T0, 1)), null);
            Assert.Equal(i < 2 ? (1, 0) : (0, 1), (outcome.Accepted, outcome.Refused));
            Assert.Equal(i < 2, outcome.Message is null);
        }
        Assert.Contains(new(RefusalReason.SeriesLimit, 1), store.Stats().Refusals);
        Assert.Equal(1, store.Ingest(OtlpBytes.Gauge("m", HostA, [("n", "1")], (T0 + 1, 1)), null).Accepted);
    }

    [Fact]
    public void A_tenant_may_not_begin_more_series_a_minute_than_allowed()
    {
        var store = new SeriesStore(new() { NewSeriesPerMinute = 1 }, _time);
        Assert.Equal(1, store.Ingest(OtlpBytes.Gauge("m", HostA, [("n", "1")], (T0, 1)), "t").Accepted);
        Assert.Equal(1, store.Ingest(OtlpBytes.Gauge("m", HostA, [("n", "2")], (T0, 1)), "t").Refused);
        Assert.Equal(1, store.Ingest(OtlpBytes.Gauge("m", HostA, [("n", "2")], (T0, 1)), "u").Accepted);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, store.Ingest(OtlpBytes.Gauge("m", HostA, [("n", "2")], (T0, 1)), "t").Accepted);
    }

    [Fact]
    public void Points_in_the_future_and_without_a_name_are_refused()
    {
        Assert.Equal(1, _store.Ingest(OtlpBytes.Gauge("m", HostA, [], (T0 + 601_000, 1)), null).Refused);
        Assert.Equal(1, _store.Ingest(OtlpBytes.Gauge("", HostA, [], (T0, 1)), null).Refused);
        Assert.Equal(1, _store.Ingest(OtlpBytes.Gauge("m", HostA, [(new('k', 256), "")], (T0, 1)), null).Refused);
        Assert.Equal(1, _store.Ingest(OtlpBytes.Gauge("m", HostA, [.. Enumerable.Range(0, 129).Select(i => ($"k{i}", ""))], (T0, 1)), null).Refused);
    }

    [Fact]
    public void A_host_knows_its_name_attributes_and_what_it_sent()
    {
        var bytes = OtlpBytes.Gauge("m", [.. HostA, ("os.type", "linux"), ("nrdot.profile", "balanced"), ("service.name", "x")], [], (T0, 1), (T0 + 1, 2));
        _store.Ingest(bytes, "prod");
        var changed = new List<TelemetryHost>();
        _store.DrainChangedHosts(changed);
        var host = Assert.Single(changed);
        Assert.Equal(("prod", "a", "alpha", 2L, 1), (host.Tenant, host.Key, host.Name, host.Points, host.ActiveSeries));
        Assert.Equal(Labels.Of(("host.id", "a"), ("host.name", "alpha"), ("os.type", "linux"), ("nrdot.profile", "balanced")), host.Attributes);
        Assert.InRange(host.Bytes, bytes.Length - 10, bytes.Length);
        changed.Clear();
        _store.DrainChangedHosts(changed);
        Assert.Empty(changed);
    }

    [Fact]
    public async Task A_histogram_is_stored_in_parts_and_answers_percentiles()
    {
        _store.Ingest(new OtlpBytes().Add(HostA, OtlpBytes.Histogram("h", Temporality.Cumulative, T0, [0, 10, 10, 0], [1, 2, 4], 50)).ToArray(), null);
        Assert.Equal(6, (await Raw("h")).Series.Count);
        Assert.Equal(2, await One(Aggregation.P50), 6);
        Assert.Equal(20, await One(Aggregation.Count));
        Assert.Equal(50, await One(Aggregation.Sum));
        Assert.Equal(2.5, await One(Aggregation.Avg));

        async Task<double> One(Aggregation aggregation)
        {
            var result = await _engine.RunAsync(new() { Metric = "h", From = Start.AddMinutes(-1), To = Start.AddMinutes(1), Step = TimeSpan.FromMinutes(5), GroupBy = [], Aggregation = aggregation });
            return Assert.Single(Assert.Single(result.Series).Points).Value;
        }
    }

    [Fact]
    public async Task An_exponential_histogram_keeps_its_counts_when_its_buckets_are_joined()
    {
        var counts = Enumerable.Repeat(1ul, 1000).ToArray();
        _store.Ingest(new OtlpBytes().Add(HostA, OtlpBytes.ExponentialHistogram("e", T0, 6, 3, -500, counts)).ToArray(), null);
        var buckets = (await Raw("e")).Series.Where(s => s.Labels.Get("otel.part") == "bucket").ToList();
        Assert.InRange(buckets.Count, 100, 160);
        Assert.Equal(1000, buckets.Sum(b => b.Points[0].Value));
        Assert.Equal(3, (await Raw("e")).Series.Single(s => s.Labels.Get("otel.part") == "zero_count").Points[0].Value);
    }

    [Fact]
    public async Task A_summary_is_stored_in_parts()
    {
        _store.Ingest(new OtlpBytes().Add(HostA, OtlpBytes.Summary("s", T0, 4, 10, (0.5, 2), (0.99, 5))).ToArray(), null);
        var parts = (await Raw("s")).Series.ToDictionary(s => s.Labels.Get("otel.part") + s.Labels.Get("quantile"), s => s.Points[0].Value);
        Assert.Equal(new Dictionary<string, double> { ["count"] = 4, ["sum"] = 10, ["quantile0.5"] = 2, ["quantile0.99"] = 5 }, parts);
    }

    [Fact]
    public void After_the_first_request_a_point_allocates_nothing()
    {
        var attributes = Enumerable.Range(0, 200).Select(i => ((string, string)[])[("n", $"{i}")]).ToArray();
        byte[] Request(int i) => new OtlpBytes().Add(HostA, OtlpBytes.Number("m", MetricKind.Gauge, Temporality.Unspecified, false, [.. attributes.Select(a => (a, T0 + i * 1000, (double)i))])).ToArray();
        var requests = Enumerable.Range(0, 20).Select(Request).ToArray();
        for (var i = 0; i < 10; i++) _store.Ingest(requests[i], "t");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 10; i < 20; i++) _store.Ingest(requests[i], "t");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2000);
    }

    List<SeriesView> Newest()
    {
        var views = new Views();
        foreach (var host in _store.Hosts) _store.VisitHost(host, views);
        return views.All;
    }

    sealed class Views : ISeriesVisitor
    {
        public readonly List<SeriesView> All = [];
        public void Visit(in SeriesView series) => All.Add(series);
    }
}
