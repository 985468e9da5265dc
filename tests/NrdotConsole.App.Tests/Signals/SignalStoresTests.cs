using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Features.Cardinality;
using NrdotConsole.App.Features.Cost;
using NrdotConsole.App.Features.Overview;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Cost;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Signals;

public sealed class SignalStoresTests : IDisposable
{
    static readonly DateTimeOffset s_at = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    readonly TempDirectory _dir = new();
    readonly ConsoleDatabase _database;

    public SignalStoresTests() => _database = _dir.OpenDatabase();

    public void Dispose()
    {
        _database.Dispose();
        _dir.Dispose();
    }

    static FleetEvent Event(long id, string tenant = "prod", string host = "h1") => new(id, s_at.AddSeconds(id), EventSeverity.Warning, "host.stale", tenant, host, $"event {id}");

    static AnomalyVerdict Verdict(long id, AnomalyLevel level = AnomalyLevel.Low) => new(
        id, "prod", "h1", "web-1", "java", "app", level, 0.7, s_at, null, "cpu 90 %, usually 10 %",
        [new("ewma", "cpu_utilization", 800, 50, true, false)], new Dictionary<string, double> { ["cpu_utilization"] = 90 });

    [Fact]
    public async Task Events_come_back_newest_first_by_page_and_filter()
    {
        var store = new EventStore(_database);
        await store.AddAsync([Event(1), Event(2, "staging"), Event(3), Event(4, host: "h2")]);
        await store.AddAsync([Event(4, host: "h2")]);

        var page = await store.PageAsync("prod", null, null, new(0, 2));
        Assert.Equal([Event(4, host: "h2"), Event(3)], page.Items);
        Assert.Equal((3, 2), (page.Total, page.Next));
        Assert.Equal([Event(1)], (await store.PageAsync("prod", "h1", "host.stale", new(1, 2))).Items);
        Assert.Equal(4, await store.LastIdAsync());
    }

    [Fact]
    public async Task The_oldest_events_go_beyond_the_capacity()
    {
        var store = new EventStore(_database);
        await store.AddAsync([Event(1), Event(2), Event(EventStore.Capacity + 1)]);
        Assert.Equal([EventStore.Capacity + 1, 2L], (await store.PageAsync(null, null, null, new(0, 10))).Items.Select(e => e.Id));
    }

    [Fact]
    public async Task A_verdict_stays_as_it_was_given_and_only_its_end_is_filled_in()
    {
        var store = new VerdictStore(_database);
        var raised = Verdict(1, AnomalyLevel.High) with { Explanation = "cpu 200 %" };
        await store.AddAsync([Verdict(1), raised]);
        await store.AddAsync([raised with { EndedAt = s_at.AddMinutes(9), Explanation = "rewritten" }]);

        var last = Assert.Single((await store.PageAsync(new())).Items);
        Assert.Equal((AnomalyLevel.High, "cpu 200 %", s_at.AddMinutes(9)), (last.Level, last.Explanation, last.EndedAt));
        Assert.Equal(Verdict(1).Votes, last.Votes);
        Assert.Equal(90, last.Features["cpu_utilization"]);
        Assert.Equal([AnomalyLevel.Low, AnomalyLevel.High], (await store.RevisionsAsync(1)).Select(v => v.Level));
    }

    [Fact]
    public async Task Verdicts_are_found_by_host_time_level_and_whether_they_are_open()
    {
        var store = new VerdictStore(_database);
        await store.AddAsync([Verdict(1), Verdict(2, AnomalyLevel.Severe), Verdict(1) with { EndedAt = s_at.AddMinutes(5) }]);

        async Task<IEnumerable<long>> Ids(VerdictQuery query) => (await store.PageAsync(query)).Items.Select(v => v.Id);
        Assert.Equal([2], await Ids(new() { OpenOnly = true }));
        Assert.Equal([2], await Ids(new() { MinimumLevel = AnomalyLevel.High }));
        Assert.Equal([2, 1], await Ids(new() { HostKey = "h1", Tenant = "prod" }));
        Assert.Equal([2], await Ids(new() { From = s_at.AddMinutes(6) }));
        Assert.Empty(await Ids(new() { To = s_at }));
        Assert.Empty(await Ids(new() { Tenant = "staging" }));
    }

    [Fact]
    public async Task Usage_is_kept_by_tenant_and_day()
    {
        var store = new UsageStore(_database);
        await store.SetAsync([new("a", new(2026, 10, 31), 1, 1), new("a", new(2026, 11, 1), 10, 2)]);
        await store.SetAsync([new("a", new(2026, 11, 1), 30, 4), new("b", new(2026, 11, 2), 5, 1)]);
        Assert.Equal([new DayUsage("a", new(2026, 11, 1), 30, 4), new("b", new(2026, 11, 2), 5, 1)], await store.SinceAsync(new(2026, 11, 1)));
    }

    [Fact]
    public async Task Only_todays_sketches_are_kept()
    {
        var store = new SketchStore(_database);
        await store.SetAsync(new(2026, 11, 22), [new("a", "m", [1])]);
        await store.SetAsync(new(2026, 11, 23), [new("a", "n", [2])]);
        Assert.Empty(await store.OfAsync(new(2026, 11, 22)));
        Assert.Equal([2], Assert.Single(await store.OfAsync(new(2026, 11, 23))).Bytes);
    }

    [Fact]
    public async Task A_known_host_stays_known()
    {
        var store = new KnownHosts(_database);
        await store.AddAsync([("prod", "h1"), ("prod", "h1"), ("prod", "h2")], s_at);
        Assert.Equal([("prod", "h1"), ("prod", "h2")], await store.AllAsync());
    }
}
