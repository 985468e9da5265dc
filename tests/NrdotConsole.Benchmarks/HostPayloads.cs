using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.Benchmarks;

/// <summary>One host a request, as an agent sends: 1 point of the host itself and 7 of each of its 17 processes, the processes as resources of their own.</summary>
internal sealed class HostPayloads(int hosts)
{
    public const int Processes = 17;

    static readonly string[] Names = ["systemd", "sshd", "dockerd", "containerd", "nginx", "postgres", "java", "node", "python3", "redis-server", "kubelet", "cron", "rsyslogd", "chronyd", "dbus-daemon", "otelcol", "bash"];

    readonly OtlpWriter _writer = new(1 << 16);

    /// <summary>Resource and point attributes, scope and metric name, in the bytes of the protocol.</summary>
    public double IdentityBytesPerSeries { get; private set; }

    public void Round(DateTimeOffset at, Action<ReadOnlyMemory<byte>, DateTimeOffset> send)
    {
        long bytes = 0;
        for (var host = 0; host < hosts; host++)
        {
            _writer.Clear();
            Write(host, at);
            var request = _writer.Complete();
            bytes += request.Length;
            send(request, at);
        }
        IdentityBytesPerSeries = bytes / (hosts * 120.0);
    }

    void Write(int host, DateTimeOffset at)
    {
        var minute = at.ToUnixTimeSeconds() / 60;
        var point = new PointHeader((ulong)at.AddHours(-1).ToUnixTimeMilliseconds() * 1_000_000, (ulong)at.ToUnixTimeMilliseconds() * 1_000_000, false);
        OtlpAttribute[] ofHost = [new("host.name", $"node-{host:00000}.prod.example.com"), new("host.id", $"i-{host * 2654435761L:x16}"), new("os.type", "linux"), new("nrdot.tenant", "prod"), new("nrdot.profile", "balanced")];
        _writer.Resource(ofHost);
        _writer.Scope("github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver", "0.152.0");
        _writer.Metric("system.processes.count", MetricKind.Sum, "{processes}", "", Temporality.Cumulative);
        _writer.Integer(point, 180 + (host + minute) % 5, [new("status", "running")]);
        for (var process = 0; process < Processes; process++)
        {
            var name = Names[process];
            _writer.Resource([new("process.pid", 1000L + (host * 31 + process * 977) % 60_000), new("process.parent_pid", 1L), new("process.executable.name", name),
                new("process.executable.path", $"/usr/bin/{name}"), new("process.owner", "root"), .. ofHost]);
            _writer.Scope("github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver/internal/scraper/processscraper", "0.152.0");
            var load = process * 7 + host % 13 + 1;
            _writer.Metric("process.cpu.time", MetricKind.Sum, "s", "", Temporality.Cumulative, true);
            _writer.Number(point, Math.Round(load * (minute % 100_000) * 0.31, 2), [new("state", "user")]);
            _writer.Number(point, Math.Round(load * (minute % 100_000) * 0.07, 2), [new("state", "system")]);
            _writer.Number(point, 0, [new("state", "wait")]);
            _writer.Metric("process.disk.io", MetricKind.Sum, "By", "", Temporality.Cumulative, true);
            _writer.Integer(point, 4096 * load * (minute % 100_000), [new("direction", "read")]);
            _writer.Integer(point, 4096 * load * (minute % 77_777), [new("direction", "write")]);
            _writer.Metric("process.memory.usage", MetricKind.Sum, "By", "", Temporality.Cumulative);
            _writer.Integer(point, (load << 20) + 4096 * (minute % 9));
            _writer.Metric("process.memory.virtual", MetricKind.Sum, "By", "", Temporality.Cumulative);
            _writer.Integer(point, (load << 22) + 4096 * (minute % 3));
        }
    }
}
