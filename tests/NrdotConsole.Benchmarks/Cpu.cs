namespace NrdotConsole.Benchmarks;

/// <summary>CPU seconds (user and system, every thread) and managed bytes allocated over a stretch of this process.</summary>
internal struct Cpu
{
    TimeSpan _from;
    long _allocatedFrom;

    public double Seconds { get; private set; }
    public long AllocatedBytes { get; private set; }

    public void Start()
    {
        _allocatedFrom = GC.GetTotalAllocatedBytes(precise: true);
        _from = Environment.CpuUsage.TotalTime;
    }

    public void Stop()
    {
        Seconds += (Environment.CpuUsage.TotalTime - _from).TotalSeconds;
        AllocatedBytes += GC.GetTotalAllocatedBytes(precise: true) - _allocatedFrom;
    }
}
