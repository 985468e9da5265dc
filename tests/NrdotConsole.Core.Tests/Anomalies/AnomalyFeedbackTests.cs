using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.Core.Tests.Anomalies;

public sealed class AnomalyFeedbackTests
{
    [Fact]
    public void What_nobody_labelled_counts_as_neither()
    {
        var feedback = new AnomalyFeedback(Real: 17, FalseAlarms: 3, Missed: 0, Unlabelled: 400);
        Assert.Equal((20, 420, 0.15), (feedback.Labelled, feedback.Verdicts, feedback.FalsePositiveShare));
    }

    [Fact]
    public void Without_a_label_the_rates_are_unknown_not_zero()
    {
        var feedback = new AnomalyFeedback(0, 0, 0, 12);
        Assert.Null(feedback.FalsePositiveShare);
        Assert.Null(feedback.FalsePositiveInterval);
        Assert.Null(feedback.DetectionRate);
        Assert.Null(feedback.DetectionInterval);
    }

    [Fact]
    public void Missed_ones_lower_the_detection_rate_and_false_alarms_do_not()
    {
        Assert.Equal(0.9, new AnomalyFeedback(9, 50, 1, 0).DetectionRate);
        Assert.Equal(0, new AnomalyFeedback(0, 0, 2, 0).DetectionRate);
        Assert.Null(new AnomalyFeedback(0, 5, 0, 0).DetectionRate);
    }

    [Fact]
    public void One_label_is_no_certainty()
    {
        var (low, high) = new AnomalyFeedback(1, 0, 0, 0).FalsePositiveInterval!.Value;
        Assert.Equal(0, low);
        Assert.InRange(high, 0.7, 0.9);
    }

    [Fact]
    public void Tenants_add_up_to_the_fleet() =>
        Assert.Equal(new(5, 7, 9, 11), new AnomalyFeedback(1, 2, 3, 4) + new AnomalyFeedback(4, 5, 6, 7));
}
