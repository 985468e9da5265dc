namespace NrdotConsole.Core.Profiles;

/// <summary>
/// A process, or <paramref name="Count"/> alike. <paramref name="CpuPercent"/> is of one core; <paramref name="MemoryBytes"/> resident;
/// <paramref name="IoBytesPerSecond"/> read and written.
/// </summary>
public sealed record SampleProcess(
    string Executable, string Owner = "root", double CpuPercent = 0, long MemoryBytes = 0, double IoBytesPerSecond = 0, int Count = 1);

/// <summary>A host as it is measured or imagined. <paramref name="HostSeries"/> are series of the host beside its processes.</summary>
public sealed record HostSample(string Name, IReadOnlyList<SampleProcess> Processes, int HostSeries = HostSample.StockSeries)
{
    /// <summary>Of a stock host with two mounts, two block devices and one network interface.</summary>
    public const int StockSeries = 49;
}
