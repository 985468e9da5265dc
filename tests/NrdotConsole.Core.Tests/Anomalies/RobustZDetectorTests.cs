using FsCheck.Xunit;
using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

public sealed class RobustZDetectorTests
{
    static readonly FeatureRule Cpu = FeatureRule.All[(int)Feature.Cpu];

    static double Score(IEnumerable<float> values, double value) =>
        RobustZDetector.Read(values.Order().ToArray(), value, sigmaFloor: 0, relativeFloor: 0).Score;

    [Fact]
    public void The_score_is_the_distance_from_the_median_in_scaled_MADs()
    {
        // Median 5, distances 4 3 1 0 1 2 4: MAD 2.
        Assert.Equal((20 - 5) / (1.4826 * 2), Score([1, 2, 4, 5, 6, 7, 9], 20), 1e-12);
        // Median 2.5, distances 1.5 .5 .5 7.5: MAD 1.
        Assert.Equal(2.5 / 1.4826, Score([1, 2, 3, 10], 0), 1e-12);
    }

    [Fact]
    public void The_first_twenty_values_abstain()
    {
        var detector = new RobustZDetector();
        for (var i = 0; i < 20; i++) Assert.True(detector.Observe(i % 2 * 300, Cpu).Abstained);
        Assert.False(detector.Observe(1e6, Cpu).Abstained);
    }

    [Fact]
    public void A_metronomic_process_may_change_a_little()
    {
        var detector = new RobustZDetector();
        for (var i = 0; i < 64; i++) detector.Observe(100, Cpu);
        Assert.False(detector.Observe(134, Cpu).IsAnomaly);    // 3.4 floors of 10
        Assert.True(detector.Observe(136, Cpu).IsAnomaly);
        var idle = new RobustZDetector();
        for (var i = 0; i < 64; i++) idle.Observe(0.1, Cpu);
        Assert.False(idle.Observe(0.3, Cpu).IsAnomaly);
        Assert.False(idle.Observe(5.0, Cpu).IsAnomaly);
        Assert.True(idle.Observe(5.2, Cpu).IsAnomaly);
    }

    [Fact]
    public void A_third_of_wild_values_does_not_move_what_is_usual()
    {
        var detector = new RobustZDetector();
        for (var i = 0; i < 63; i++) detector.Observe(i % 3 == 0 ? 5_000 : 50 + i % 5, Cpu);
        var reading = detector.Observe(400, Cpu);
        Assert.InRange(reading.Median, 50, 54);
        Assert.True(reading.IsAnomaly);
    }

    [Property]
    public bool The_recent_values_are_the_last_64_in_order_of_size(float[] values)
    {
        var recent = new RecentValues();
        var known = Enumerable.Repeat(values, 5).SelectMany(v => v).Where(float.IsFinite).ToArray();
        foreach (var value in known) recent.Add(value);
        return recent.Sorted.SequenceEqual(known.TakeLast(64).Order().ToArray());
    }

    [Property]
    public bool Median_and_MAD_are_those_of_the_definition(short[] values, short more)
    {
        double[] all = [.. values.Select(v => v / 4.0), more];
        var (median, mad) = RecentValues.Spread([.. all.Select(v => (float)v).Order()]);
        var expected = MedianOf(all);
        return median == expected && mad == MedianOf([.. all.Select(v => Math.Abs(v - expected))]);

        static double MedianOf(double[] v)
        {
            Array.Sort(v);
            return v.Length % 2 == 1 ? v[v.Length / 2] : (v[v.Length / 2 - 1] + v[v.Length / 2]) / 2;
        }
    }

    [Property]
    public bool The_score_does_not_change_with_the_unit(short[] values, short value, byte power)
    {
        var unit = (float)Math.Pow(2, power % 20 - 10);
        float[] all = [.. values, 1, 5, 9];
        return Score(all.Select(v => v * unit), (double)value * unit) == Score(all.Select(v => v), value);
    }

    [Property]
    public bool The_score_does_not_change_with_the_order_of_arrival(short[] values, int seed)
    {
        short[] all = [.. values.Take(40), .. Enumerable.Range(0, 20).Select(i => (short)(i * 7))];
        var shuffled = all.ToArray();
        new Random(seed).Shuffle(shuffled);
        var (a, b) = (new RobustZDetector(), new RobustZDetector());
        foreach (var v in all) a.Observe(v, Cpu);
        foreach (var v in shuffled) b.Observe(v, Cpu);
        return a.Observe(77, Cpu) == b.Observe(77, Cpu);
    }
}
