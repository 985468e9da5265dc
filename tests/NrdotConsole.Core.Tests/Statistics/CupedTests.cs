using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Tests.Statistics;

/// <summary>Hosts that differ a lot, and stay what they are: their past tells most of it.</summary>
public sealed class CupedTests
{
    static List<BeforeAndNow> Hosts(Random random, int count, double effect, double noise = 0.2) =>
        [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * 10).Select(host => new BeforeAndNow(host + (noise * random.NextDouble()), host + effect + (noise * random.NextDouble())))];

    static Comparison Raw(List<BeforeAndNow> treated, List<BeforeAndNow> control) => Comparison.Of(Of(treated), Of(control), 1e-9);

    static Moments Of(List<BeforeAndNow> units) => Moments.Of([.. units.Select(u => u.Now)]);

    [Fact]
    public void What_hosts_were_like_before_is_taken_out_and_the_effect_stays()
    {
        var random = new Random(3);
        var (treated, control) = (Hosts(random, 30, 0.5), Hosts(random, 50, 0));
        var cuped = Cuped.Adjust(treated, control)!;
        Assert.InRange(cuped.Theta, 0.95, 1.05);
        Assert.InRange(cuped.Compare(1e-9).Difference, 0.45, 0.55);
        Assert.True(cuped.Compare(1e-9).StandardError < Raw(treated, control).StandardError / 10);
    }

    [Fact]
    public void A_difference_that_stood_before_is_no_effect()
    {
        var random = new Random(4);
        var control = Hosts(random, 40, 0);
        var treated = Hosts(random, 40, 0).ConvertAll(u => new BeforeAndNow(u.Before + 3, u.Now + 3));
        Assert.InRange(Raw(treated, control).Difference, 1.5, 4.5);
        Assert.InRange(Cuped.Adjust(treated, control)!.Compare(1e-9).Difference, -0.1, 0.1);
    }

    [Fact]
    public void A_past_that_tells_nothing_changes_next_to_nothing()
    {
        var random = new Random(5);
        List<BeforeAndNow> Any(int count) => [.. Enumerable.Range(0, count).Select(_ => new BeforeAndNow(random.NextDouble(), random.NextDouble()))];
        var (treated, control) = (Any(60), Any(60));
        Assert.InRange(Cuped.Adjust(treated, control)!.Compare(1e-9).StandardError / Raw(treated, control).StandardError, 0.95, 1.02);
    }

    [Fact]
    public void Too_few_hosts_with_a_past_or_all_alike_are_not_adjusted()
    {
        var random = new Random(6);
        Assert.Null(Cuped.Adjust(Hosts(random, 9, 0), Hosts(random, 50, 0)));
        Assert.Null(Cuped.Adjust([.. Enumerable.Repeat(new BeforeAndNow(1, 2), 20)], [.. Enumerable.Repeat(new BeforeAndNow(1, 2), 20)]));
    }

    [Fact]
    public void Hosts_without_a_past_still_count()
    {
        var random = new Random(7);
        var treated = Hosts(random, 30, 1).Select((u, i) => i % 3 == 0 ? u with { Before = null } : u).ToList();
        var adjusted = Cuped.Adjust(treated, Hosts(random, 30, 0))!;
        Assert.Equal(30, adjusted.Treated.Count);
        Assert.InRange(adjusted.Compare(1e-9).StandardError, 0.01, Raw(treated, Hosts(random, 30, 0)).StandardError);
    }

    [Fact]
    public void Its_interval_misses_nothing_no_oftener_than_its_level_says()
    {
        const int simulations = 1000;
        var (level, random, missed) = (new StudentT(0.025), new Random(8), 0);
        for (var i = 0; i < simulations; i++)
        {
            var comparison = Cuped.Adjust(Hosts(random, 10, 0, 4), Hosts(random, 14, 0, 4))!.Compare(1e-9);
            if (comparison.Lower(level) > 0 || comparison.Upper(level) < 0) missed++;
        }
        Assert.InRange(missed, 0, (0.05 * simulations) + (3 * Math.Sqrt(0.05 * simulations)));
    }
}
