using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

public sealed class AnomalyJudgeTests
{
    static readonly ForestReading ForestSaysAnomaly = new(0.8, 0.6);
    static readonly FeatureReading Quiet = new(12, new(12, 0, false, false), new(0.1, 12, false));

    static EwmaReading Ewma(double percent) => new(12, percent, percent > 50, false);
    static RobustZReading Z(double score) => new(score, 12, false);
    static FeatureReading[] Cpu(double percent, double z) => [new(12 * (1 + percent / 100), Ewma(percent), Z(z)), Quiet, Quiet, Quiet, Quiet];

    [Theory]
    [InlineData(60, 4, false, true)]     // EWMA and robust z
    [InlineData(60, 1, false, false)]    // EWMA alone
    [InlineData(20, 4, false, false)]    // robust z alone
    [InlineData(60, 1, true, true)]      // EWMA and the forest
    [InlineData(20, 4, true, true)]      // robust z and the forest
    [InlineData(20, 1, true, false)]     // the forest alone
    [InlineData(120, 1, false, true)]    // EWMA alone, severe
    [InlineData(20, 18, false, true)]    // robust z alone, severe
    public void Two_that_agree_or_one_that_is_severe_make_a_case(double percent, double z, bool forest, bool suspicious) =>
        Assert.Equal(suspicious, AnomalyJudge.Judge(Cpu(percent, z), forest ? ForestSaysAnomaly : ForestReading.None).IsSuspicious);

    [Fact]
    public void Two_detectors_on_two_features_do_not_agree()
    {
        FeatureReading[] readings = [Quiet with { Ewma = Ewma(60) }, Quiet with { RobustZ = Z(4) }, Quiet, Quiet, Quiet];
        var judgement = AnomalyJudge.Judge(readings, ForestReading.None);
        Assert.False(judgement.IsSuspicious);
        Assert.Equal(0.4, judgement.Composite);
    }

    [Fact]
    public void The_score_is_a_half_at_the_threshold_and_grows_with_the_strongest_feature()
    {
        Assert.Equal(0.5, AnomalyJudge.Judge(Cpu(50, 1), ForestReading.None).Score, 1e-12);
        Assert.Equal(0.75, AnomalyJudge.Judge(Cpu(150, 1), ForestReading.None).Score, 1e-12);
    }

    [Fact]
    public void The_feature_that_makes_the_case_leads_the_words()
    {
        FeatureReading[] readings =
        [
            Quiet with { Ewma = Ewma(99) },
            new(2e9, new(1e9, 60, true, false), new(4, 1e9, false)),
            Quiet, Quiet, Quiet,
        ];
        var judgement = AnomalyJudge.Judge(readings, ForestReading.None);
        Assert.Equal(Feature.Memory, judgement.Lead);
        Assert.Equal("memory 2 GB, 2x its usual 1 GB; EWMA and robust z agree; also cpu 12 %, usually 12 %", AnomalyJudge.Explain(readings, ForestReading.None, judgement));
    }

    [Fact]
    public void A_fall_and_a_rise_from_nothing_are_told_without_a_factor()
    {
        FeatureReading[] fall = [new(3, new(40, 92, true, false), new(9, 41, false)), Quiet, Quiet, Quiet, Quiet];
        Assert.StartsWith("cpu 3 %, usually 40 %;", AnomalyJudge.Explain(fall, ForestReading.None, AnomalyJudge.Judge(fall, ForestReading.None)), StringComparison.Ordinal);
        FeatureReading[] rise = [new(300, new(0, 3_000, true, false), new(90, 0, false)), Quiet, Quiet, Quiet, Quiet];
        Assert.StartsWith("cpu 300 %, usually 0 %;", AnomalyJudge.Explain(rise, ForestSaysAnomaly, AnomalyJudge.Judge(rise, ForestSaysAnomaly)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_detector_shows_its_vote_on_every_known_feature()
    {
        FeatureReading[] readings = [.. Cpu(60, 4)[..4], new(double.NaN, new(0, 0, false, true), new(0, 0, true))];
        var votes = AnomalyJudge.Votes(readings, ForestReading.None);
        Assert.Equal(9, votes.Count);
        Assert.Contains(new("ewma", "cpu_utilization", 60, 50, true, false), votes);
        Assert.Contains(new("robust z", "cpu_utilization", 4, 3.5, true, false), votes);
        Assert.Contains(new("isolation forest", "all", 0, 0, false, true), votes);
        Assert.DoesNotContain(votes, v => v.Feature == "process_count");
    }
}
