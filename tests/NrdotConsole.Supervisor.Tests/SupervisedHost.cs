using System.Net;
using System.Net.Sockets;

namespace NrdotConsole.Supervisor.Tests;

/// <summary>A supervisor in this process with a collector of its own in another, and a folder of their own.</summary>
internal sealed class SupervisedHost : IAsyncDisposable
{
    readonly string _folder = Path.Combine(Path.GetTempPath(), "nrdot-supervisor-" + Guid.NewGuid().ToString("n"));
    readonly CancellationTokenSource _ending = new();
    readonly StringWriter _log = new();
    Supervisor? _supervisor;
    Task _running = Task.CompletedTask;

    public SupervisedHost()
    {
        Directory.CreateDirectory(_folder);
        // A child inherits the environment of this process: each collector gets its own by a shell's script.
        var launcher = Path.Combine(_folder, "collector");
        var health = FreePorts.Take();
        File.WriteAllText(launcher, $"""
            #!/bin/sh
            export COLLECTOR_DIARY='{Diary}' COLLECTOR_HEALTH_PORT={health}
            exec node '{Path.Combine(AppContext.BaseDirectory, "collector.mjs")}' "$@"

            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(launcher, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Bootstrap = Path.Combine(_folder, "bootstrap.yaml");
        File.WriteAllText(Bootstrap, "bootstrap");
        Options = new()
        {
            Endpoint = new("ws://127.0.0.1:1/v1/opamp"),
            Collector = launcher,
            BootstrapConfig = Bootstrap,
            StateDirectory = Path.Combine(_folder, "state"),
            Health = new($"http://127.0.0.1:{health}/"),
            SelfMetrics = new($"http://127.0.0.1:{health}/metrics"),
            ApplyTimeout = TimeSpan.FromSeconds(10),
            HealthyFor = TimeSpan.FromMilliseconds(600),
            Heartbeat = TimeSpan.FromMilliseconds(300),
            HostId = "i-0123",
            HostName = "prod-host-001",
            Token = "enrol-me",
        };
    }

    public SupervisorOptions Options { get; set; }
    public string Bootstrap { get; }
    public string State => Options.StateDirectory;
    public string Log => _log.ToString();
    string Diary => Path.Combine(_folder, "diary");

    /// <summary>What each collector process read, in order: its pid and its configuration.</summary>
    public IReadOnlyList<(int Pid, string Config)> Runs =>
        File.Exists(Diary) ? [.. File.ReadAllLines(Diary).Select(l => (int.Parse(l[..l.IndexOf(' ')]), l[(l.IndexOf(' ') + 1)..]))] : [];

    public void Start()
    {
        _supervisor = new(Options, TimeProvider.System, new Random(1), TextWriter.Synchronized(_log));
        _running = Task.Run(() => _supervisor.RunAsync(_ending.Token));
    }

    /// <summary>Waits until the collectors' diary is so.</summary>
    public async Task<IReadOnlyList<(int Pid, string Config)>> UntilAsync(Func<IReadOnlyList<(int Pid, string Config)>, bool> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isSo(Runs)) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        return Runs;
    }

    /// <summary>Waits until the collector's health_check answers.</summary>
    public async Task UntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(Options.Health, limit.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _supervisor?.Dispose();
        _ending.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
