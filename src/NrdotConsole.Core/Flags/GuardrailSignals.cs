using NrdotConsole.Core.Fleet;

namespace NrdotConsole.Core.Flags;

/// <summary>What a guardrail can look at, measured over the hosts that have the flag. Missing data is unknown, and trips nothing.</summary>
public static class GuardrailSignals
{
    /// <summary>Coverage is the mean of known hosts; dollars and series are means a host; the queue's share is the fullest's.</summary>
    static readonly Dictionary<string, (string Unit, Func<IReadOnlyList<HostRow>, double?> Measure)> s_signals = new(StringComparer.Ordinal)
    {
        ["coverage.score"] = (Share, rows => Mean(rows, r => r.Coverage)),
        ["cost.usd_per_hour"] = ("dollars an hour a host", rows => Mean(rows, r => (double?)r.UsdPerHour)),
        ["series.active"] = ("series a host", rows => Mean(rows, r => r.ActiveSeries)),
        ["collector.acceptance"] = (Share, rows => Mean(rows, r => r.Collector?.Acceptance)),
        ["collector.dropped_per_second"] = ("points a second a host", rows => Mean(rows, r => r.Collector?.DroppedPerSecond)),
        ["collector.queue_share"] = (Share, rows => rows.Max(r => r.Collector?.QueueShare)),
        ["collector.cpu_share"] = ("cores a host", rows => Mean(rows, r => r.Collector?.CpuShare)),
        ["hosts.unhealthy_share"] = (Share, rows => rows.Count == 0 ? null : (double)rows.Count(r => r.Health is HostHealth.Degraded or HostHealth.Stale) / rows.Count),
        ["anomalies.open"] = ("anomalies a host", rows => rows.Count == 0 ? null : (double)rows.Sum(r => r.OpenAnomalies) / rows.Count),
    };

    const string Share = "a share, 0 to 1";
    const double Largest = 1e15;

    public static IReadOnlyCollection<string> Names => s_signals.Keys;

    /// <summary>What its bounds are in.</summary>
    public static string UnitOf(string signal) => s_signals.TryGetValue(signal, out var known) ? known.Unit : "";

    /// <summary>Why such a guardrail cannot be, and the mend; null for one that can.</summary>
    public static (string Fault, string Mend)? Check(string? signal, double? min, double? max)
    {
        if (signal is null || !s_signals.TryGetValue(signal, out var known)) return ($"'{signal}' is no signal that a guardrail can look at.", $"one of {string.Join(", ", Names)}");
        if (min is null && max is null) return ("It has no bound.", "min, max, or both");
        if (min > max) return ("Nothing can hold it: min is above max.", "min at most max");
        var most = known.Unit == Share ? 1 : Largest;
        return new[] { min, max }.FirstOrDefault(b => b is { } bound && !(bound >= 0 && bound <= most)) is { } beyond
            ? ($"{signal} is never {beyond:0.###}: it is in {known.Unit}.", known.Unit == Share ? "0 to 1, such as 0.95 for 95 %" : "0 or more")
            : null;
    }

    /// <returns>Null where no host that counts says anything.</returns>
    public static double? Measure(string signal, IReadOnlyList<HostRow> hosts) => s_signals.TryGetValue(signal, out var known) ? known.Measure(hosts) : null;

    /// <summary>Why the guardrail is broken, in words; null where it holds or nothing is known.</summary>
    public static (double Measured, string Bound)? Breach(FlagGuardrail guardrail, IReadOnlyList<HostRow> hosts) => Measure(guardrail.Signal, hosts) switch
    {
        { } value when value < guardrail.Min => (value, $"below {guardrail.Min:0.###}"),
        { } value when value > guardrail.Max => (value, $"above {guardrail.Max:0.###}"),
        _ => null,
    };

    static double? Mean(IReadOnlyList<HostRow> rows, Func<HostRow, double?> of) => rows.Select(of).Where(v => v is { } x && double.IsFinite(x)).DefaultIfEmpty(null).Average();
}
