using NrdotConsole.App.Features.Signals;
using NrdotConsole.Core.Coverage;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Signals;

public sealed class CoverageSignalTests : IDisposable
{
    readonly SignalWorld _world = new();

    public void Dispose() => _world.Dispose();

    CoverageSummary Prod => _world.Board.Coverage(SignalWorld.Prod).Current!;

    /// <summary>postgres, java and nginx run; the scrape each minute leaves out what is named.</summary>
    void Minutes(int minutes, params string[] unsent) => _world.Run(minutes * 60, second =>
    {
        if (second % 60 != 0) return;
        var sent = new[] { "postgres", "java", "nginx" }.Except(unsent).Select(e => (e, 5.0, 1e8)).ToArray();
        if (sent.Length > 0) _world.Scrape("prod", "h1", sent);
        if (second % 300 == 0) _world.Inventory("prod", "h1", "postgres", "java", "nginx");
    });

    [Fact]
    public void All_that_the_inventory_names_and_that_reports_is_covered()
    {
        Minutes(2);
        Assert.Equal(1.0, Prod.Score);
        Assert.Equal(new CoverageRatio(3, 3), Pool(Prod));
        Assert.Empty(Prod.Missing);
        Assert.Equal((1, 0), (Prod.HostsKnown, Prod.HostsUnknown));
    }

    [Fact]
    public void The_first_seconds_of_a_host_and_of_the_console_are_unknown_and_no_loss()
    {
        var scores = new List<double?>();
        _world.Board.Coverage(SignalWorld.Prod).Changed += c => scores.Add(c.Score);
        void Begin() => _world.Run(120, second =>
        {
            if (second == 0) _world.Inventory("prod", "h1", "postgres", "java", "nginx");
            if (second % 60 == 2) _world.Scrape("prod", "h1", ("postgres", 5, 1e8), ("java", 5, 1e8));
            if (second % 60 == 4) _world.Scrape("prod", "h1", ("nginx", 5, 1e8));
        });
        Begin();
        _world.Time.Advance(TimeSpan.FromMinutes(10));
        _world.Restart();
        _world.Board.Coverage(SignalWorld.Prod).Changed += c => scores.Add(c.Score);
        Begin();
        Assert.Contains(null, scores);
        Assert.All(scores, score => Assert.True(score is null or 1.0, $"{score}"));
        Assert.Equal(1.0, Prod.Score);
    }

    [Fact]
    public void A_host_that_names_its_processes_and_never_reports_them_is_uncovered_once_it_had_its_turn()
    {
        _world.Inventory("prod", "h1", "postgres");
        _world.Run(150);
        Assert.Null(Prod.Score);
        _world.Run(60);
        Assert.Equal(0.0, Prod.Score);
    }

    [Fact]
    public void A_process_that_stops_reporting_while_the_inventory_names_it_is_missing_and_weighs_by_importance()
    {
        Minutes(6);
        var lastSeen = SignalWorld.Start.AddMinutes(5);
        Minutes(6, "java");

        // postgres 0.9 and nginx 0.8 of 0.9 + 0.8 + 0.6
        Assert.Equal(1.7 / 2.3, Prod.Score!.Value, 12);
        Assert.Equal(1.0, Prod.Critical);
        Assert.Equal(new CoverageRatio(1, 2), Prod.Tiers.Single(t => t.Tier == Tier.Important).Coverage);
        var missing = Assert.Single(Prod.Missing);
        Assert.Equal(("h1", "java", "root", "application", Tier.Important), (missing.HostKey, missing.Executable, missing.Owner, missing.Class, missing.Tier));
        Assert.True(missing.LastSeen > lastSeen, "the inventory has seen it since");
        Assert.Equal((1, Prod.Score), (Prod.MissingTotal, Prod.WorstHosts.Single().Score));
    }

    [Fact]
    public void A_process_that_the_next_inventory_comes_without_is_gone_and_no_loss()
    {
        Minutes(6);
        _world.Run(600, second =>
        {
            if (second % 60 == 0) _world.Scrape("prod", "h1", ("postgres", 5, 1e8), ("nginx", 5, 1e8));
            if (second % 300 == 0) _world.Inventory("prod", "h1", "postgres", "nginx");
        });
        Assert.Equal((1.0, 2), (Prod.Score, Pool(Prod).Known));
    }

    [Fact]
    public void What_the_store_refuses_is_not_missing_and_the_host_is_unknown_until_it_is_taken()
    {
        using var world = new SignalWorld(store: new() { NewSeriesPerMinute = 40 });
        var h1 = world.Board.Coverage(new("prod", "h1"));
        h1.Changed += _ => { }; // a page that watches it
        void Minutes(int minutes, string pid, int noise) => world.Run(minutes * 60, second =>
        {
            if (second % 300 == 0) world.Inventory("prod", "h1", "postgres", "java");
            // Two series a process.
            if (second % 60 == 10) world.Scrape("prod", "noisy", [.. Enumerable.Range(0, noise).Select(i => ($"{world.Now:HHmm}-{i}", 1.0, 1e6))]);
            if (second % 60 == 11) world.Scrape("prod", "h1", ("postgres", 5, 1e8));
            if (second % 60 == 11) world.Send("prod", w => world.Process(w, "h1", "java", 5, 1e8, pid));
        });
        Minutes(7, "1", noise: 0);
        Assert.Equal(1.0, h1.Current!.Score);
        // java begins anew while another host uses up what the tenant may add in a minute.
        Minutes(6, "2", noise: 20);
        Assert.Equal((null, 0), (h1.Current!.Score, h1.Current.MissingTotal));
        Minutes(5, "2", noise: 0);
        Assert.Equal(1.0, h1.Current!.Score);
    }

    [Fact]
    public void A_host_that_falls_silent_loses_its_coverage_and_then_its_denominator()
    {
        Minutes(10);
        _world.Run(190);
        Assert.Equal((0.0, new CoverageRatio(0, 3)), (Prod.Score, Pool(Prod)));

        _world.Run(15 * 60);
        Assert.Null(Prod.Score);
        Assert.Null(Prod.Critical);
        Assert.Equal((0, 1), (Prod.HostsKnown, Prod.HostsUnknown));
    }

    [Fact]
    public void A_host_without_process_metrics_is_unknown_not_covered()
    {
        _world.Send("prod", writer =>
        {
            writer.Resource([new("host.id", "bare")]);
            writer.Scope();
            writer.Metric("system.memory.usage", MetricKind.Gauge, "By");
            writer.Number(SignalWorld.At(_world.Now), 1);
        });
        _world.Run(3);
        Assert.Null(Prod.Score);
        Assert.Equal((0, 1), (Prod.HostsKnown, Prod.HostsUnknown));
    }

    [Fact]
    public void Scopes_pool_processes_and_do_not_average_hosts()
    {
        _world.Run(700, second =>
        {
            if (second % 60 != 0) return;
            _world.Scrape("prod", "large", [.. Enumerable.Range(0, 9).Select(i => ($"postgres{i}", 1.0, 1e7))]);
            if (second < 400) _world.Scrape("staging", "small", ("postgres", 1, 1e7));
        });
        var fleet = _world.Board.Coverage(SignalScope.Fleet).Current!;
        Assert.Equal(0.9, fleet.Critical);
        Assert.Equal(0.0, _world.Board.Coverage(new("staging")).Current!.Critical);
        Assert.Equal(0.0, _world.Board.Coverage(new("staging", "small")).Current!.Critical);
        Assert.Equal(1.0, _world.Board.Coverage(new("prod", "large")).Current!.Critical);
    }

    [Fact]
    public void A_declared_process_that_never_came_is_missing_and_any_owner_satisfies_it()
    {
        using var world = new SignalWorld(new() { Declared = [new("prod", new("^db-"), ["postgres", "sshd"])] });
        world.Run(130, second =>
        {
            if (second % 60 == 0) world.Scrape("prod", "db-1", ("postgres", 1, 1e7));
        });
        var prod = world.Board.Coverage(SignalWorld.Prod).Current!;
        Assert.Equal("sshd", Assert.Single(prod.Missing).Executable);
        Assert.Equal(new CoverageRatio(1, 2), prod.Tiers[0].Coverage);
    }

    [Fact]
    public void A_restarted_process_under_a_new_pid_is_the_same_process()
    {
        _world.Run(600, second =>
        {
            if (second % 60 == 0) _world.Send("prod", w => _world.Process(w, "h1", "postgres", 1, 1e7, pid: $"{second}"));
        });
        Assert.Equal(new CoverageRatio(1, 1), Pool(Prod));
    }

    [Fact]
    public void Reduction_is_the_share_of_the_inventorys_processes_that_is_not_sent()
    {
        _world.Run(130, second =>
        {
            if (second % 60 != 0) return;
            _world.Scrape("prod", "h1", ("postgres", 1, 1e7));
            _world.Inventory("prod", "h1", "postgres", "java", "nginx", "bash");
        });
        // One of four processes is sent, with two series; eight would be the whole.
        Assert.Equal(0.75, _world.Board.Overview(SignalWorld.Prod).Current!.Reduction);
        Assert.Equal(0.75, _world.Board.Overview(new("prod", "h1")).Current!.Reduction);
    }

    static CoverageRatio Pool(CoverageSummary summary) => new(summary.Tiers.Sum(t => t.Coverage.Fresh), summary.Tiers.Sum(t => t.Coverage.Known));
}
