using NrdotConsole.App.Shell;

namespace NrdotConsole.App.Tests.Shell;

public sealed class FormatTests
{
    [Fact]
    public void What_is_unknown_is_called_so_and_never_zero()
    {
        Assert.All([Format.Usd(null), Format.UsdPerHour(null), Format.Bytes(null), Format.Bytes(double.NaN), Format.Percent(null), Format.Percent(double.PositiveInfinity),
            Format.Count(null), Format.Compact(null), Format.PointsPerSecond(null), Format.Duration(null), Format.Utc(null), Format.Value(null, "{process}")],
            text => Assert.Equal(Format.Unknown, text));
    }

    [Theory]
    [InlineData(0, "$0")]
    [InlineData(0.0042, "$0.0042")]
    [InlineData(0.5, "$0.50")]
    [InlineData(0.085, "$0.085")]
    [InlineData(1.5, "$1.50")]
    [InlineData(99.999, "$100.00")]
    [InlineData(12345.6, "$12,346")]
    [InlineData(-2, "-$2.00")]
    public void Dollars_show_cents_and_of_small_sums_two_digits(double usd, string text) => Assert.Equal(text, Format.Usd((decimal)usd));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(1500, "1.5 kB")]
    [InlineData(2_340_000, "2.34 MB")]
    [InlineData(123_000_000_000, "123 GB")]
    public void Bytes_are_in_powers_of_a_thousand(double bytes, string text) => Assert.Equal(text, Format.Bytes(bytes));

    [Theory]
    [InlineData(0.9731, "97.3 %")]
    [InlineData(1, "100 %")]
    [InlineData(0.9999, "100 %")]
    [InlineData(0, "0 %")]
    [InlineData(12.5, "1,250 %")]
    public void A_ratio_is_shown_in_percent(double ratio, string text) => Assert.Equal(text, Format.Percent(ratio));

    [Theory]
    [InlineData(9999, "9,999")]
    [InlineData(12345, "12.3 k")]
    [InlineData(1_234_567, "1.23 M")]
    [InlineData(0.0012, "0.0012")]
    public void Large_numbers_are_cut_to_three_digits(double number, string text) => Assert.Equal(text, Format.Compact(number));

    [Theory]
    [InlineData(0.25, "250 ms")]
    [InlineData(45, "45 s")]
    [InlineData(720, "12 min")]
    [InlineData(7200, "2 h")]
    [InlineData(9000, "2 h 30 min")]
    [InlineData(273_600, "3 d 4 h")]
    public void A_span_is_told_in_its_two_largest_units(double seconds, string text) => Assert.Equal(text, Format.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1500, "By", "1.5 kB")]
    [InlineData(0.5, "s", "500 ms")]
    [InlineData(12, "{process}", "12 process")]
    [InlineData(0.5, "1", "0.5")]
    public void A_metrics_value_bears_its_unit(double value, string unit, string text) => Assert.Equal(text, Format.Value(value, unit));
}
