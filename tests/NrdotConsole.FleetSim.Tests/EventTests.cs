using NrdotConsole.FleetSim.Events;
using NrdotConsole.FleetSim.Worlds;

namespace NrdotConsole.FleetSim.Tests;

/// <summary>Each event shows in what the fleet sends, while it lasts and not after.</summary>
public class EventTests
{
    static List<(SimBatch Batch, List<SentPoint> Points)> Run(string host, string line, int minutes = 12) =>
        Sent.Run(new() { Hosts = 30, Profile = CollectionProfile.Aggressive, Script = EventScript.Parse([line]) }, TimeSpan.FromMinutes(minutes), host);

    static IEnumerable<SentPoint> Of(List<(SimBatch Batch, List<SentPoint> Points)> batches, string metric, string executable, double fromMinute, double toMinute) =>
        batches.Where(b => b.Batch.Kind == BatchKind.Metrics && b.Batch.At >= Sent.Begin.AddMinutes(fromMinute) && b.Batch.At < Sent.Begin.AddMinutes(toMinute))
            .SelectMany(b => b.Points).Where(p => p.Metric == metric && p.Executable == executable);

    [Fact]
    public void A_restart_brings_a_new_pid()
    {
        var run = Run("prod-db-001", "3m restart host=prod-db-001 process=redis-server");
        var pids = Of(run, "process.memory.usage", "redis-server", 0, 12).Select(p => p.Resource["process.pid"]).Distinct();
        Assert.Equal(2, pids.Count());
    }

    [Fact]
    public void A_process_that_vanished_is_absent_everywhere_until_it_returns_under_a_new_pid()
    {
        var run = Run("prod-web-001", "2m vanish host=prod-web-001 process=sshd for=6m");
        Assert.NotEmpty(Of(run, "process.memory.usage", "sshd", 0, 2));
        Assert.Empty(Of(run, "process.memory.usage", "sshd", 2, 8));
        Assert.NotEmpty(Of(run, "process.memory.usage", "sshd", 8, 12));
        var scan = run.Where(b => b.Batch.Kind == BatchKind.Inventory && b.Batch.At >= Sent.Begin.AddMinutes(2) && b.Batch.At < Sent.Begin.AddMinutes(8));
        Assert.DoesNotContain(scan.SelectMany(b => b.Points), p => p.Executable == "sshd");
    }

    [Fact]
    public void A_hidden_process_is_in_the_inventory_only()
    {
        var run = Run("prod-db-001", "0s hide host=prod-db-001 process=postgres for=20m");
        Assert.Empty(Of(run, "process.memory.usage", "postgres", 0, 12));
        Assert.Contains(run.Where(b => b.Batch.Kind == BatchKind.Inventory).SelectMany(b => b.Points), p => p.Executable == "postgres");
    }

    [Fact]
    public void A_leak_grows()
    {
        var memory = Of(Run("prod-app-001", "1m leak host=prod-app-001 process=dotnet for=10m amount=60"), "process.memory.usage", "dotnet", 0, 11).Select(p => p.Value).ToList();
        Assert.InRange(memory[^1] - memory[0], 450e6, 650e6);
    }

    [Theory]
    [InlineData("cpu-spike", "process.cpu.utilization", 3.5, 4.8)]
    [InlineData("io-storm", "process.disk.io", 3.0, 5.0)]
    public void Trouble_multiplies_the_ordinary_load(string what, string metric, double least, double most)
    {
        var run = Run("prod-db-001", $"4m {what} host=prod-db-001 process=postgres for=4m amount=4");
        double Mean(double from, double to) => Of(run, metric, "postgres", from, to).Where(p => p.Value > 0).Average(p => p.Value);
        Assert.InRange(Mean(4.2, 8) / Mean(1, 4), least, most);
        Assert.InRange(Mean(8.2, 12) / Mean(1, 4), 0.7, 1.4);
    }

    [Fact]
    public void Noisy_pods_keep_changing_name_and_pid()
    {
        var run = Run("prod-k8s-001", "1m noisy-pods host=prod-k8s-001 for=10m amount=10");
        var pods = Of(run, "process.memory.usage", "node", 0, 12).Where(p => p.Resource.ContainsKey("k8s.pod.name")).ToList();
        Assert.InRange(pods.Select(p => p.Resource["k8s.pod.name"]).Distinct().Count(), 80, 120);
        Assert.InRange(pods.Select(p => p.Resource["process.pid"]).Distinct().Count(), 80, 120);
    }

    [Fact]
    public void An_explosion_mints_devices_that_never_return()
    {
        var run = Run("prod-k8s-001", "1m explode host=prod-k8s-001 for=5m amount=30");
        var devices = run.SelectMany(b => b.Points).Where(p => p.Metric == "system.network.io" && p.Attributes["direction"] == "receive").Select(p => p.Attributes["device"]).ToList();
        Assert.InRange(devices.Distinct().Count(), 130, 155);
        Assert.All(devices.GroupBy(d => d).Where(g => g.Key.StartsWith("veth", StringComparison.Ordinal)), g => Assert.Single(g));
    }

    [Fact]
    public void An_outage_is_silence_and_then_it_goes_on()
    {
        var run = Run("prod-web-001", "2m outage host=prod-web-001 for=5m");
        Assert.DoesNotContain(run, b => b.Batch.At >= Sent.Begin.AddMinutes(2) && b.Batch.At < Sent.Begin.AddMinutes(7));
        Assert.Contains(run, b => b.Batch.At >= Sent.Begin.AddMinutes(7));
    }

    [Fact]
    public void A_queue_fills_up_then_points_are_refused_and_afterwards_all_is_well()
    {
        var run = Run("prod-mq-001", "2m queue-backup host=prod-mq-001 for=6m").Where(b => b.Batch.Kind == BatchKind.SelfTelemetry).ToList();
        double Value(string metric, double minute) => run.Last(b => b.Batch.At < Sent.Begin.AddMinutes(minute)).Points.First(p => p.Metric == metric).Value;
        Assert.Equal(0, Value("otelcol_exporter_queue_size", 2));
        Assert.InRange(Value("otelcol_exporter_queue_size", 7.9), 900, 1_000);
        Assert.Equal(0, Value("otelcol_receiver_refused_metric_points", 2));
        Assert.True(Value("otelcol_receiver_refused_metric_points", 7.9) > 0);
        Assert.True(Value("otelcol_exporter_enqueue_failed_metric_points", 7.9) > 0);
        Assert.Equal(0, Value("otelcol_exporter_queue_size", 11));
    }

    [Fact]
    public void A_reload_gives_a_new_instance_id_and_counters_from_zero()
    {
        var run = Run("prod-web-001", "6m reload host=prod-web-001").Where(b => b.Batch.Kind == BatchKind.SelfTelemetry).ToList();
        var ids = run.Select(b => b.Points[0].Resource["service.instance.id"]).Distinct();
        var sent = run.Select(b => b.Points.First(p => p.Metric == "otelcol_exporter_sent_metric_points").Value).ToList();
        Assert.Equal(2, ids.Count());
        Assert.Single(sent.Zip(sent.Skip(1)), pair => pair.Second < pair.First);
    }

    [Fact]
    public void Every_event_of_the_demonstration_finds_its_host_and_process()
    {
        var hosts = new World(new() { Hosts = 60 }, Sent.Begin, Sent.Begin).Hosts;
        Assert.All(DemoScript.Events, e =>
        {
            var host = EventTimeline.Resolve(hosts, e.Host);
            Assert.True(host is not null, e.Host);
            if (e.Process.Length > 0) Assert.Contains(host.Processes, p => p.Spec.Executable == e.Process);
        });
    }

    [Fact]
    public void An_eventful_world_goes_on_having_events()
    {
        var options = new WorldOptions { Hosts = 5, Interval = TimeSpan.FromMinutes(1) };
        int Pids(bool eventful) => Sent.Run(options with { Eventful = eventful }, TimeSpan.FromHours(1)).SelectMany(b => b.Points)
            .Where(p => p.Metric == "process.memory.usage" && p.Executable != "find").Select(p => (p.Resource["host.id"], p.Resource["process.pid"])).Distinct().Count();
        Assert.True(Pids(true) > Pids(false));
    }
}
