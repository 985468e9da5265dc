using NrdotConsole.Core.Fleet;

namespace NrdotConsole.Core.Flags;

/// <summary>What a guardrail can look at, measured over the hosts that have the flag. Missing data is unknown, and trips nothing.</summary>
public static class GuardrailSignals
{
    /// <summary>Coverage is the mean of known hosts, 0..1; dollars and series are means a host; shares are the worst host's.</summary>
    static readonly Dictionary<string, Func<IReadOnlyList<HostRow>, double?>> s_signals = new(StringComparer.Ordinal)
    {
        ["coverage.score"] = rows => Mean(rows, r => r.Coverage),
        ["cost.usd_per_hour"] = rows => Mean(rows, r => (double?)r.UsdPerHour),
        ["series.active"] = rows => Mean(rows, r => r.ActiveSeries),
        ["collector.acceptance"] = rows => Mean(rows, r => r.Collector?.Acceptance),
        ["collector.dropped_per_second"] = rows => Mean(rows, r => r.Collector?.DroppedPerSecond),
        ["collector.queue_share"] = rows => rows.Max(r => r.Collector?.QueueShare),
        ["collector.cpu_share"] = rows => Mean(rows, r => r.Collector?.CpuShare),
        ["hosts.unhealthy_share"] = rows => rows.Count == 0 ? null : (double)rows.Count(r => r.Health is HostHealth.Degraded or HostHealth.Stale) / rows.Count,
        ["anomalies.open"] = rows => rows.Count == 0 ? null : (double)rows.Sum(r => r.OpenAnomalies) / rows.Count,
    };

    public static IReadOnlyCollection<string> Names => s_signals.Keys;

    /// <returns>Null where no host that counts says anything.</returns>
    public static double? Measure(string signal, IReadOnlyList<HostRow> hosts) => s_signals.TryGetValue(signal, out var measure) ? measure(hosts) : null;

    /// <summary>Why the guardrail is broken, in words; null where it holds or nothing is known.</summary>
    public static (double Measured, string Bound)? Breach(FlagGuardrail guardrail, IReadOnlyList<HostRow> hosts) => Measure(guardrail.Signal, hosts) switch
    {
        { } value when value < guardrail.Min => (value, $"below {guardrail.Min:0.###}"),
        { } value when value > guardrail.Max => (value, $"above {guardrail.Max:0.###}"),
        _ => null,
    };

    static double? Mean(IReadOnlyList<HostRow> rows, Func<HostRow, double?> of) => rows.Select(of).Where(v => v is { } x && double.IsFinite(x)).DefaultIfEmpty(null).Average();
}
