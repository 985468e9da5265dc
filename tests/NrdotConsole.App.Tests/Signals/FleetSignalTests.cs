using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Signals;

public sealed class FleetSignalTests : IDisposable
{
    readonly SignalWorld _world = new();

    public void Dispose() => _world.Dispose();

    HostRow Row(string host) => _world.Board.Fleet(SignalScope.Fleet).Current!.Rows.Single(r => r.HostKey == host);

    async Task<string[]> Kinds() => [.. (await _world.Stores.Events.PageAsync(null, null, null, new(0, 100))).Items.Select(e => e.Kind).Reverse()];

    void SelfTelemetry(string instance, double accepted, double refused, double uptime) => _world.Send("prod", writer =>
    {
        writer.Resource([new("host.id", "h1"), new("service.name", "nrdot-collector"), new("service.version", "2.3.0"), new("service.instance.id", instance)]);
        writer.Scope();
        foreach (var (name, value) in new[] { ("otelcol_receiver_accepted_metric_points", accepted), ("otelcol_receiver_refused_metric_points", refused), ("otelcol_process_uptime", uptime) })
        {
            writer.Metric(name, MetricKind.Sum, "", "", Temporality.Cumulative, monotonic: true);
            writer.Number(SignalWorld.At(_world.Now), value);
        }
    });

    [Fact]
    public void A_collector_that_refuses_points_degrades_its_host_and_a_reload_does_not()
    {
        _world.Run(121, second =>
        {
            if (second % 60 == 0) SelfTelemetry("a", second * 10, second * 10, second);
        });
        Assert.Equal((HostHealth.Degraded, 0.5), (Row("h1").Health, Row("h1").Collector!.Acceptance));

        _world.Run(121, second =>
        {
            if (second % 60 == 0) SelfTelemetry("b", second * 10, 0, second);
        });
        Assert.Equal((HostHealth.Healthy, 1.0, "2.3.0"), (Row("h1").Health, Row("h1").Collector!.Acceptance, Row("h1").Collector!.Version));
        Assert.Equal(TimeSpan.FromSeconds(120), Row("h1").Collector!.Uptime);
    }

    [Fact]
    public async Task A_host_that_flaps_is_told_of_once_in_five_minutes()
    {
        void Minute(bool sends) => _world.Run(60, second =>
        {
            if (sends && second == 0) _world.Scrape("prod", "h1", ("java", 1, 1e7));
        });
        for (var i = 0; i < 3; i++) Minute(true);
        for (var i = 0; i < 4; i++) Minute(false);
        Assert.Equal(HostHealth.Stale, Row("h1").Health);
        Assert.Equal(["tenant.new", "host.new", "host.stale"], await Kinds());

        Minute(true);
        Assert.Equal(HostHealth.Healthy, Row("h1").Health);
        Assert.Equal(["tenant.new", "host.new", "host.stale"], await Kinds());
        for (var i = 0; i < 4; i++) Minute(true);
        Assert.Equal("host.returned", (await Kinds()).Last());
    }

    [Fact]
    public async Task A_fleet_that_arrives_at_once_is_one_event_and_known_after_a_restart()
    {
        for (var i = 0; i < 50; i++) _world.Scrape("prod", $"h{i}", ("java", 1, 1e7));
        _world.Run(2);
        var arrival = (await _world.Stores.Events.PageAsync(null, null, "host.new", new(0, 10))).Items;
        Assert.StartsWith("50 at once: h", Assert.Single(arrival).Text);

        _world.Restart();
        _world.Run(2);
        Assert.Equal(1, (await _world.Stores.Events.PageAsync(null, null, "host.new", new(0, 10))).Total);
        Assert.Equal(50, _world.Board.Overview(SignalScope.Fleet).Current!.Hosts);
    }

    [Fact]
    public void A_host_that_was_silent_for_a_day_leaves_the_fleet()
    {
        _world.Scrape("prod", "h1", ("java", 1, 1e7));
        _world.Scrape("prod", "h2", ("java", 1, 1e7));
        _world.Run(3);
        for (var hour = 0; hour < 25; hour++)
        {
            _world.Time.Advance(TimeSpan.FromHours(1));
            _world.Scrape("prod", "h2", ("java", 1, 1e7));
            _world.Run(2);
        }
        Assert.Equal(["h2"], _world.Board.Fleet(SignalScope.Fleet).Current!.Rows.Select(r => r.HostKey));
        Assert.Equal(1, _world.Board.Overview(SignalWorld.Prod).Current!.Hosts);
    }

    [Fact]
    public void The_rate_and_cost_of_a_host_are_unknown_until_a_window_has_been_heard()
    {
        _world.Run(5, second => { if (second == 0) _world.Scrape("prod", "h1", ("java", 1, 1e7)); });
        Assert.Equal((null, null), (Row("h1").UsdPerHour, Row("h1").PointsPerMinute));
        _world.Run(180, second => { if (second % 30 == 0) _world.Scrape("prod", "h1", ("java", 1, 1e7)); });
        Assert.True(Row("h1") is { UsdPerHour: > 0, PointsPerMinute: > 0 });
    }

    [Fact]
    public void A_row_object_stays_the_same_while_nothing_about_the_host_changes()
    {
        _world.Scrape("prod", "h1", ("java", 1, 1e7));
        _world.Run(10);
        var row = Row("h1");
        _world.Scrape("prod", "h2", ("java", 1, 1e7));
        _world.Run(5);
        Assert.Same(row, Row("h1"));
    }

    [Fact]
    public void A_watched_host_is_refreshed_and_an_unknown_tenant_that_arrives_goes_on_being_watched()
    {
        var seen = new List<int>();
        _world.Board.Overview(new("late")).Changed += o => seen.Add(o.Hosts);
        _world.Run(2);
        _world.Scrape("late", "h1", ("java", 1, 1e7));
        _world.Run(2);
        Assert.Equal((0, 1), (seen[0], seen[^1]));

        var host = _world.Board.Fleet(new("late", "h1")).Current!;
        Assert.Equal("h1", Assert.Single(host.Rows).Name);
    }

    [Fact]
    public void Scopes_nobody_wants_are_let_go_and_too_many_are_not_kept()
    {
        for (var i = 0; i < 300; i++) Assert.NotNull(_world.Board.Overview(new("none", $"h{i}")).Current);
        Assert.Equal((256, 44L), (_world.Board.OnDemand().Count, _world.Board.Unkept));
        _world.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(_world.Board.OnDemand());
    }

    [Fact]
    public async Task Refusals_are_told_when_they_begin_and_when_they_have_ended()
    {
        using var world = new SignalWorld(store: new() { NewSeriesPerMinute = 30 });
        world.Run(420, second =>
        {
            if (second == 5) world.Scrape("prod", "h1", [.. Enumerable.Range(0, 20).Select(i => ($"java{i}", 1.0, 1e7))]);
        });
        var told = (await world.Stores.Events.PageAsync("", null, null, new(0, 10))).Items;
        Assert.Equal(["ingest.accepting", "ingest.refusing"], told.Select(e => e.Kind));
        Assert.Equal("Points are refused. Since the start: 10 beyond the limit of new series a minute (Telemetry:NewSeriesPerMinute)", told[1].Text);
        Assert.True(world.Board.Ingest.Current!.Store.Writable);
        Assert.Equal(10, world.Board.Ingest.Current.Refusals.Sum(r => r.Points));
    }
}
