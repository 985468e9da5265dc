using FsCheck.Xunit;
using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

public sealed class EwmaDetectorTests
{
    static FeatureRule Rule(Feature feature) => FeatureRule.All[(int)feature];

    static EwmaReading After(Feature feature, double usual, double value)
    {
        var detector = new EwmaDetector();
        for (var i = 0; i < 10; i++) detector.Observe(usual, Rule(feature));
        return detector.Observe(value, Rule(feature));
    }

    [Fact]
    public void The_mean_starts_with_the_first_value_and_moves_by_a_fifth_of_the_difference()
    {
        var detector = new EwmaDetector();
        detector.Observe(100, Rule(Feature.Cpu));
        Assert.Equal(100, detector.Mean);
        detector.Observe(110, Rule(Feature.Cpu));
        Assert.Equal(102, detector.Mean, 1e-12);      // 100 + 0.2 x 10
        Assert.Equal(16, detector.Variance, 1e-12);   // 0.8 x (0 + 0.2 x 10²)
        detector.Observe(97, Rule(Feature.Cpu));
        Assert.Equal(101, detector.Mean, 1e-12);      // 102 + 0.2 x -5
        Assert.Equal(16.8, detector.Variance, 1e-12); // 0.8 x (16 + 0.2 x 5²)
    }

    [Theory]
    [InlineData(Feature.Cpu, 20, 29.9, AnomalyLevel.None)]      // 49.5 %
    [InlineData(Feature.Cpu, 20, 30.2, AnomalyLevel.Medium)]    // 51 %
    [InlineData(Feature.Cpu, 20, 35.2, AnomalyLevel.High)]      // 76 %
    [InlineData(Feature.Cpu, 20, 40.2, AnomalyLevel.Severe)]    // 101 %
    [InlineData(Feature.Cpu, 20, 9.8, AnomalyLevel.Medium)]     // a fall of 51 %
    [InlineData(Feature.Memory, 1e9, 1.39e9, AnomalyLevel.None)]
    [InlineData(Feature.Memory, 1e9, 1.41e9, AnomalyLevel.Low)]
    [InlineData(Feature.Io, 1_000, 1_590, AnomalyLevel.None)]
    [InlineData(Feature.Io, 1_000, 1_610, AnomalyLevel.Medium)]
    public void Each_feature_has_its_threshold_and_the_levels_follow_the_deviation(Feature feature, double usual, double value, AnomalyLevel level)
    {
        var reading = After(feature, usual, value);
        Assert.Equal(level, reading.Level);
        Assert.Equal(level != AnomalyLevel.None, reading.IsAnomaly);
        Assert.Equal(100 * Math.Abs(value - usual) / usual, reading.DeviationPercent, 1e-6);
    }

    [Fact]
    public void The_first_five_observations_abstain()
    {
        var detector = new EwmaDetector();
        double[] values = [10, 90, 10, 90, 10];
        foreach (var value in values)
        {
            var reading = detector.Observe(value, Rule(Feature.Cpu));
            Assert.True(reading.Abstained);
            Assert.False(reading.IsAnomaly);
        }
        Assert.False(detector.Observe(500, Rule(Feature.Cpu)).Abstained);
    }

    [Fact]
    public void An_idle_process_that_triples_is_no_anomaly_and_one_that_wakes_up_is()
    {
        Assert.False(After(Feature.Cpu, 0.1, 0.3).IsAnomaly);
        Assert.False(After(Feature.Cpu, 0.1, 5.0).IsAnomaly);
        Assert.True(After(Feature.Cpu, 0.1, 5.2).IsAnomaly);
    }

    [Fact]
    public void A_deviation_within_two_sigma_of_a_noisy_process_is_no_anomaly()
    {
        var detector = new EwmaDetector();
        for (var i = 0; i < 200; i++) detector.Observe(i % 2 == 0 ? 20 : 60, Rule(Feature.Cpu));
        var sigma = Math.Sqrt(detector.Variance);
        var usual = detector.Mean;
        Assert.False(detector.Observe(usual + 1.95 * sigma, Rule(Feature.Cpu)).IsAnomaly);
        Assert.True(usual * 0.5 < 1.95 * sigma, "the percentage alone would have flagged it");
    }

    [Fact]
    public void One_spike_does_not_hide_the_next()
    {
        var detector = new EwmaDetector();
        for (var i = 0; i < 10; i++) detector.Observe(12, Rule(Feature.Cpu));
        Assert.True(detector.Observe(40, Rule(Feature.Cpu)).IsAnomaly);
        Assert.True(detector.Observe(40, Rule(Feature.Cpu)).IsAnomaly);
        Assert.True(detector.Observe(40, Rule(Feature.Cpu)).IsAnomaly);
    }

    [Fact]
    public void An_unknown_value_abstains_and_is_not_learnt()
    {
        var detector = new EwmaDetector();
        for (var i = 0; i < 10; i++) detector.Observe(20, Rule(Feature.Cpu));
        double[] unknown = [double.NaN, double.PositiveInfinity, 1e300];
        foreach (var value in unknown) Assert.True(detector.Observe(value, Rule(Feature.Cpu)).Abstained);
        Assert.Equal(20, detector.Mean, 1e-12);
    }

    [Property]
    public bool Whatever_comes_the_mean_stays_between_the_extremes_and_the_variance_is_finite(float[] values)
    {
        var detector = new EwmaDetector();
        foreach (var value in values) detector.Observe(value, Rule(Feature.Io));
        var known = values.Where(float.IsFinite).ToArray();
        if (known.Length == 0) return detector.Mean == 0;
        var slack = 1e-9 * known.Max(Math.Abs);
        return detector.Mean >= known.Min() - slack && detector.Mean <= known.Max() + slack && double.IsFinite(detector.Variance);
    }
}
