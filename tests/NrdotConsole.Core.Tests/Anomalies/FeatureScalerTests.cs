using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

public sealed class FeatureScalerTests
{
    [Fact]
    public void Standard_scaling_takes_the_mean_away_and_divides_by_the_deviation()
    {
        var scaler = FeatureScaler.Fit(Scaling.Standard, [2, 10, 4, 10, 6, 10], 2);
        Assert.Equal([4, 10], scaler.Center);
        Assert.Equal(Math.Sqrt(8.0 / 3), scaler.Scale[0], 1e-12);
        Assert.Equal(1, scaler.Scale[1]);
    }

    [Fact]
    public void Robust_scaling_takes_the_median_away_and_divides_by_the_quartiles_range_of_the_logarithms()
    {
        double Raw(double log) => Math.Exp(log) - 1;
        var scaler = FeatureScaler.Fit(Scaling.LogRobust, [Raw(1), Raw(2), Raw(3), Raw(4), Raw(50)], 1);
        Assert.Equal(3, scaler.Center[0], 1e-9);
        Assert.Equal(2, scaler.Scale[0], 1e-9);
        var scaled = new float[1];
        scaler.Transform([Raw(5)], scaled);
        Assert.Equal(1f, scaled[0], 1e-6f);
        scaler.Transform([-7], scaled);
        Assert.Equal(-1.5f, scaled[0], 1e-6f);
    }

    [Fact]
    public void An_unknown_value_is_left_out_of_training_and_becomes_the_centre()
    {
        var scaler = FeatureScaler.Fit(Scaling.Standard, [1, double.NaN, 3, double.PositiveInfinity], 1);
        Assert.Equal(2, scaler.Center[0]);
        var scaled = new float[] { 9 };
        scaler.Transform([double.NaN], scaled);
        Assert.Equal(0f, scaled[0]);
        Assert.Equal((0, 1), (FeatureScaler.Fit(Scaling.LogRobust, [double.NaN], 1).Center[0], 1));
    }

    [Fact]
    public void A_restored_scaler_scales_alike_and_a_damaged_one_is_refused()
    {
        var scaler = FeatureScaler.Fit(Scaling.LogRobust, [1, 20, 300, 4_000], 1);
        var again = FeatureScaler.From(scaler.Kind, [.. scaler.Center], [.. scaler.Scale]);
        float[] a = [0], b = [0];
        scaler.Transform([77], a);
        again.Transform([77], b);
        Assert.Equal(a[0], b[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => FeatureScaler.From(Scaling.Standard, [1], [0]));
        Assert.Throws<ArgumentException>(() => FeatureScaler.From(Scaling.Standard, [1], [1, 1]));
    }
}
