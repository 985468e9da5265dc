using NrdotConsole.Core.Telemetry;
using NrdotConsole.FleetSim.Sending;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.FleetSim.Local;

/// <summary>What the reporter counts about itself, under its own names: it is no collector.</summary>
sealed class ReporterTelemetry(OtlpWriter writer, OtlpAttribute[] host, SendCounters counters, DateTimeOffset started)
{
    readonly string _instance = Guid.NewGuid().ToString();

    public void Write(int processes, int unreadable, int hostErrors, long atMs)
    {
        var point = new PointHeader((ulong)started.ToUnixTimeMilliseconds() * 1_000_000, (ulong)atMs * 1_000_000, false);
        writer.Resource([new("service.name", "nrdot-console-reporter"), new("service.instance.id", _instance), .. host]);
        writer.Scope("NrdotConsole.FleetSim.Local");
        Sum("nrdot.reporter.points.sent", "{datapoints}", "Points that the console took from this program, simulated hosts' included.", counters.Sent);
        Sum("nrdot.reporter.points.refused", "{datapoints}", "Points that the console refused.", counters.Refused);
        Sum("nrdot.reporter.points.dropped", "{datapoints}", "Points given up before they reached the console.", counters.Dropped);
        Sum("nrdot.reporter.requests.retried", "{requests}", "Requests tried again.", counters.Retries);
        writer.Metric("nrdot.reporter.processes", MetricKind.Gauge, "{processes}", "Processes read in the last scrape.");
        writer.Integer(point, processes);
        writer.Metric("nrdot.reporter.processes.unreadable", MetricKind.Gauge, "{processes}", "Processes that ended while they were read, or that may not be read.");
        writer.Integer(point, unreadable);
        writer.Metric("nrdot.reporter.files.unreadable", MetricKind.Gauge, "{files}", "Machine-wide files that could not be read in the last scrape.");
        writer.Integer(point, hostErrors);

        void Sum(string name, string unit, string description, long value)
        {
            writer.Metric(name, MetricKind.Sum, unit, description, Temporality.Cumulative, true);
            writer.Integer(point, value);
        }
    }
}
