using NrdotConsole.Core.Experiments;
using NrdotConsole.Core.Statistics;

namespace NrdotConsole.Core.Tests.Experiments;

public sealed class ExperimentJudgeTests
{
    static readonly Experiment s_cheaper = new("cheaper", "Fewer series cost less and lose nothing that matters", new([0, 1]), new([2, 3]),
        [new(ExperimentSignals.Cost, MetricGoal.Lower), new(ExperimentSignals.CriticalCoverage, MetricGoal.NotLower, 0.01)], TimeSpan.FromDays(14));

    static List<BeforeAndNow> Now(IEnumerable<double> values) => [.. values.Select(v => new BeforeAndNow(null, v))];

    static ExperimentReport Judge(int look, double costFactor, double lost, int seed = 1, (int, int)? hosts = null)
    {
        var random = new Random(seed);
        double Noisy(double mean, double spread) => mean * (1 + (spread * (random.NextDouble() - 0.5)));
        return ExperimentJudge.Judge(s_cheaper, look, DateTimeOffset.UnixEpoch, hosts ?? (60, 35), (0.6, 0.35),
        [
            new(ExperimentSignals.Cost, Now(Enumerable.Range(0, 60).Select(_ => Noisy(0.01, 0.6))), Now(Enumerable.Range(0, 35).Select(_ => Noisy(0.01 * costFactor, 0.6)))),
            new(ExperimentSignals.CriticalCoverage, Now(Enumerable.Range(0, 60).Select(_ => 1 - (random.NextDouble() * 0.01))), Now(Enumerable.Range(0, 35).Select(_ => 1 - lost - (random.NextDouble() * 0.01)))),
        ]);
    }

    [Fact]
    public void A_saving_that_loses_nothing_is_for_the_treatment_in_plain_words()
    {
        var report = Judge(3, 0.6, 0);
        Assert.Equal(ExperimentOutcome.For, report.Outcome);
        Assert.InRange(report.Metrics[0].Effect!.Value, -0.48, -0.3);
        Assert.True(report.Metrics[0].Low < report.Metrics[0].Effect && report.Metrics[0].Effect < report.Metrics[0].High && report.Metrics[0].High < 0);
        Assert.EndsWith("as hoped", report.Metrics[0].Words, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saving_that_loses_what_matters_is_against_it() => Assert.Equal((ExperimentOutcome.Against, "The treatment fails: coverage.critical."), (Judge(3, 0.6, 0.1).Outcome, Judge(3, 0.6, 0.1).Words));

    [Fact]
    public void No_saving_is_undecided_and_inconclusive_in_the_end()
    {
        Assert.Equal(ExperimentOutcome.Undecided, Judge(3, 1, 0).Outcome);
        Assert.Equal(ExperimentOutcome.Inconclusive, Judge(14, 1, 0).Outcome);
    }

    [Fact]
    public void Arms_of_other_sizes_than_were_drawn_make_it_invalid()
    {
        Assert.Equal(ExperimentOutcome.Invalid, Judge(3, 0.6, 0, hosts: (600, 250)).Outcome);
        Assert.NotEqual(ExperimentOutcome.Invalid, Judge(3, 0.6, 0, hosts: (600, 340)).Outcome);
    }

    [Fact]
    public void What_nobody_measures_keeps_it_open()
    {
        var experiment = s_cheaper with { Metrics = [new(ExperimentSignals.DetectionRate, MetricGoal.AtLeast, 0.85)] };
        var report = ExperimentJudge.Judge(experiment, 1, DateTimeOffset.UnixEpoch, (60, 35), (0.6, 0.35), []);
        Assert.Equal((ExperimentOutcome.Undecided, MetricOutcome.NotMeasured), (report.Outcome, report.Metrics[0].Outcome));
    }

    [Theory]
    [InlineData(0.95, MetricOutcome.Met)]
    [InlineData(0.85, MetricOutcome.Open)]
    [InlineData(0.5, MetricOutcome.Failed)]
    public void A_bound_is_met_when_the_whole_interval_is_beyond_it(double rate, MetricOutcome expected)
    {
        var random = new Random(5);
        var experiment = s_cheaper with { Metrics = [new(ExperimentSignals.Coverage, MetricGoal.AtLeast, 0.85)] };
        var rates = Now(Enumerable.Range(0, 40).Select(_ => rate + (0.1 * (random.NextDouble() - 0.5))));
        Assert.Equal(expected, ExperimentJudge.Judge(experiment, 1, DateTimeOffset.UnixEpoch, (60, 35), (0.6, 0.35), [new(ExperimentSignals.Coverage, [], rates)]).Metrics[0].Outcome);
    }

    [Fact]
    public void What_hosts_were_like_before_narrows_the_interval_and_that_is_said()
    {
        var random = new Random(2);
        List<BeforeAndNow> Arm(int count, double factor) => [.. Enumerable.Range(0, count).Select(_ => Math.Exp(2 * random.NextDouble()))
            .Select(host => new BeforeAndNow(host * (1 + (0.05 * random.NextDouble())), host * factor * (1 + (0.05 * random.NextDouble()))))];
        var (control, treatment) = (Arm(40, 1), Arm(25, 0.9));
        var plain = s_cheaper with { Metrics = [new(ExperimentSignals.Cost, MetricGoal.Lower)] };
        MetricResult Judge(Experiment e) => ExperimentJudge.Judge(e, 1, DateTimeOffset.UnixEpoch, (40, 25), (0.4, 0.25), [new(ExperimentSignals.Cost, control, treatment)]).Metrics[0];

        Assert.Equal((MetricOutcome.Open, null, null), (Judge(plain).Outcome, Judge(plain).Narrower, Judge(plain).Basis));
        var adjusted = Judge(plain with { Before = TimeSpan.FromDays(1) });
        Assert.Equal(MetricOutcome.Met, adjusted.Outcome);
        Assert.InRange(adjusted.Effect!.Value, -0.12, -0.08);
        Assert.InRange(adjusted.Narrower!.Value, 0.9, 1);
        Assert.StartsWith("adjusted by the time before: interval 9", adjusted.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_before_that_nobody_measured_adjusts_nothing_and_that_is_said()
    {
        var hosts = Now(Enumerable.Range(1, 20).Select(i => (double)i));
        var experiment = s_cheaper with { Before = TimeSpan.FromDays(1), Metrics = [new(ExperimentSignals.Cost, MetricGoal.Lower)] };
        var result = ExperimentJudge.Judge(experiment, 1, DateTimeOffset.UnixEpoch, (20, 20), (1, 1), [new(ExperimentSignals.Cost, hosts, hosts)]).Metrics[0];
        Assert.Null(result.Narrower);
        Assert.StartsWith("not adjusted by the time before", result.Basis, StringComparison.Ordinal);
    }

    /// <summary>Whoever looks fourteen times at nothing is misled in at most 5 of 100.</summary>
    [Fact]
    public void Looking_every_day_at_no_effect_misleads_no_more_often_than_the_level_says()
    {
        const int simulations = 400;
        var misled = Enumerable.Range(0, simulations).Count(seed =>
        {
            var random = new Random(seed);
            var (control, treatment) = (new double[40], new double[25]);
            for (var day = 1; day <= 14; day++)
            {
                for (var i = 0; i < control.Length; i++) control[i] += Math.Exp(random.NextDouble());
                for (var i = 0; i < treatment.Length; i++) treatment[i] += Math.Exp(random.NextDouble());
                var report = ExperimentJudge.Judge(s_cheaper with { Metrics = [new(ExperimentSignals.Cost, MetricGoal.Lower)] }, day, DateTimeOffset.UnixEpoch, (40, 25), (0.4, 0.25), [new(ExperimentSignals.Cost, Now(control), Now(treatment))]);
                if (report.Outcome is ExperimentOutcome.For or ExperimentOutcome.Against) return true;
            }
            return false;
        });
        Assert.InRange(misled, 0, (0.05 * simulations) + (3 * Math.Sqrt(simulations * 0.05 * 0.95)));
    }
}
