using NrdotConsole.Core.Experiments;
using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Tests.Experiments;

/// <summary>What people's labels say of both arms.</summary>
public sealed class LabelledMetricTests
{
    const string False = ExperimentSignals.FalsePositiveRate, Found = ExperimentSignals.DetectionRate;

    static MetricResult Judge(ExperimentMetric metric, IEnumerable<ClusterCount> control, IEnumerable<ClusterCount> treatment)
    {
        var experiment = new Experiment("labels", "Labels tell", new([0]), new([1]), [metric], TimeSpan.FromDays(1));
        return ExperimentJudge.Judge(experiment, 1, DateTimeOffset.UnixEpoch, (50, 50), (0.5, 0.5), [], [new(metric.Signal, [.. control], [.. treatment])]).Metrics[0];
    }

    static IEnumerable<ClusterCount> Hosts(int count, int hits, int of) => Enumerable.Repeat(new ClusterCount(hits, of), count);

    [Fact]
    public void Few_false_alarms_over_many_hosts_meet_the_bound_and_say_by_what()
    {
        var result = Judge(new(False, MetricGoal.AtMost, 0.15), [], Hosts(30, 0, 3).Concat(Hosts(5, 1, 3)));
        Assert.Equal((MetricOutcome.Met, 35), (result.Outcome, result.Treatment));
        Assert.Equal(5 / 105.0, result.TreatmentMean!.Value, 1e-12);
        Assert.Equal("5 of 105 labelled verdicts of 35 hosts in treatment are false alarms", result.Basis);
    }

    [Fact]
    public void None_of_three_is_no_proof() => Assert.Equal(MetricOutcome.Open, Judge(new(False, MetricGoal.AtMost, 0.15), [], Hosts(3, 0, 1)).Outcome);

    [Fact]
    public void Fifty_false_alarms_of_one_noisy_host_do_not_fail_what_all_others_say_is_right()
    {
        var result = Judge(new(False, MetricGoal.AtMost, 0.15), [], Hosts(30, 0, 2).Append(new(50, 50)));
        Assert.Equal(MetricOutcome.Open, result.Outcome);
        Assert.True(result.TreatmentMean > 0.4 && result.Low < 0.15);
    }

    [Fact]
    public void Missed_anomalies_fail_the_detection_rate()
    {
        var result = Judge(new(Found, MetricGoal.AtLeast, 0.85), [], Hosts(40, 1, 2));
        Assert.Equal(MetricOutcome.Failed, result.Outcome);
        Assert.Equal("40 of 80 known anomalies of 40 hosts in treatment were found", result.Basis);
    }

    [Fact]
    public void Arms_are_compared_by_their_shares()
    {
        var result = Judge(new(False, MetricGoal.Lower), Hosts(40, 2, 4), Hosts(40, 1, 4));
        Assert.Equal((MetricOutcome.Met, -0.25), (result.Outcome, result.Effect));
        Assert.InRange(result.High!.Value, -0.25, 0);
        Assert.Equal(MetricOutcome.Open, Judge(new(False, MetricGoal.Lower), Hosts(40, 1, 4), Hosts(40, 1, 4)).Outcome);
    }

    [Fact]
    public void No_false_alarm_in_either_arm_is_still_no_certainty() =>
        Assert.Equal(MetricOutcome.Open, Judge(new(False, MetricGoal.NotHigher, 0.02), Hosts(5, 0, 2), Hosts(5, 0, 2)).Outcome);

    [Fact]
    public void Too_few_hosts_with_labels_say_how_many_are_needed()
    {
        Assert.Equal("nobody has labelled an anomaly of these hosts yet", Judge(new(False, MetricGoal.AtMost, 0.15), [], []).Words);
        Assert.Equal("2 hosts of the treatment have labelled verdicts; 3 are needed", Judge(new(False, MetricGoal.AtMost, 0.15), [], Hosts(2, 0, 9)).Words);
        Assert.Equal("5 against 1 hosts have anomalies known to be real; 3 of each are needed", Judge(new(Found, MetricGoal.Higher), Hosts(1, 1, 1), Hosts(5, 1, 1)).Words);
    }

    /// <summary>Arms alike, hosts' verdicts partly of one cause: whoever looks once is misled with at most 5 %.</summary>
    [Fact]
    public void Arms_that_are_alike_seldom_differ()
    {
        const int simulations = 250;
        var random = new Random(9);
        List<ClusterCount> Arm() => [.. Enumerable.Range(0, 25).Select(_ =>
        {
            var of = random.Next(1, 9);
            return random.NextDouble() < 0.4 ? new ClusterCount(random.NextDouble() < 0.2 ? of : 0, of) : new(Enumerable.Range(0, of).Count(_ => random.NextDouble() < 0.2), of);
        })];
        var misled = Enumerable.Range(0, simulations).Count(_ => Judge(new(False, MetricGoal.Lower), Arm(), Arm()).Outcome != MetricOutcome.Open);
        Assert.InRange(misled, 0, (0.05 * simulations) + (3 * Math.Sqrt(0.05 * simulations)));
    }
}
