using Bunit;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Features.Experiments;
using NrdotConsole.App.Features.Experiments.Pages;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Experiments;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>One experiment's page: unknown, not begun, watched before, running, looked at, ended, failing.</summary>
public sealed class ExperimentPageTests : PageTest
{
    const string Key = "ewma-anomaly-detection";

    readonly ConsoleDatabase _database;
    readonly DesiredStates _states;
    readonly ExperimentStore _store;

    public ExperimentPageTests()
    {
        var directory = Owns(new TempDirectory());
        _database = Owns(directory.OpenDatabase(Time));
        _states = new(ConfigRepository.Open(directory.Data, Time));
        _store = new(_database);
        Services.AddFeedback(_database);
        Services.AddSingleton(_states);
        Services.AddSingleton(_store);
        Services.AddSingleton<ExperimentReader>();
        As(Permissions.ConfigRead, Permissions.TelemetryRead);
        OnCircuit();
    }

    Experiment Shipped => _states.Current.Experiments.Find(Key)!;

    IRenderedComponent<ExperimentPage> Page(string key = Key) => Settled<ExperimentPage>(p => p.Add(x => x.Key, key));

    /// <summary>Ten hosts in each arm, sampled once.</summary>
    async Task<ExperimentRun> BeginAsync(Experiment? experiment = null)
    {
        await _store.BeginAsync(experiment ?? Shipped, At.AddDays(-1), default);
        var run = (await _store.NewestAsync(Key))!;
        var arms = Enumerable.Range(0, 20).Select(i => new HostArm("prod", $"h{i}", i >= 10)).ToList();
        await _store.SampleAsync(run.Id, At.AddDays(-1).AddMinutes(5), arms, arms.Select(a => new HostSample(ExperimentSignals.Cost, a.Tenant, a.HostKey, 0.01)));
        return run;
    }

    async Task<ExperimentReport> LookAsync(ExperimentRun run, IReadOnlyList<LabelSample> labels, int look = 1)
    {
        var report = ExperimentJudge.Judge(run.Experiment, look, At, (10, 10), (1, 1), await _store.SamplesAsync(run.Id), labels);
        await _store.AddLookAsync(run.Id, report);
        return report;
    }

    [Fact]
    public void An_unknown_key_says_so_and_leads_to_all()
    {
        var page = Page("nothing");
        Says(page, "No such experiment");
        Assert.NotNull(page.Find("a[href='/experiments']"));
    }

    [Fact]
    public void One_that_has_not_begun_says_when_it_does_and_what_is_hoped()
    {
        var page = Page();
        Says(page, "It begins within a minute of being on main.");
        Says(page, "at least 85 %");
        Assert.Equal(4, page.FindAll("section[aria-label=Metrics] tbody tr").Count);
        Assert.Empty(page.FindAll("section[aria-label='Labels so far']"));
    }

    [Fact]
    public async Task One_that_runs_shows_its_arms_and_the_labels_so_far()
    {
        await BeginAsync();
        await new VerdictStore(_database).AddAsync([new(1, "prod", "h12", "h12", "java", "app", AnomalyLevel.High, 0.7, At.AddHours(-1), At, "", [], new Dictionary<string, double>())]);
        await Services.GetRequiredService<LabelStore>().SetAsync(Actor.System, null, [1], AnomalyLabel.FalseAlarm, null);
        var page = Page();
        Says(page, "Hosts are being measured; the first look is to come.");
        Says(page, "No look yet");
        Assert.Equal(["Control", "0", "0", "0", "0"], page.FindAll("section[aria-label='Labels so far'] tbody tr:nth-child(1) td").Select(d => d.TextContent));
        Assert.Equal(["Treatment", "1", "1", "0", "0"], page.FindAll("section[aria-label='Labels so far'] tbody tr:nth-child(2) td").Select(d => d.TextContent));
        Assert.Equal("/anomalies?label=none", page.Find("section[aria-label='Labels so far'] header a").GetAttribute("href"));
    }

    [Fact]
    public async Task A_look_is_told_with_its_figures_and_what_they_rest_on()
    {
        var run = await BeginAsync();
        await LookAsync(run, [new(ExperimentSignals.FalsePositiveRate, [], [.. Enumerable.Repeat(new Core.Statistics.ClusterCount(5, 5), 10)])]);
        var page = Page();
        Says(page, "against the treatment");
        Says(page, "50 of 50 labelled verdicts of 10 hosts in treatment are false alarms");
        Says(page, "nobody has labelled an anomaly of these hosts yet");
        Says(page, "1<small>of 14</small>");
    }

    [Fact]
    public async Task The_time_before_is_told_and_nothing_is_compared_yet()
    {
        await _store.BeginAsync(Shipped with { Before = TimeSpan.FromDays(2) }, At.AddDays(-1));
        var page = Page();
        Says(page, "time before");
        Says(page, "Begin the treatment when this time is over");
        Says(page, "Hosts are watched as they are, before anything is compared.");
    }

    [Fact]
    public async Task One_that_has_ended_keeps_its_last_word()
    {
        var run = await BeginAsync();
        await LookAsync(run, [], 14);
        await _store.EndAsync(run.Id, At, "its time is over");
        var page = Page();
        Says(page, "inconclusive");
        Says(page, "It has ended, and does not say");
        Says(page, "its time is over");
    }

    [Fact]
    public async Task One_that_ended_before_its_first_look_says_so()
    {
        var run = await BeginAsync();
        await _store.EndAsync(run.Id, At, "experiments.yaml no longer has it");
        Says(Page(), "It ended before its first look.");
    }

    [Fact]
    public async Task One_that_cannot_be_read_says_so_and_is_tried_again()
    {
        await RenameAsync("experiment_runs", "away");
        var page = Page();
        Says(page, "The experiment cannot be read");
        await RenameAsync("away", "experiment_runs");
        await page.Find(".failed-panel button").ClickAsync(new());
        page.WaitForAssertion(() => Says(page, "It begins within a minute"));
    }

    async Task RenameAsync(string from, string to)
    {
        await using var connection = await _database.OpenAsync();
        await connection.ExecuteAsync($"ALTER TABLE {from} RENAME TO {to}");
    }
}
