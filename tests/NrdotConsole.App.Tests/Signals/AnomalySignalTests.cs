using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Signals;

public sealed class AnomalySignalTests : IDisposable
{
    readonly SignalWorld _world = new();

    public void Dispose() => _world.Dispose();

    AnomalySummary Prod => _world.Board.Anomalies(SignalWorld.Prod).Current!;

    void Minutes(int minutes, double javaCpu = 20, double javaMemory = 1e9) => _world.Run(minutes * 60, second =>
    {
        if (second % 60 == 0) _world.Scrape("prod", "h1", ("java", javaCpu, javaMemory), ("postgres", 10, 2e9));
    });

    [Fact]
    public void Detectors_learn_first_and_watch_each_executable_once()
    {
        Minutes(2);
        Assert.Equal((2, 2, 0), (Prod.Watched, Prod.Learning, Prod.Active));
        Minutes(8);
        Assert.Equal((2, 0, 0), (Prod.Watched, Prod.Learning, Prod.Active));
    }

    [Fact]
    public async Task A_runaway_process_opens_a_verdict_that_closes_when_it_calms_and_is_kept()
    {
        Minutes(30);
        Minutes(3, javaCpu: 300);
        var open = Assert.Single(Prod.Open);
        Assert.Equal(("java", "h1", "root"), (open.Executable, open.HostKey, open.Owner));
        Assert.Equal(300, open.Features["cpu_utilization"], 6);
        Assert.Equal(1, _world.Board.Fleet(SignalScope.Fleet).Current!.Rows.Single().OpenAnomalies);
        Assert.Equal(1, Prod.ByLevel.Values.Sum());

        Minutes(20);
        Assert.Empty(Prod.Open);
        Assert.NotNull(Assert.Single(Prod.Recent).EndedAt);
        var kept = Assert.Single((await _world.Stores.Verdicts.PageAsync(new())).Items);
        Assert.Equal((open.Id, open.StartedAt), (kept.Id, kept.StartedAt));
        Assert.NotNull(kept.EndedAt);
        var kinds = (await _world.Stores.Events.PageAsync("prod", "h1", null, new(0, 10))).Items.Select(e => e.Kind).ToList();
        Assert.Contains("anomaly.opened", kinds);
        Assert.Contains("anomaly.closed", kinds);
    }

    [Fact]
    public void A_scrape_that_arrives_in_several_requests_is_one_observation()
    {
        _world.Run(30 * 60, second =>
        {
            // Ten workers of one executable, in two requests a second apart: never five workers.
            if (second % 60 == 0) Workers(0, _world.Now);
            if (second % 60 == 1) Workers(5, _world.Now.AddSeconds(-1));
        });
        Assert.Equal((1, 0), (Prod.Watched, Prod.Active));
        Assert.Equal(10, _world.Engine.Read(e => e.Host(new("prod", "h1"))!.Processes.Values.Single().Scrape.Features(1).Processes));

        void Workers(int from, DateTimeOffset at) => _world.Send("prod", w =>
        {
            for (var i = from; i < from + 5; i++)
            {
                w.Resource([new("host.id", "h1"), new("process.executable.name", "nginx"), new("process.owner", "www"), new("process.pid", $"{i}")]);
                w.Scope();
                w.Metric("process.memory.usage", Core.Telemetry.MetricKind.Sum, "By", "", Core.Telemetry.Temporality.Cumulative);
                w.Number(SignalWorld.At(at), 1e8);
            }
        });
    }

    [Fact]
    public void A_pid_that_has_ended_is_not_summed_with_its_successor()
    {
        _world.Run(10 * 60, second =>
        {
            if (second % 60 == 0) _world.Send("prod", w => _world.Process(w, "h1", "java", 50, 1e9, pid: $"{second}"));
        });
        var features = _world.Engine.Read(e => e.Host(new("prod", "h1"))!.Processes.Values.Single().Scrape.Features(1));
        Assert.Equal((1.0, 1e9), (features.Processes, features.MemoryBytes));
    }

    [Fact]
    public void An_open_verdict_is_carried_over_a_restart_and_ends_when_the_detectors_have_learnt()
    {
        Minutes(30);
        Minutes(3, javaCpu: 300);
        var id = Assert.Single(Prod.Open).Id;
        _world.Restart();
        Minutes(1);
        Assert.Equal(id, Assert.Single(Prod.Open).Id);
        Minutes(10);
        Assert.Empty(Prod.Open);
        Assert.Equal(id, Assert.Single(Prod.Recent).Id);
    }

    [Fact]
    public void Noise_is_not_watched_and_the_number_of_watched_processes_is_limited()
    {
        using var world = new SignalWorld(new() { MaxWatched = 1 });
        world.Run(10, second =>
        {
            if (second == 0) world.Scrape("prod", "h1", ("java", 1, 1e7), ("postgres", 1, 1e7), ("sleep", 1, 1e7));
        });
        Assert.Equal(1, world.Engine.WatchedProcesses);
        Assert.True(world.Engine.WatchesRefused > 0);
    }
}
