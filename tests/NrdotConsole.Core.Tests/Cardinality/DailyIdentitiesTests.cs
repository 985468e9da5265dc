using NrdotConsole.Core.Cardinality;

namespace NrdotConsole.Core.Tests.Cardinality;

public sealed class DailyIdentitiesTests
{
    static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    static DailyIdentities With(int identities, string tenant = "prod", string metric = "cpu", ulong from = 0)
    {
        var daily = new DailyIdentities();
        for (var i = 0; i < identities; i++) daily.Observe(Noon, tenant, metric, from + (ulong)i);
        return daily;
    }

    [Fact]
    public void An_identity_counts_once_a_day()
    {
        var daily = With(100);
        Assert.False(daily.Observe(Noon, "prod", "cpu", 5));
        Assert.True(daily.Observe(Noon, "prod", "cpu", 500));
        Assert.Equal(new(101, 0), daily.Count("prod", "cpu"));
    }

    [Fact]
    public void It_begins_anew_at_UTC_midnight_wherever_the_clock_stands()
    {
        var daily = With(100);
        daily.Observe(new(2026, 3, 2, 1, 59, 0, TimeSpan.FromHours(2)), "prod", "cpu", 1_000);
        Assert.Equal(101, daily.Count("prod", "cpu").Count);
        daily.Observe(new(2026, 3, 2, 2, 0, 0, TimeSpan.FromHours(2)), "prod", "cpu", 1_000);
        Assert.Equal(1, daily.Count("prod", "cpu").Count);
        Assert.Equal(new DateOnly(2026, 3, 2), daily.Day);
    }

    [Fact]
    public void An_observation_of_yesterday_is_counted_as_late_and_nothing_else()
    {
        var daily = With(3);
        Assert.False(daily.Observe(Noon.AddDays(-1), "prod", "cpu", 77));
        Assert.Equal((1, 3), (daily.Late, daily.Count("prod", "cpu").Count));
    }

    [Fact]
    public void Wider_scopes_are_sums_over_metrics_and_tenants()
    {
        var daily = With(10);
        for (ulong i = 0; i < 20; i++) daily.Observe(Noon, "prod", "memory", i);
        for (ulong i = 0; i < 5; i++) daily.Observe(Noon, "test", "cpu", i);
        Assert.Equal((30, 5, 35), (daily.Total("prod").Count, daily.Total("test").Count, daily.Total().Count));
        Assert.Equal([("memory", new(20, 0)), ("cpu", new(15, 0))], daily.ByMetric());
        Assert.Equal(default, daily.Count("nobody", "cpu"));
    }

    [Fact]
    public void Errors_of_a_sum_add_as_squares()
    {
        var sum = new IdentityCount(300, 0.01) + new IdentityCount(400, 0.01);
        Assert.Equal(700, sum.Count);
        Assert.Equal(5.0 / 700, sum.RelativeError, 1e-12);   // sqrt(3² + 4²)
        Assert.Equal(0, (default(IdentityCount) + default(IdentityCount)).RelativeError);
    }

    [Fact]
    public void A_restart_merges_what_was_kept_with_what_has_come_since()
    {
        var (before, after) = (With(1_000), With(1_000, from: 500));
        foreach (var (tenant, metric, bytes) in before.Save()) Assert.True(after.TryRestore(before.Day, tenant, metric, bytes, out _));
        Assert.Equal(With(1_500).Count("prod", "cpu"), after.Count("prod", "cpu"));
    }

    [Fact]
    public void A_kept_sketch_of_another_day_another_precision_or_damaged_is_refused()
    {
        var daily = With(1);
        var bytes = With(10).Save().Single().Bytes;
        Assert.False(daily.TryRestore(daily.Day.AddDays(-1), "prod", "cpu", bytes, out var fault));
        Assert.Contains("day", fault, StringComparison.Ordinal);
        Assert.False(daily.TryRestore(daily.Day, "prod", "cpu", new HyperLogLog(12).ToBytes(), out fault));
        Assert.Contains("precision", fault, StringComparison.Ordinal);
        Assert.False(daily.TryRestore(daily.Day, "prod", "cpu", bytes.AsSpan(0, 20), out _));
        Assert.Equal(1, daily.Count("prod", "cpu").Count);
    }

    [Fact]
    public void Metrics_beyond_the_limit_are_refused_and_counted()
    {
        var daily = new DailyIdentities(maximumSketches: 2);
        for (var i = 0; i < 5; i++) daily.Observe(Noon, "prod", $"m{i}", 1);
        Assert.Equal((3, 2), (daily.Refused, daily.Total().Count));
    }

    [Fact]
    public void The_limits_are_New_Relics_defaults() =>
        Assert.Equal((100_000, 15_000_000), (new CardinalityLimits().PerMetric, new CardinalityLimits().PerAccount));
}
