using NrdotConsole.FleetSim.Local;
using NrdotConsole.FleetSim.Sending;

namespace NrdotConsole.FleetSim.Tests;

/// <summary>On this very machine: the real /proc.</summary>
public class LocalReporterTests
{
    static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    static List<List<SentPoint>> Scrape(LocalOptions options, int times)
    {
        if (!LocalReporter.IsPossible(options)) Assert.Skip("This machine has no /proc.");
        var reporter = new LocalReporter(options, "this-host", new SendCounters(), s_now);
        var requests = new List<List<SentPoint>>();
        for (var i = 0; i < times; i++)
        {
            Burn();
            reporter.Step(s_now + (i * options.Interval), (body, _) => requests.Add(Sent.Read(body.Span)));
        }
        return requests;
    }

    /// <summary>Enough work for the clock of CPU time, which ticks every 10 ms, to move.</summary>
    static void Burn()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (watch.ElapsedMilliseconds < 120) _ = Math.Sqrt(watch.ElapsedTicks);
    }

    [Fact]
    public void The_machine_is_described_sanely()
    {
        var points = Scrape(new(), 2).SelectMany(r => r).ToList();
        double Sum(string metric, string? state = null) => points.Where(p => p.Metric == metric && (state is null || p.Attributes["state"] == state)).Sum(p => p.Value);

        var cpu = points.Where(p => p.Metric == "system.cpu.utilization").ToList();
        Assert.Equal(5, cpu.Count);
        Assert.All(cpu, p => Assert.InRange(p.Value, 0, 1));
        // Less than the whole where others run at low priority: the stock configuration leaves the state nice out.
        Assert.InRange(cpu.Sum(p => p.Value), 0.05, 1.001);
        Assert.InRange(Sum("system.memory.utilization", "used") / 2, 0.001, 1);
        Assert.InRange(Sum("system.memory.usage") / 2, 256e6, 1e14);
        Assert.Contains(points, p => p.Metric == "system.filesystem.usage" && p.Attributes["mountpoint"] == "/");
        Assert.Equal("By", points.First(p => p.Metric == "system.memory.usage").Unit);
    }

    [Fact]
    public void This_very_process_is_among_the_processes()
    {
        var mine = Scrape(new(), 2).SelectMany(r => r).Where(p => p.Resource.GetValueOrDefault("process.pid") == Environment.ProcessId.ToString()).ToList();
        Assert.InRange(mine.Where(p => p.Metric == "process.memory.usage").Max(p => p.Value), 10e6, 8e9);
        Assert.True(mine.Where(p => p.Metric == "process.cpu.time").Sum(p => p.Value) > 0);
        Assert.All(mine.Where(p => p.Metric == "process.cpu.utilization"), p => Assert.InRange(p.Value, 0, 1));
        Assert.Contains(mine, p => p.Metric == "process.threads" && p.Resource["nrdot.pipeline"] == "inventory" && p.Value > 1);
        Assert.Equal(Environment.UserName, mine[0].Resource["process.owner"]);
    }

    [Fact]
    public void Command_lines_are_sent_unless_told_otherwise()
    {
        Assert.Contains(Scrape(new(), 1).SelectMany(r => r), p => p.Resource.ContainsKey("process.command_line"));
        Assert.DoesNotContain(Scrape(new(CommandLine: false), 1).SelectMany(r => r), p => p.Resource.ContainsKey("process.command_line"));
    }

    [Fact]
    public void It_does_not_pass_for_a_collector()
    {
        var points = Scrape(new(), 1).SelectMany(r => r).ToList();
        Assert.DoesNotContain(points, p => p.Metric.StartsWith("otelcol", StringComparison.Ordinal));
        Assert.Contains(points, p => p.Resource.GetValueOrDefault("service.name") == "nrdot-console-reporter");
    }

    [Fact]
    public void Processes_that_vanish_or_hide_their_disk_use_cost_nothing_but_themselves()
    {
        var root = Directory.CreateTempSubdirectory("proc-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(root, "stat"), "cpu  100 0 50 800 10 0 5 0 0 0\nbtime 1700000000\n");
            Process(root, 10, "worker (odd) name", io: false);
            Directory.CreateDirectory(Path.Combine(root, "11"));
            Process(root, 12, "cut");
            File.WriteAllText(Path.Combine(root, "12", "stat"), "12 (cut) S 1");

            var table = new ProcessTable(new ProcFs(root), "/no/passwd");
            var process = Assert.Single(table.Read(bootedMs: 1_000_000));
            Assert.Equal(2, table.Unreadable);
            Assert.Equal(("worker (odd) name", 10, 1, "4242"), (process.Executable, process.Pid, process.ParentPid, process.Owner));
            Assert.Equal((1.5, 0.5, 1_005_000L, 7), (process.UserSeconds, process.SystemSeconds, process.StartedMs, process.Threads));
            Assert.Equal("/opt/worker --token s3cret", process.CommandLine);
            Assert.Null(process.Disk);

            // The machine-wide files that are missing here are counted, and what can be read is sent.
            var requests = Scrape(new(ProcRoot: root), 1).SelectMany(r => r).ToList();
            Assert.True(requests.First(p => p.Metric == "nrdot.reporter.files.unreadable").Value >= 4);
            Assert.Contains(requests, p => p.Metric == "process.memory.usage");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    static void Process(string root, int pid, string name, bool io = true)
    {
        var directory = Directory.CreateDirectory(Path.Combine(root, pid.ToString())).FullName;
        File.WriteAllText(Path.Combine(directory, "stat"), $"{pid} ({name}) S 1 1 1 0 -1 0 0 0 0 0 150 50 0 0 20 0 7 0 500 1000000 250 0 0");
        File.WriteAllText(Path.Combine(directory, "status"), "Name:\tx\nUid:\t4242\t4242\t4242\t4242\n");
        File.WriteAllText(Path.Combine(directory, "cmdline"), "/opt/worker\0--token\0s3cret\0");
        if (io) File.WriteAllText(Path.Combine(directory, "io"), "read_bytes: 1\nwrite_bytes: 2\n");
    }
}
