using NrdotConsole.App.Features.Signals;
using NrdotConsole.Core.Anomalies;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Signals;

/// <summary>A console that ran through, and one that was restarted on its files, hear the same: they say the same.</summary>
public sealed class RestartTests
{
    static readonly string[] s_hosts = ["h1", "h2", "h3", "h4"];

    /// <summary>Hosts report at the full minute, each a little otherwise every time; java on h1 as it is told.</summary>
    static void Minutes(SignalWorld world, int minutes, double java = 20)
    {
        world.Run(minutes * 60 - (int)world.Now.ToUnixTimeSeconds() % 60, _ =>
        {
            if (world.Now.Second == 0) Scrape(world, world.Now, java);
        });
    }

    static void Scrape(SignalWorld world, DateTimeOffset at, double java = 20)
    {
        var random = new Random((int)at.ToUnixTimeSeconds());
        foreach (var host in s_hosts)
        {
            world.Send("prod", w =>
            {
                foreach (var (name, cpu) in new[] { ("java", host == "h1" ? java : 20), ("postgres", 10), ("nginx", 5.0) })
                    world.Process(w, host, name, cpu * (0.9 + 0.2 * random.NextDouble()), 1e9 * (1 + 0.1 * random.NextDouble()), at: at);
            });
            if (at.Minute % 15 == 0) world.Inventory("prod", host, "java", "postgres", "nginx", "sshd");
        }
    }

    static (SignalWorld Through, SignalWorld Restarted) Learnt()
    {
        var (through, restarted) = (new SignalWorld(), new SignalWorld(onDisk: true));
        foreach (var world in (SignalWorld[])[through, restarted])
        {
            Minutes(world, 71);
            world.Run(17);
        }
        return (through, restarted);
    }

    /// <summary>All that pages say of the tenant, but for what tells the time.</summary>
    static object Said(SignalWorld world)
    {
        var (coverage, cost, cardinality) = (world.Board.Coverage(SignalWorld.Prod).Current!, world.Board.Cost(SignalWorld.Prod).Current!, world.Board.Cardinality(SignalWorld.Prod).Current!);
        var anomalies = world.Board.Anomalies(SignalWorld.Prod).Current!;
        var hosts = world.Board.Fleet(SignalWorld.Prod).Current!.Rows.OrderBy(r => r.HostKey)
            .Select(r => (r.HostKey, r.Health, r.ActiveSeries, r.PointsPerMinute, r.UsdPerHour, r.SeriesMinted, r.IntervalMs, r.CriticalKnown, r.CriticalFresh)).ToList();
        return (
            coverage.Score, string.Join(", ", coverage.Tiers), coverage.MissingTotal, cost.UsdPerHour, cost.UsdToday, cost.UsdTodayProjected is null, cardinality.Active, cardinality.Daily, cardinality.GrowthPerHour,
            anomalies.Watched, anomalies.Learning, Words(anomalies.Open), string.Join('\n', hosts));
    }

    static string Words(IEnumerable<AnomalyVerdict> verdicts) => string.Join('\n', verdicts.Select(v => (v.Id, v.HostKey, v.Executable, v.Level, v.StartedAt, v.EndedAt, v.Explanation)));

    static async Task<string> KeptAsync(SignalWorld world) => Words((await world.Stores.Verdicts.PageAsync(new())).Items);

    [Fact]
    public async Task A_console_that_was_stopped_and_started_says_what_one_that_ran_through_says()
    {
        var (through, restarted) = Learnt();
        using var _ = through;
        using var __ = restarted;
        through.Run(10);
        restarted.Restart(TimeSpan.FromSeconds(10));
        foreach (var world in (SignalWorld[])[through, restarted]) world.Run(3);
        Assert.Equal(Said(through), Said(restarted));

        foreach (var world in (SignalWorld[])[through, restarted]) Minutes(world, 5, java: 300);
        Assert.NotEqual("", Words(through.Board.Anomalies(SignalWorld.Prod).Current!.Open));
        Assert.Equal(Said(through), Said(restarted));

        restarted.Restart();
        foreach (var world in (SignalWorld[])[through, restarted]) Minutes(world, 15);
        Assert.Equal(Said(through), Said(restarted));
        Assert.Equal(await KeptAsync(through), await KeptAsync(restarted));
        Assert.Empty(restarted.Log);
    }

    [Fact]
    public async Task A_console_that_was_killed_says_the_same_but_for_the_scrapes_since_its_detectors_were_last_written_down()
    {
        var (through, killed) = Learnt();
        using var _ = through;
        using var __ = killed;
        through.Run(10);
        killed.Kill(TimeSpan.FromSeconds(10));
        foreach (var world in (SignalWorld[])[through, killed]) world.Run(3);
        Assert.Equal(Said(through), Said(killed));

        foreach (var world in (SignalWorld[])[through, killed]) Minutes(world, 4, java: 300);
        var (said, expected) = (Assert.Single(killed.Board.Anomalies(SignalWorld.Prod).Current!.Open), Assert.Single(through.Board.Anomalies(SignalWorld.Prod).Current!.Open));
        Assert.Equal((expected.HostKey, expected.Executable, expected.StartedAt, expected.Level), (said.HostKey, said.Executable, said.StartedAt, said.Level));

        // It stood open when the console was killed again, and had not been when the detectors were last written down.
        killed.Kill();
        Minutes(killed, 15);
        Assert.Empty(killed.Board.Anomalies(SignalWorld.Prod).Current!.Open);
        var kept = Assert.Single((await killed.Stores.Verdicts.PageAsync(new())).Items);
        Assert.Equal((said.Id, said.StartedAt, true), (kept.Id, kept.StartedAt, kept.EndedAt is not null));
        var kinds = (await killed.Stores.Events.PageAsync("prod", "h1", null, new(0, 50))).Items.Select(e => e.Kind).ToList();
        Assert.Equal((1, 1), (kinds.Count(k => k == "anomaly.opened"), kinds.Count(k => k == "anomaly.closed")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_time_that_the_console_was_down_is_no_anomaly_no_spike_and_nobody_s_absence(bool sendersKeep)
    {
        using var world = new SignalWorld(onDisk: true);
        Minutes(world, 31);
        world.Run(20);
        var before = world.Board.Cost(SignalWorld.Prod).Current!.UsdPerHour!.Value;
        var minted = world.Board.Fleet(SignalWorld.Prod).Current!.Rows.Sum(r => r.SeriesMinted);
        var stopped = world.Now;
        world.Restart(TimeSpan.FromSeconds(230));
        var low = new List<string>();
        world.Run(6 * 60, second =>
        {
            for (var at = stopped.AddSeconds(40); sendersKeep && second == 12 && at < world.Now; at = at.AddMinutes(1)) Scrape(world, at);
            if (world.Now.Second == 0) Scrape(world, world.Now);
            if (world.Board.Cost(SignalWorld.Prod).Current is not { } cost || world.Board.Coverage(SignalWorld.Prod).Current is not { } coverage) return;
            if (cost.UsdPerHour is { } now && now > before * 1.3m) low.Add($"{second}: {now} after {before}");
            if (coverage.MissingTotal > s_hosts.Length) low.Add($"{second}: {coverage.MissingTotal} missing");
        });
        Assert.Empty(low);
        Assert.Empty((await world.Stores.Verdicts.PageAsync(new())).Items);
        Assert.Equal((12, 0), (world.Board.Anomalies(SignalWorld.Prod).Current!.Watched, world.Board.Anomalies(SignalWorld.Prod).Current!.Learning));
        Assert.Equal(minted, world.Board.Fleet(SignalWorld.Prod).Current!.Rows.Sum(r => r.SeriesMinted));
        Assert.Empty((await world.Stores.Events.PageAsync("prod", null, null, new(0, 100))).Items.Where(e => e.At >= stopped).Select(e => e.Text));
    }

    [Fact]
    public void A_console_that_was_killed_calls_no_process_missing_whose_points_were_sealed_since_its_detectors_were_last_written_down()
    {
        using var world = new SignalWorld(onDisk: true);
        world.Run(60);
        world.Run(295, _ => Scrape());
        Assert.True(world.Store.TrySealAll());
        // Between two scrapes: for some seconds nobody reports.
        world.Kill(TimeSpan.FromSeconds(1));
        var claims = new List<string>();
        world.Run(30, second =>
        {
            Scrape();
            if (world.Board.Coverage(SignalWorld.Prod).Current is { } said && said.MissingTotal > 0) claims.Add($"{second}: {said.MissingTotal} missing, critical {said.Critical}");
        });
        Assert.Empty(claims);
        Assert.Equal((1, s_hosts.Length), (world.Board.Coverage(SignalWorld.Prod).Current!.Score, world.Board.Coverage(SignalWorld.Prod).Current!.HostsKnown));

        void Scrape()
        {
            if (world.Now.Second % 10 == 0) RestartTests.Scrape(world, world.Now);
        }
    }

    [Fact]
    public void What_left_the_store_s_memory_at_a_seal_is_not_new_when_it_comes_again_after_a_restart()
    {
        using var world = new SignalWorld(onDisk: true);
        Minutes(world, 10);
        var (said, minted) = (string.Join(", ", world.Board.Coverage(SignalWorld.Prod).Current!.Tiers), Minted());
        Assert.True(world.Store.TrySealAll());
        world.Restart();
        world.Run(6);
        Assert.Equal(said, string.Join(", ", world.Board.Coverage(SignalWorld.Prod).Current!.Tiers));
        Minutes(world, 3);
        Assert.Equal(minted, Minted());
        Assert.Equal(0, world.Board.Cardinality(SignalWorld.Prod).Current!.NewSeriesLastMinute);

        long Minted() => world.Board.Fleet(SignalWorld.Prod).Current!.Rows.Sum(r => r.SeriesMinted);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("flipped")]
    [InlineData("another version")]
    [InlineData("empty")]
    [InlineData("longer")]
    public void A_damaged_snapshot_is_passed_over_and_said(string how)
    {
        using var world = new SignalWorld(onDisk: true);
        Minutes(world, 30);
        world.Restart(meanwhile: () =>
        {
            var bytes = File.ReadAllBytes(world.SnapshotPath);
            if (how == "cut") Array.Resize(ref bytes, bytes.Length - 5);
            if (how == "flipped") bytes[bytes.Length / 2] ^= 4;
            if (how == "another version") bytes[4]++;
            if (how == "empty") bytes = [];
            if (how == "longer") bytes = [.. bytes, 1];
            File.WriteAllBytes(world.SnapshotPath, bytes);
        });
        Assert.Contains("cannot be used", Assert.Single(world.Log), StringComparison.Ordinal);
        Minutes(world, 2);
        Assert.Equal((12, 12), (world.Board.Anomalies(SignalWorld.Prod).Current!.Watched, world.Board.Anomalies(SignalWorld.Prod).Current!.Learning));
        Minutes(world, 8);
        Assert.Equal(0, world.Board.Anomalies(SignalWorld.Prod).Current!.Learning);
    }

    [Fact]
    public void A_snapshot_of_long_ago_is_passed_over_and_said()
    {
        using var world = new SignalWorld(onDisk: true);
        Minutes(world, 30);
        world.Restart(SnapshotFile.MaximumAge + TimeSpan.FromMinutes(1));
        Assert.Contains("learn anew", Assert.Single(world.Log), StringComparison.Ordinal);
    }

    [Fact]
    public void Detectors_that_were_kept_forget_a_process_that_sent_nothing_for_longer_than_they_remember()
    {
        using var world = new SignalWorld(onDisk: true);
        Minutes(world, 30);
        world.Restart(AnomalyTracker.ResetAfter + TimeSpan.FromMinutes(1));
        Minutes(world, 2, java: 300);
        Assert.Equal((12, 12, 0), (world.Board.Anomalies(SignalWorld.Prod).Current!.Watched, world.Board.Anomalies(SignalWorld.Prod).Current!.Learning, world.Board.Anomalies(SignalWorld.Prod).Current!.Active));
    }
}
