using System.Globalization;

namespace NrdotConsole.FleetSim.Local;

/// <summary>Seconds of all CPUs together since boot.</summary>
public readonly record struct CpuTimes(double User, double Nice, double System, double Idle, double Wait, double Irq, double SoftIrq, double Steal)
{
    public double Total => User + Nice + System + Idle + Wait + Irq + SoftIrq + Steal;
}

/// <summary>Bytes.</summary>
public readonly record struct MemoryUse(long Total, long Free, long Buffered, long Cached, long SlabReclaimable)
{
    public long Used => Math.Max(0, Total - Free - Buffered - Cached - SlabReclaimable);
}

/// <summary>Since boot: operations, bytes, seconds.</summary>
public readonly record struct DiskCounters(long Reads, long ReadBytes, double ReadSeconds, long Writes, long WrittenBytes, double WriteSeconds, double BusySeconds);

/// <summary>Since boot: bytes and packets, and those in error or dropped.</summary>
public readonly record struct NetworkCounters(long Bytes, long Packets, long Errors, long Dropped);

/// <summary>Reads the machine-wide files of a proc file system. Throws <see cref="IOException"/> or <see cref="FormatException"/> where one cannot be read.</summary>
public sealed class ProcFs(string root = "/proc")
{
    /// <summary>Kernel ticks a second as user space sees them: 100 on every architecture that .NET runs on.</summary>
    internal const double TicksPerSecond = 100;
    const int SectorBytes = 512;

    public string Root => root;

    public CpuTimes Cpu()
    {
        var fields = Words(FirstLine("stat", "cpu "));
        double At(int i) => i < fields.Length ? Number(fields[i]) / TicksPerSecond : 0;
        return new(At(1), At(2), At(3), At(4), At(5), At(6), At(7), At(8));
    }

    /// <summary>Unix milliseconds.</summary>
    public long BootedMs() => (long)Number(Words(FirstLine("stat", "btime "))[1]) * 1_000;

    public (double One, double Five, double Fifteen) LoadAverage()
    {
        var fields = Words(File.ReadAllText(Path.Combine(root, "loadavg")));
        return (Real(fields[0]), Real(fields[1]), Real(fields[2]));
    }

    public MemoryUse Memory()
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(root, "meminfo")))
        {
            var fields = Words(line);
            if (fields.Length >= 2) values[fields[0].TrimEnd(':')] = (long)Number(fields[1]) * 1_024;
        }
        long Of(string name) => values.GetValueOrDefault(name);
        return new(Of("MemTotal"), Of("MemFree"), Of("Buffers"), Of("Cached"), Of("SReclaimable"));
    }

    /// <summary>Pages moved in and out since boot, swap included.</summary>
    public (long In, long Out) Paging()
    {
        var (pagesIn, pagesOut) = (0L, 0L);
        foreach (var line in File.ReadLines(Path.Combine(root, "vmstat")))
        {
            var fields = Words(line);
            if (fields is ["pgpgin" or "pswpin", var read]) pagesIn += (long)Number(read);
            if (fields is ["pgpgout" or "pswpout", var written]) pagesOut += (long)Number(written);
        }
        return (pagesIn, pagesOut);
    }

    /// <summary>By device; loop and RAM devices are left out, as stock NRDOT filters them.</summary>
    public Dictionary<string, DiskCounters> Disks()
    {
        var disks = new Dictionary<string, DiskCounters>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(root, "diskstats")))
        {
            var f = Words(line);
            if (f.Length < 14 || f[2].StartsWith("loop", StringComparison.Ordinal) || f[2].StartsWith("ram", StringComparison.Ordinal)) continue;
            disks[f[2]] = new(
                (long)Number(f[3]), (long)Number(f[5]) * SectorBytes, Number(f[6]) / 1_000,
                (long)Number(f[7]), (long)Number(f[9]) * SectorBytes, Number(f[10]) / 1_000, Number(f[12]) / 1_000);
        }
        return disks;
    }

    /// <summary>By device, received and sent; the loopback is left out.</summary>
    public Dictionary<string, (NetworkCounters Received, NetworkCounters Sent)> Networks()
    {
        var networks = new Dictionary<string, (NetworkCounters, NetworkCounters)>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(root, "net", "dev")))
        {
            var colon = line.IndexOf(':');
            if (colon < 0) continue;
            var device = line[..colon].Trim();
            var f = Words(line[(colon + 1)..]);
            if (device == "lo" || f.Length < 12) continue;
            NetworkCounters From(int i) => new((long)Number(f[i]), (long)Number(f[i + 1]), (long)Number(f[i + 2]), (long)Number(f[i + 3]));
            networks[device] = (From(0), From(8));
        }
        return networks;
    }

    /// <summary>Mounted block devices and the root: device, mount point, type, mode. A device mounted twice counts once.</summary>
    public List<(string Device, string Mount, string Type, string Mode)> Mounts()
    {
        var mounts = new List<(string, string, string, string)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(root, "mounts")))
        {
            var f = Words(line);
            if (f.Length < 4 || f[2] == "squashfs") continue;
            if (f[1] != "/" && (!f[0].StartsWith("/dev/", StringComparison.Ordinal) || f[0].StartsWith("/dev/loop", StringComparison.Ordinal))) continue;
            if (seen.Add(f[0])) mounts.Add((f[0], f[1], f[2], f[3].Split(',')[0]));
        }
        return mounts;
    }

    string FirstLine(string file, string prefix) =>
        File.ReadLines(Path.Combine(root, file)).FirstOrDefault(l => l.StartsWith(prefix, StringComparison.Ordinal))
        ?? throw new FormatException($"{root}/{file} has no line '{prefix.Trim()}'.");

    internal static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    static double Number(string text) => ulong.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    static double Real(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
