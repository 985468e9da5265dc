using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Tests.Telemetry.Store;

/// <summary>Points whose bytes the store expects are taken without being read field by field: nobody may see a difference.</summary>
public sealed class ExpectedPointTests : IDisposable
{
    static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    static readonly long T0 = Start.ToUnixTimeMilliseconds();

    readonly FakeTimeProvider _time = new(Start);
    readonly SeriesStore _store;
    readonly QueryEngine _engine;

    public ExpectedPointTests()
    {
        _store = new(new(), _time);
        _engine = new(_store);
    }

    public void Dispose() => _engine.Dispose();

    static byte[] Request(params Action<OtlpWriter, PointHeader>[] points)
    {
        var writer = new OtlpWriter();
        foreach (var host in (string[])["a", "b"])
        {
            writer.Resource([new("host.id", host), new("host.cpus", 4)]);
            writer.Scope("scraper", "1");
            writer.Metric("m", MetricKind.Gauge, "By");
            for (var i = 0; i < points.Length; i++) points[i](writer, new(0, (ulong)(T0 + i * 1000) * 1_000_000, false));
        }
        return writer.Complete().ToArray();
    }

    [Fact]
    public async Task A_known_series_is_heard_however_its_points_are_written()
    {
        OtlpAttribute[] user = [new("state", "user")];
        var outcome = _store.Ingest(Request(
            (w, p) => w.Number(p, 0.5, user),
            (w, p) => w.Integer(p, 7, user),
            (w, p) => w.Number(p with { StartUnixNano = 5 }, double.NaN, user),
            (w, p) => w.Number(p with { NoRecordedValue = true }, 0, user),
            (w, p) => w.Number(p, -1.25, user)), null);
        Assert.Equal(new(IngestStatus.Accepted, 10, 0, null), outcome);
        Assert.Equal(2, _store.Stats().Series);
        var result = await _engine.RunAsync(new() { Metric = "m", From = Start, To = Start.AddMinutes(1) });
        Assert.Equal(2, result.Series.Count);
        foreach (var series in result.Series)
            Assert.Equal([new(T0, 0.5), new(T0 + 1000, 7), new(T0 + 2000, double.NaN), new(T0 + 3000, double.NaN, false), new(T0 + 4000, -1.25)], series.Points);
    }

    [Fact]
    public void A_point_too_far_ahead_is_refused_though_its_series_is_expected()
    {
        _store.Ingest(Request((w, p) => w.Number(p, 1)), null);
        var ahead = Request((w, p) => w.Number(p with { UnixNano = p.UnixNano + 3_600_000_000_000 }, 2));
        Assert.Equal(new(IngestStatus.Accepted, 0, 2, null), _store.Ingest(ahead, null) with { Message = null });
    }

    [Fact]
    public void A_known_request_that_is_cut_anywhere_changes_nothing()
    {
        var request = Request((w, p) => w.Number(p, 1, [new("state", "user")]), (w, p) => w.Number(p, 2, [new("state", "user")]));
        _store.Ingest(request, null);
        var points = _store.Stats().Points;
        // Both hosts' parts are of one length: cut between them it is a whole request of the first.
        var whole = request.Length / 2;
        for (var length = 1; length < request.Length; length++)
            if (length != whole) Assert.Equal(IngestStatus.Malformed, _store.Ingest(request.AsSpan(0, length), null).Status);
        Assert.Equal(points, _store.Stats().Points);
    }
}
