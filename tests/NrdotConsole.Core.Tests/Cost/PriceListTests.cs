using NrdotConsole.Core.Cost;

namespace NrdotConsole.Core.Tests.Cost;

public sealed class PriceListTests
{
    static readonly PriceList s_prices = new(
    [
        new(null, new(2026, 1, 1), 0.40m),
        new(null, new(2026, 7, 1), 0.50m),
        new("acme", new(2026, 3, 1), 0.30m),
        new("points", new(2026, 1, 1), 0m, 0.25m),
    ]);

    [Theory]
    [InlineData("other", "2025-12-31", 0.40)]
    [InlineData("other", "2026-06-30", 0.40)]
    [InlineData("other", "2026-07-01", 0.50)]
    [InlineData("acme", "2026-02-28", 0.30)]
    [InlineData("acme", "2026-12-01", 0.30)]
    public void A_price_holds_from_its_day_on(string tenant, string day, double usd) =>
        Assert.Equal((decimal)usd, s_prices.At(tenant, DateOnly.Parse(day)).UsdPerGigabyte);

    [Fact]
    public void Points_can_be_the_unit_of_the_price() => Assert.Equal(0.075m, s_prices.At("points", new(2026, 2, 1)).Of(99_999, 300_000));

    [Fact]
    public void A_gigabyte_is_a_billion_bytes_and_costs_forty_cents_unless_said_otherwise() =>
        Assert.Equal(0.40m, new PriceList([]).At("any", new(2026, 1, 1)).Of(1_000_000_000, 0));

    [Fact]
    public void Faults_name_key_value_and_range()
    {
        var faults = PriceList.Faults([new(null, new(2026, 1, 1), -1m), new(null, new(2026, 1, 1), 0.4m)], -5m);
        Assert.Equal(
            [
                "Cost:Prices:0:UsdPerGigabyte is -1; allowed is 0 to 1000.",
                "Cost:Prices:1: a second price of every tenant from 2026-01-01.",
                "Cost:FreeGigabytesPerMonth is -5; allowed is 0 to 1000000000.",
            ],
            faults);
    }

    [Fact]
    public void Free_gigabytes_are_divided_in_proportion_to_bytes()
    {
        var ledger = new CostLedger(new PriceList([], 100m));
        ledger.Add(new("a", new(2026, 11, 1), 300_000_000_000, 0));
        ledger.Add(new("b", new(2026, 11, 2), 100_000_000_000, 0));
        Assert.Equal([90m, 30m], ledger.Costs().Select(c => c.Usd));
    }
}
