using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Tests.Statistics;

/// <summary>Held against published tables (Student's t and chi-square: any textbook's; Fisher: the lady tasting tea).</summary>
public sealed class StatisticsTests
{
    [Theory]
    [InlineData(0.025, 1, 12.706)]
    [InlineData(0.025, 10, 2.228)]
    [InlineData(0.05, 4, 2.132)]
    [InlineData(0.005, 30, 2.750)]
    [InlineData(0.025, 1000, 1.962)]
    public void Quantiles_of_Students_t_are_those_of_the_tables(double tail, int degrees, double expected) =>
        Assert.Equal(expected, new StudentT(tail).Quantile(degrees), 0.0005);

    [Fact]
    public void A_fraction_of_a_degree_widens_the_interval()
    {
        var t = new StudentT(0.01);
        Assert.Equal(t.Quantile(4), t.Quantile(4.9));
        Assert.True(t.Quantile(4) > t.Quantile(5));
    }

    [Fact]
    public void A_far_tail_is_still_found() => Assert.Equal(1e-7, StudentT.Tail(new StudentT(1e-7).Quantile(7), 7), 1e-12);

    [Fact]
    public void The_lady_who_names_all_four_cups_does_so_by_chance_once_in_seventy() => Assert.Equal(1 / 70.0, Counts.FisherTail(4, 4, 0, 4), 1e-12);

    [Fact]
    public void Nobody_ill_is_no_evidence() => Assert.Equal(1, Counts.FisherTail(0, 5, 0, 60), 1e-12);

    [Theory]
    [InlineData(60, 40, 0.0455003)]
    [InlineData(50, 50, 1)]
    [InlineData(640, 360, 8.5e-19)]
    public void Chi_square_tells_how_far_counts_are_from_even_shares(long a, long b, double expected) =>
        Assert.Equal(expected, Counts.ChiSquareTail([a, b], [0.5, 0.5]), expected * 0.05 + 1e-6);

    [Fact]
    public void A_count_where_none_is_expected_is_impossible() => Assert.Equal(0, Counts.ChiSquareTail([5, 1], [1, 0]));

    [Fact]
    public void Values_that_agree_are_not_certainty()
    {
        var same = Moments.Of([1.0, 1, 1, 1]);
        var comparison = Comparison.Of(same, same, 0.1);
        Assert.True(comparison.Upper(new(0.05)) > 0.1);
    }
}
