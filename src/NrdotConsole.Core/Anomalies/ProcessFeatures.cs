using System.Globalization;

namespace NrdotConsole.Core.Anomalies;

/// <summary>The five features of a process class on a host, in the guide's order. The number is the index everywhere.</summary>
public enum Feature { Cpu, Memory, Io, Network, Processes }

/// <summary>
/// One observation of one host + executable + owner: CPU in percent of one core (400 is four cores), memory in bytes,
/// I/O in operations a second, network in bytes a second, processes as a count. Rates and levels only, never a raw
/// cumulative counter (<see cref="CounterRate"/> makes one into a rate). What <see cref="IsKnown"/> denies, NaN above all, is not known.
/// </summary>
public readonly record struct ProcessFeatures(
    double CpuPercent, double MemoryBytes, double IoPerSecond, double NetworkBytesPerSecond, double Processes)
{
    public const int Count = 5;

    public double this[int feature] => feature switch
    {
        0 => CpuPercent,
        1 => MemoryBytes,
        2 => IoPerSecond,
        3 => NetworkBytesPerSecond,
        4 => Processes,
        _ => throw new ArgumentOutOfRangeException(nameof(feature), feature, "0 to 4"),
    };

    /// <summary>False for NaN, infinities, and what a float cannot hold (the detectors square a value).</summary>
    public static bool IsKnown(double value) => float.IsFinite((float)value);

    public void CopyTo(Span<double> row)
    {
        for (var i = 0; i < Count; i++) row[i] = this[i];
    }

    /// <summary>The known features by the guide's names (cpu_utilization, ...), as a verdict keeps them.</summary>
    public Dictionary<string, double> ToDictionary()
    {
        var known = new Dictionary<string, double>(Count);
        for (var i = 0; i < Count; i++)
            if (IsKnown(this[i])) known[FeatureRule.All[i].Name] = this[i];
        return known;
    }
}

/// <summary>
/// How one feature is judged. <see cref="ThresholdPercent"/> is the deviation from the usual that counts as an anomaly.
/// <see cref="Floor"/> stands for the usual value where that is smaller, so that the smallest change that can count is
/// <see cref="MinimumChange"/>: an idle process that goes from 0.1 to 0.3 % CPU is no anomaly.
/// CPU, memory and I/O thresholds are the research's (50, 40, 60 %); network and processes follow I/O and CPU.
/// </summary>
public sealed record FeatureRule(string Name, string Word, double ThresholdPercent, double Floor)
{
    public static readonly IReadOnlyList<FeatureRule> All =
    [
        new("cpu_utilization", "cpu", 50, 10),
        new("memory_usage", "memory", 40, 64 << 20),
        new("io_operations", "io", 60, 100),
        new("network_bytes", "network", 60, 100_000),
        new("process_count", "processes", 50, 4),
    ];

    public double MinimumChange => Floor * ThresholdPercent / 100;

    /// <summary>A value in words, with its unit: "12 %", "1.5 GB", "340 ops/s", "12 kB/s", "7".</summary>
    public string Words(double value) => Name switch
    {
        "cpu_utilization" => Short(value) + " %",
        "memory_usage" => Bytes(value),
        "io_operations" => Short(value) + " ops/s",
        "network_bytes" => Bytes(value) + "/s",
        _ => Short(value),
    };

    static string Bytes(double value) => Math.Abs(value) switch
    {
        >= 1e9 => Short(value / 1e9) + " GB",
        >= 1e6 => Short(value / 1e6) + " MB",
        >= 1e3 => Short(value / 1e3) + " kB",
        _ => Short(value) + " B",
    };

    internal static string Short(double value) =>
        value.ToString(Math.Abs(value) >= 10 ? "#,0" : "0.#", CultureInfo.InvariantCulture);
}
