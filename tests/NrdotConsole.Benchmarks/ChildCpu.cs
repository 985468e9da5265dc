using System.Diagnostics;
using System.Globalization;

namespace NrdotConsole.Benchmarks;

/// <summary>CPU seconds (user and system) and resident bytes of another process, from /proc.</summary>
internal sealed class ChildCpu(int processId)
{
    const double TicksPerSecond = 100;

    double _from = Seconds(processId);

    /// <summary>CPU seconds since the last call.</summary>
    public double Lap()
    {
        var now = Seconds(processId);
        var lap = now - _from;
        _from = now;
        return lap;
    }

    public long ResidentBytes
    {
        get
        {
            using var process = Process.GetProcessById(processId);
            return process.WorkingSet64;
        }
    }

    static double Seconds(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // The name may hold spaces: fields count from behind its closing bracket, where field 3 begins.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
