using FsCheck.Xunit;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.FleetSim.Events;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Tests;

public class WorldTests
{
    static readonly WorldOptions s_demo = new() { Hosts = 20, Script = DemoScript.Events, Eventful = true };

    [Property(MaxTest = 5)]
    public void The_same_seed_and_times_make_the_same_bytes_however_the_way_is_cut_into_steps(ushort seed, byte cut)
    {
        var options = s_demo with { Seed = seed, Hosts = 6 };
        Assert.Equal(Bytes(options, TimeSpan.FromMinutes(4)), Bytes(options, TimeSpan.FromSeconds(0.5 + cut)));
    }

    [Fact]
    public void Another_seed_makes_another_world() =>
        Assert.NotEqual(Bytes(s_demo with { Seed = 1 }, TimeSpan.FromMinutes(4)), Bytes(s_demo with { Seed = 2 }, TimeSpan.FromMinutes(4)));

    static byte[] Bytes(WorldOptions options, TimeSpan step)
    {
        var world = new World(options, Sent.Begin - TimeSpan.FromMinutes(2), Sent.Begin);
        var bytes = new List<byte>();
        for (var at = Sent.Begin - TimeSpan.FromMinutes(2); ; at += step)
        {
            var to = at < Sent.Begin + TimeSpan.FromMinutes(2) ? at : Sent.Begin + TimeSpan.FromMinutes(2);
            world.Step(to, b => bytes.AddRange(b.Body.Span));
            if (to != at) return [.. bytes];
        }
    }

    [Fact]
    public void Only_names_that_real_collectors_send_are_sent()
    {
        var unknown = Sent.Run(s_demo, TimeSpan.FromMinutes(3)).SelectMany(b => b.Points).Select(p => p.Metric).Distinct().Except(RealNames.All);
        Assert.Empty(unknown);
    }

    [Fact]
    public void Every_real_name_is_sent() =>
        Assert.Empty(RealNames.All.Except(Sent.Run(s_demo, TimeSpan.FromMinutes(3)).SelectMany(b => b.Points).Select(p => p.Metric)));

    [Fact]
    public void A_stock_host_sends_49_points_of_its_own_and_7_a_process_from_the_second_scrape_on()
    {
        var second = Sent.Run(new() { Hosts = 10, Interval = TimeSpan.FromMinutes(1) }, TimeSpan.FromMinutes(3))
            .Where(b => b.Batch.Kind == BatchKind.Metrics).GroupBy(b => b.Batch.Host.Name).Select(g => g.ElementAt(1));
        Assert.All(second, b =>
        {
            Assert.Equal(49, b.Points.Count(p => p.Executable.Length == 0));
            Assert.All(b.Points.Where(p => p.Executable.Length > 0 && p.Executable != "find").GroupBy(p => p.Resource["process.pid"]), g => Assert.Equal(7, g.Count()));
            Assert.InRange(b.Points.Count, 49 + (7 * 7), 49 + (7 * 60));
        });
    }

    [Fact]
    public void The_first_scrape_of_a_process_has_neither_rates_nor_deltas()
    {
        var first = Sent.Run(new() { Hosts = 1 }, TimeSpan.FromSeconds(11)).First(b => b.Batch.Kind == BatchKind.Metrics).Points;
        Assert.DoesNotContain(first, p => p.Metric is "process.cpu.utilization" or "process.disk.io" or "system.disk.io");
        Assert.Contains(first, p => p.Metric == "process.memory.usage");
    }

    [Fact]
    public void Counters_are_deltas_that_join_and_state_is_cumulative()
    {
        var points = Sent.Run(new() { Hosts = 1 }, TimeSpan.FromMinutes(2)).Where(b => b.Batch.Kind == BatchKind.Metrics).SelectMany(b => b.Points).ToList();
        Assert.All(points.Where(p => p.Monotonic), p => Assert.Equal(Temporality.Delta, p.Temporality));
        Assert.All(points.Where(p => p.Kind == MetricKind.Sum && !p.Monotonic), p => Assert.Equal(Temporality.Cumulative, p.Temporality));
        var io = points.Where(p => p.Metric == "system.disk.io" && p.Attributes["direction"] == "read").GroupBy(p => p.Attributes["device"]).First().ToList();
        for (var i = 1; i < io.Count; i++) Assert.Equal(io[i - 1].Nano, io[i].StartNano);
    }

    [Fact]
    public void Ring_and_profile_stand_on_self_telemetry_and_nowhere_else()
    {
        foreach (var (batch, points) in Sent.Run(s_demo, TimeSpan.FromMinutes(1)))
            Assert.All(points, p =>
            {
                Assert.Equal(batch.Kind == BatchKind.SelfTelemetry, p.Resource.ContainsKey("nrdot.ring"));
                Assert.Equal(batch.Kind == BatchKind.SelfTelemetry, p.Resource.ContainsKey("nrdot.profile"));
                Assert.Equal(batch.Host.Id, p.Resource["host.id"]);
                Assert.Equal(batch.Host.Tenant, p.Resource["nrdot.tenant"]);
                Assert.Equal(batch.Kind == BatchKind.Inventory, p.Resource.GetValueOrDefault("nrdot.pipeline") == "inventory");
            });
    }

    [Fact]
    public void A_stricter_profile_sends_fewer_points()
    {
        var points = CollectionProfile.All.Select(profile => Sent.Run(new() { Hosts = 20, Profile = profile, Interval = TimeSpan.FromMinutes(1) }, TimeSpan.FromMinutes(5))
            .Where(b => b.Batch.Kind == BatchKind.Metrics).Sum(b => b.Points.Count)).ToList();
        Assert.True(points[0] > points[1] && points[1] > points[2] && points[2] > points[3], string.Join(" > ", points));
    }

    [Fact]
    public void The_inventory_names_every_process_whatever_the_profile()
    {
        var inventory = Sent.Run(new() { Hosts = 8, Profile = CollectionProfile.Emergency }, TimeSpan.FromMinutes(5)).Where(b => b.Batch.Kind == BatchKind.Inventory).ToList();
        Assert.Equal(8, inventory.Select(b => b.Batch.Host.Id).Distinct().Count());
        Assert.All(inventory, b => Assert.Equal(b.Batch.Host.Processes.Count, b.Points.Count));
    }

    [Fact]
    public void Hosts_belong_to_their_tenants_and_rings()
    {
        var hosts = new World(new() { Hosts = 1_000 }, Sent.Begin, Sent.Begin).Hosts;
        Assert.Equal(1_000, hosts.Select(h => h.Name).Distinct().Count());
        Assert.Equal(1_000, hosts.Select(h => h.Id).Distinct().Count());
        Assert.Equal([("dev", 200), ("prod", 500), ("staging", 300)], hosts.GroupBy(h => h.Tenant).Select(g => (g.Key, g.Count())).Order());
        Assert.All(hosts.GroupBy(h => h.Ring), g => Assert.InRange(g.Count() / 1_000.0, new[] { 0.4, 0.2, 0.2, 0.15, 0.05 }[g.Key] - 0.05, new[] { 0.4, 0.2, 0.2, 0.15, 0.05 }[g.Key] + 0.05));
    }

    [Fact]
    public void A_host_keeps_its_ring_and_name_when_the_fleet_grows()
    {
        var few = new World(new() { Hosts = 30 }, Sent.Begin, Sent.Begin).Hosts;
        var many = new World(new() { Hosts = 300 }, Sent.Begin, Sent.Begin).Hosts;
        Assert.All(few, h => Assert.Equal((h.Id, h.Name, h.Ring), (many[h.Index].Id, many[h.Index].Name, many[h.Index].Ring)));
    }

    [Fact]
    public void Processes_have_the_importance_that_the_console_gives_them()
    {
        var hosts = new World(new() { Hosts = 60 }, Sent.Begin, Sent.Begin).Hosts;
        foreach (var spec in hosts.SelectMany(h => h.Processes).Select(p => p.Spec).Where(s => s.Importance >= 0.6).DistinctBy(s => s.Executable))
            Assert.Equal((spec.Executable, spec.Importance), (spec.Executable, ProcessClassification.Default.Of(spec.Executable).Importance));
        Assert.All(hosts.SelectMany(h => h.Processes).Where(p => p.Spec.Importance < 0.6), p => Assert.True(ProcessClassification.Default.Of(p.Spec.Executable).Importance < 0.6, p.Spec.Executable));
    }

    [Fact]
    public void History_runs_at_its_own_slower_rhythm_and_leads_into_the_live_one_without_a_hole()
    {
        var times = new List<DateTimeOffset>();
        var world = new World(new() { Hosts = 1 }, Sent.Begin - TimeSpan.FromMinutes(10), Sent.Begin);
        world.Step(Sent.Begin + TimeSpan.FromMinutes(1), b => { if (b.Kind == BatchKind.Metrics) times.Add(b.At); });
        Assert.Equal(10, times.Count(t => t < Sent.Begin));
        Assert.Equal(6, times.Count(t => t >= Sent.Begin));
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, 0.5, 70.5));
    }
}
