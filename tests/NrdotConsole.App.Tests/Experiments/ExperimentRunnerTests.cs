using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Platform.Rings;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Experiments;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Experiments;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Experiments;

/// <summary>Experiments of a real repository, on a real database, over simulated days.</summary>
public sealed class ExperimentRunnerTests : IDisposable
{
    const string Saving = """
        experiments:
          - key: saving
            hypothesis: "Treatment rings cost less and lose nothing that matters."
            control:
              rings: [0, 1]
            treatment:
              rings: [2, 3]
            duration: 7d
            metrics:
              - signal: cost.hourly
                goal: lower
              - signal: coverage.critical
                goal: not_lower
                bound: 0.02
        """;

    readonly TempDirectory _directory = new();
    readonly FakeTimeProvider _time = new(new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    readonly ConsoleDatabase _database;
    readonly ConfigRepository _repository;
    readonly DesiredStates _states;
    readonly RingAssignments _rings;
    readonly SignalBoard _board;
    readonly ExperimentStore _store;
    readonly FeedbackStore _feedback;
    readonly ExperimentRunner _runner;
    readonly ExperimentReader _reader;
    readonly Random _random = new(7);

    public ExperimentRunnerTests()
    {
        _database = _directory.OpenDatabase(_time);
        _repository = ConfigRepository.Open(_directory.Data, _time);
        _states = new(_repository);
        _rings = new(new RingStore(_database), _time);
        _board = new(_time);
        _store = new(_database);
        _feedback = new(_database);
        _runner = new(_store, _states, _rings, _board, _feedback, _time);
        _reader = new(_store, _states, _feedback, _time);
    }

    public void Dispose()
    {
        _rings.Dispose();
        _database.Dispose();
        _directory.Dispose();
    }

    Task SeeAsync() => _rings.SeeAsync(_states.Current.Rings, [.. Enumerable.Range(0, 100).Select(i => new Core.Desired.HostIdentity("prod", $"h{i}", $"h{i}"))]);

    void Define(string yaml) => Assert.NotNull(_repository.Commit(ConfigRepository.Main, _repository.Head, new Dictionary<string, string?> { ["experiments.yaml"] = yaml }, CommitAuthor.Console, "an experiment"));

    /// <summary>Treated hosts cost <paramref name="factor"/> of the others, and miss <paramref name="lost"/> of their critical processes.</summary>
    async Task DaysAsync(int days, double factor, int lost)
    {
        for (var hour = 0; hour < days * 24; hour += 6)
        {
            var rows = Enumerable.Range(0, 100).Select(i =>
            {
                var isTreated = _rings.RingOf("prod", $"h{i}") is 2 or 3;
                var usd = 0.01 * (0.7 + (0.6 * _random.NextDouble())) * (isTreated ? factor : 1);
                return new HostRow("prod", $"h{i}", $"h{i}", HostHealth.Healthy, "", "", "", "linux", _time.GetUtcNow(), 100, 100, (decimal)usd, 1, 0, null)
                {
                    CriticalKnown = 10, CriticalReporting = 10 - (isTreated ? lost : 0), SeriesInScrape = 100,
                };
            }).ToList();
            _board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, _time.GetUtcNow(), rows.Count, new Dictionary<HostHealth, int>(), rows));
            await _runner.StepAsync();
            _time.Advance(TimeSpan.FromHours(6));
        }
    }

    [Fact]
    public void The_guides_experiment_ships_and_validates()
    {
        var shipped = Assert.Single(ConfigValidation.Validate(ShippedFiles.All).State!.Experiments.Experiments);
        Assert.Equal(("ewma-anomaly-detection", 14, 14.0), (shipped.Key, shipped.Looks, shipped.Duration.TotalDays));
        Assert.Equal([2, 3], shipped.Treatment.Rings);
        Assert.Equal([0.85, 0.15], shipped.Metrics.Take(2).Select(m => m.Bound!.Value));
    }

    [Fact]
    public void A_ring_in_both_arms_and_a_goal_without_its_bound_are_faults_with_their_line()
    {
        var report = ConfigValidation.Validate(new Dictionary<string, string> { ["experiments.yaml"] = Saving.Replace("rings: [2, 3]", "rings: [1, 2]").Replace("goal: lower", "goal: at_most") });
        Assert.Equal(2, report.Errors.Count());
        Assert.All(report.Errors, f => Assert.True(f.Line > 0 && f.Mend.Length > 0));
    }

    [Fact]
    public async Task A_saving_is_found_within_days_and_its_looks_are_kept()
    {
        await SeeAsync();
        Define(Saving);
        await DaysAsync(3, 0.6, 0);
        var view = (await _reader.FindAsync("saving"))!;
        Assert.Equal(ExperimentOutcome.For, view.Last!.Outcome);
        Assert.Equal((60, 35, 2), (view.ControlHosts, view.TreatmentHosts, view.Looks.Count));
        Assert.InRange(view.Last.Metrics[0].Effect!.Value, -0.5, -0.3);
        await DaysAsync(6, 0.6, 0);
        view = (await _reader.FindAsync("saving"))!;
        Assert.Equal(("its time is over", 7), (view.WhyEnded, view.Looks.Count));
        await DaysAsync(1, 0.6, 0);
        Assert.Equal(view.RunId, (await _reader.FindAsync("saving"))!.RunId);
    }

    [Fact]
    public async Task Losing_critical_processes_is_against_it()
    {
        await SeeAsync();
        Define(Saving);
        await DaysAsync(3, 0.6, 1);
        Assert.Equal(ExperimentOutcome.Against, (await _reader.FindAsync("saving"))!.Last!.Outcome);
    }

    [Fact]
    public async Task Another_definition_begins_anew_and_a_removed_one_ends()
    {
        await SeeAsync();
        Define(Saving);
        await DaysAsync(2, 1, 0);
        var first = (await _reader.FindAsync("saving"))!.RunId;
        Define(Saving.Replace("0.02", "0.05"));
        await DaysAsync(1, 1, 0);
        Assert.NotEqual(first, (await _reader.FindAsync("saving"))!.RunId);
        Define("experiments: []\n");
        await DaysAsync(1, 1, 0);
        Assert.Empty(await _store.OpenRunsAsync());
        Assert.Empty(await _reader.AllAsync());
    }

    const string Detection = """
        experiments:
          - key: detection
            hypothesis: "Fewer than 20 % false alarms."
            control:
              rings: [0, 1]
            treatment:
              rings: [2, 3]
            duration: 3d
            metrics:
              - signal: anomaly.false_positive_rate
                goal: at_most
                bound: 0.2
              - signal: anomaly.detection_rate
                goal: at_least
                bound: 0.5
        """;

    IEnumerable<string> Treated => Enumerable.Range(0, 100).Select(i => $"h{i}").Where(h => _rings.RingOf("prod", h) is 2 or 3);

    /// <summary>A verdict on each of the hosts that began now, and what people say of it.</summary>
    async Task VerdictsAsync(long firstId, IEnumerable<string> hosts, AnomalyLabel? label)
    {
        var verdicts = hosts.Select((h, i) => new AnomalyVerdict(firstId + i, "prod", h, h, "java", "app", AnomalyLevel.High, 0.7, _time.GetUtcNow(), _time.GetUtcNow(), "", [], new Dictionary<string, double>())).ToList();
        await new VerdictStore(_database).AddAsync(verdicts);
        if (label is not null) await LabelAsync(verdicts.Select(v => v.Id), label.Value);
    }

    Task<LabelOutcome> LabelAsync(IEnumerable<long> ids, AnomalyLabel label) => new LabelStore(_database, new(_database, _time), new(), _time).SetAsync(Platform.Audit.Actor.System, null, [.. ids], label, null);

    [Fact]
    public async Task Labels_of_verdicts_that_began_within_the_run_decide_it()
    {
        await SeeAsync();
        await VerdictsAsync(1, Treated, AnomalyLabel.FalseAlarm);
        _time.Advance(TimeSpan.FromHours(1));
        Define(Detection);
        await DaysAsync(1, 1, 0);
        await VerdictsAsync(1001, Treated, AnomalyLabel.Real);
        await VerdictsAsync(2001, Treated, AnomalyLabel.Real);
        await DaysAsync(2, 1, 0);
        var view = (await _reader.FindAsync("detection"))!;
        Assert.Equal(ExperimentOutcome.For, view.Last!.Outcome);
        Assert.Equal((0.0, 35), (view.Last.Metrics[0].TreatmentMean, view.Last.Metrics[0].Treatment));
        Assert.Equal((70, 0), (view.Labels!.Treatment.Labelled, view.Labels.Control.Labelled));
    }

    [Fact]
    public async Task A_label_that_comes_after_a_look_counts_at_the_next_and_looks_stay_as_they_were()
    {
        await SeeAsync();
        Define(Detection);
        await DaysAsync(1, 1, 0);
        await VerdictsAsync(1, Treated, null);
        await DaysAsync(1, 1, 0);
        Assert.Equal(MetricOutcome.NotMeasured, (await _reader.FindAsync("detection"))!.Last!.Metrics[0].Outcome);
        await LabelAsync(Enumerable.Range(1, 35).Select(i => (long)i), AnomalyLabel.FalseAlarm);
        await DaysAsync(1, 1, 0);
        var view = (await _reader.FindAsync("detection"))!;
        Assert.Equal([MetricOutcome.NotMeasured, MetricOutcome.Failed], view.Looks.Select(l => l.Metrics[0].Outcome));
        Assert.Equal(ExperimentOutcome.Against, view.Last!.Outcome);
    }

    [Fact]
    public async Task A_host_that_leaves_its_arm_tells_what_began_until_then()
    {
        await SeeAsync();
        Define(Detection);
        await DaysAsync(1, 1, 0);
        var leaving = Treated.First();
        await VerdictsAsync(1, [leaving], AnomalyLabel.Real);
        _time.Advance(TimeSpan.FromHours(1));
        var rings = _repository.File(_repository.Head, "rings.yaml")!.Text;
        Assert.NotNull(_repository.Commit(ConfigRepository.Main, _repository.Head, new Dictionary<string, string?> { ["rings.yaml"] = rings.Replace("pins: {}", $"pins: {{ {leaving}: 0 }}") }, CommitAuthor.Console, "pinned"));
        Assert.True(_states.Current.Rings.Pins.ContainsKey(leaving));
        await DaysAsync(1, 1, 0);
        await VerdictsAsync(2, [leaving], AnomalyLabel.FalseAlarm);
        await DaysAsync(1, 1, 0);
        Assert.Equal(new(1, 0, 0, 0), (await _reader.FindAsync("detection"))!.Labels!.Treatment);
    }

    [Fact]
    public async Task The_time_before_is_watched_first_and_narrows_the_comparison()
    {
        await SeeAsync();
        Define(Saving.Replace("duration: 7d", "duration: 7d\n    before: 2d"));
        await DaysAsync(1, 1, 0);
        var view = (await _reader.FindAsync("saving"))!;
        Assert.Equal((true, 0, null), (view.IsInTimeBefore, view.TreatmentHosts, view.Last));
        await DaysAsync(1, 1, 0);
        await DaysAsync(3, 0.6, 0);
        view = (await _reader.FindAsync("saving"))!;
        Assert.Equal((false, 35, view.StartedAt + TimeSpan.FromDays(2)), (view.IsInTimeBefore, view.TreatmentHosts, view.BeginsAt));
        Assert.Contains("adjusted by the time before", view.Last!.Metrics[0].Basis!, StringComparison.Ordinal);
        Assert.InRange(view.Last.Metrics[0].Effect!.Value, -0.5, -0.3);
        await DaysAsync(6, 0.6, 0);
        Assert.Equal(7, (await _reader.FindAsync("saving"))!.Looks.Count);
    }
}
