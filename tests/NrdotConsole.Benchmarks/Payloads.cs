using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Benchmarks;

/// <summary>How resources and points are shared out in a request.</summary>
internal enum Shape
{
    /// <summary>A gateway's: one resource a host, 120 points each.</summary>
    ResourcePerHost,

    /// <summary>What the host metrics receiver sends of processes: one resource a process, 7 points each (3 CPU states, 2 disk directions, 2 memory).</summary>
    ResourcePerProcess,
}

/// <summary>Requests of a fleet that repeats its series in the same order, as senders do; values and times move every round.</summary>
internal sealed class Payloads(Shape shape, int hosts, int hostsPerRequest)
{
    const int PointsPerHost = 120;
    const int ProcessesPerHost = 17;

    static readonly string[] Directions = ["read", "write", "receive", "transmit"];
    static readonly string[] States = ["user", "system", "wait", "idle", "steal", "used", "free", "cached"];

    readonly OtlpWriter _writer = new(1 << 20);
    readonly Random _random = new(7);

    public int PointsPerRound => hosts * (shape == Shape.ResourcePerHost ? PointsPerHost : ProcessesPerHost * 7);

    public List<byte[]> Round(DateTimeOffset at)
    {
        var requests = new List<byte[]>();
        for (var host = 0; host < hosts; host += hostsPerRequest)
        {
            _writer.Clear();
            for (var i = host; i < Math.Min(hosts, host + hostsPerRequest); i++)
            {
                if (shape == Shape.ResourcePerHost) Host(i, at);
                else Processes(i, at);
            }
            requests.Add(_writer.Complete().ToArray());
        }
        return requests;
    }

    void Host(int host, DateTimeOffset at)
    {
        _writer.Resource([new("host.name", $"host-{host:00000}"), new("host.id", $"i-{host:x16}"), new("os.type", "linux"), new("nrdot.tenant", "prod")]);
        _writer.Scope("github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver", "0.152.0");
        var point = new PointHeader((ulong)at.AddHours(-1).ToUnixTimeMilliseconds() * 1_000_000, (ulong)at.ToUnixTimeMilliseconds() * 1_000_000, false);
        for (var metric = 0; metric < 12; metric++)
        {
            _writer.Metric($"system.bench.metric_{metric}", metric % 3 == 0 ? MetricKind.Sum : MetricKind.Gauge, "By", "", metric % 3 == 0 ? Temporality.Cumulative : Temporality.Unspecified, metric % 3 == 0);
            for (var i = 0; i < PointsPerHost / 12; i++)
                _writer.Number(point, Value(), [new("device", $"dev{i}"), new("direction", Directions[i % 4])]);
        }
    }

    void Processes(int host, DateTimeOffset at)
    {
        var point = new PointHeader((ulong)at.AddHours(-1).ToUnixTimeMilliseconds() * 1_000_000, (ulong)at.ToUnixTimeMilliseconds() * 1_000_000, false);
        for (var process = 0; process < ProcessesPerHost; process++)
        {
            _writer.Resource([new("process.pid", 1000L + process), new("process.parent_pid", 1L), new("process.executable.name", $"worker-{process}"),
                new("process.executable.path", $"/usr/bin/worker-{process}"), new("process.command", $"/usr/bin/worker-{process}"), new("process.owner", "app"),
                new("host.name", $"host-{host:00000}"), new("host.id", $"i-{host:x16}"), new("os.type", "linux"), new("nrdot.tenant", "prod")]);
            _writer.Scope("github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver/processscraper", "0.152.0");
            _writer.Metric("process.cpu.time", MetricKind.Sum, "s", "", Temporality.Cumulative, true);
            for (var i = 0; i < 3; i++) _writer.Number(point, Value(), [new("state", States[i])]);
            _writer.Metric("process.disk.io", MetricKind.Sum, "By", "", Temporality.Cumulative, true);
            for (var i = 0; i < 2; i++) _writer.Number(point, Value(), [new("direction", Directions[i])]);
            _writer.Metric("process.memory.usage", MetricKind.Gauge, "By");
            _writer.Number(point, Value());
            _writer.Metric("process.memory.virtual", MetricKind.Gauge, "By");
            _writer.Number(point, Value());
        }
    }

    double Value() => Math.Round(_random.NextDouble() * 100_000) / 100;
}
