using NrdotConsole.App.Features.Fleet;
using NrdotConsole.Core.Fleet;

namespace NrdotConsole.App.Tests.Fleet;

public sealed class FleetFilterTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    static HostRow Row(string name, HostHealth health = HostHealth.Healthy, string ring = "1", int series = 10, double? coverage = 1, double age = 5, decimal? usd = 0.1m) =>
        new("prod", "key-" + name, name, health, "fresh", ring, "balanced", "linux", Now.AddSeconds(-age), series, 100, usd, coverage, 0, null);

    static readonly HostRow[] Rows =
        [Row("web-1"), Row("web-2", HostHealth.Stale, age: 900), Row("db-1", HostHealth.Degraded, ring: "2", series: 99, coverage: 0.5), Row("db-2", HostHealth.Unknown, coverage: null)];

    static IEnumerable<string> Names(FleetFilter filter) => filter.Apply(Rows).Select(r => r.Name);

    [Fact]
    public void The_worst_hosts_stand_first() => Assert.Equal(["web-2", "db-1", "db-2", "web-1"], Names(FleetFilter.From(null, null, null, null, null, false)));

    [Fact]
    public void Text_health_and_ring_narrow_together()
    {
        Assert.Equal(["web-2", "web-1"], Names(FleetFilter.From("WEB", null, null, null, null, false)));
        Assert.Equal(["web-2"], Names(FleetFilter.From("web", "stale", "1", null, null, false)));
        Assert.Empty(Names(FleetFilter.From("web", null, "2", null, null, false)));
    }

    [Fact]
    public void A_facet_counts_what_choosing_it_would_show()
    {
        var facets = FleetFilter.From("web", "stale", null, null, null, false).Facets(Rows);
        Assert.Equal((1, 1), (facets[HostHealth.Healthy], facets[HostHealth.Stale]));
        Assert.DoesNotContain(HostHealth.Degraded, facets.Keys);
    }

    [Fact]
    public void Unknown_coverage_sorts_behind_every_known_one() =>
        Assert.Equal(["db-1", "web-1", "web-2", "db-2"], Names(FleetFilter.From(null, null, null, null, "coverage", false)));

    [Theory]
    [InlineData(false, "free", "cheap", "dear", "new")]
    [InlineData(true, "dear", "cheap", "free", "new")]
    public void An_unknown_cost_is_no_zero_and_stands_last_whichever_way_round(bool descending, params string[] order)
    {
        HostRow[] rows = [Row("new", usd: null), Row("dear", usd: 2), Row("free", usd: 0), Row("cheap", usd: 0.01m)];
        Assert.Equal(order, FleetFilter.From(null, null, null, null, "cost", descending).Apply(rows).Select(r => r.Name));
    }

    [Fact]
    public void An_order_can_be_turned_round_and_equals_stay_by_name() =>
        Assert.Equal(["db-1", "db-2", "web-1", "web-2"], Names(FleetFilter.From(null, null, null, null, "series", true)));

    [Fact]
    public void Words_of_an_old_link_that_mean_nothing_now_are_passed_over() =>
        Assert.Equal(FleetFilter.From(null, null, null, null, null, false), FleetFilter.From(" ", "purple", "", null, "colour", false));
}
