using NrdotConsole.FleetSim.Sending;
using NrdotConsole.FleetSim.Worlds;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Local;

/// <summary>What the reporter is told about itself.</summary>
/// <param name="CommandLine">Sends process.command_line, as real collectors do.</param>
public sealed record LocalOptions(string Tenant = "local", bool CommandLine = true, string ProcRoot = "/proc")
{
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan InventoryInterval { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>
/// Reports the machine that it runs on: what a stock host configuration with process metrics would send, the inventory,
/// and its own counters. It is no collector and does not pass for one: its service.name is nrdot-console-reporter and
/// its own metrics have names of their own. Not safe for concurrent use.
/// </summary>
public sealed class LocalReporter
{
    readonly OtlpWriter _writer = new();
    readonly LocalOptions _options;
    readonly ProcFs _proc;
    readonly ProcessTable _table;
    readonly LocalHostMetrics _host;
    readonly LocalProcessMetrics _processes;
    readonly ReporterTelemetry _self;
    readonly long _bootedMs;
    long _nextScrapeMs, _nextInventoryMs;

    /// <exception cref="IOException">There is no proc file system at the given place.</exception>
    public LocalReporter(LocalOptions options, string hostName, SendCounters counters, DateTimeOffset now)
    {
        _options = options;
        _proc = new(options.ProcRoot);
        _table = new(_proc);
        _bootedMs = _proc.BootedMs();
        var resource = LocalResource.Describe(options.Tenant, hostName);
        _host = new(_writer, _proc, resource, _bootedMs);
        _processes = new(_writer, resource, options.CommandLine);
        _self = new(_writer, resource, counters, now);
        _nextScrapeMs = _nextInventoryMs = now.ToUnixTimeMilliseconds();
    }

    /// <summary>Whether this machine has what the reporter reads.</summary>
    public static bool IsPossible(LocalOptions options) => File.Exists(Path.Combine(options.ProcRoot, "stat"));

    /// <summary>Gives what is due at this moment: requests' bytes, valid during the call, and their points.</summary>
    public void Step(DateTimeOffset now, Action<ReadOnlyMemory<byte>, int> send)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        if (nowMs < _nextScrapeMs) return;
        _nextScrapeMs = nowMs + (long)_options.Interval.TotalMilliseconds;

        var processes = _table.Read(_bootedMs);
        Give(send, () =>
        {
            _host.Write(nowMs);
            _processes.Write(processes, nowMs);
        });
        Give(send, () => _self.Write(processes.Count, _table.Unreadable, _host.Errors, nowMs));
        if (nowMs < _nextInventoryMs) return;
        _nextInventoryMs = nowMs + (long)_options.InventoryInterval.TotalMilliseconds;
        Give(send, () => _processes.WriteInventory(processes, nowMs));
    }

    void Give(Action<ReadOnlyMemory<byte>, int> send, Action write)
    {
        _writer.Clear();
        write();
        send(_writer.Complete(), _writer.Points);
    }
}
