using System.Globalization;

namespace NrdotConsole.FleetSim.Local;

/// <summary>
/// One process as read. CPU in seconds since its start, memory in bytes, disk in bytes since its start; <see cref="Disk"/>
/// is null where the kernel does not let us see it, and texts are empty.
/// </summary>
public sealed record LocalProcess(
    int Pid, int ParentPid, string Executable, string Path, string CommandLine, string Owner, long StartedMs,
    double UserSeconds, double SystemSeconds, double WaitSeconds, long ResidentBytes, long VirtualBytes, int Threads,
    (long Read, long Written)? Disk)
{
    public string Command => CommandLine.Split(' ', 2)[0];
}

/// <summary>Reads every process of a proc file system. One that ends while it is read is left out.</summary>
public sealed class ProcessTable(ProcFs proc, string passwdFile = "/etc/passwd")
{
    const int CommandLineLimit = 4_096;
    readonly Dictionary<int, string> _users = Users(passwdFile);

    /// <summary>Processes that vanished or could not be read at all in the last <see cref="Read"/>.</summary>
    public int Unreadable { get; private set; }

    public List<LocalProcess> Read(long bootedMs)
    {
        var processes = new List<LocalProcess>();
        Unreadable = 0;
        foreach (var directory in Directory.EnumerateDirectories(proc.Root))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) continue;
            try
            {
                processes.Add(Process(pid, directory, bootedMs));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                Unreadable++;
            }
        }
        return processes;
    }

    LocalProcess Process(int pid, string directory, long bootedMs)
    {
        // The name stands in parentheses and may hold any character: the fields are counted from the last one.
        var stat = File.ReadAllText(Path.Combine(directory, "stat"));
        var (open, close) = (stat.IndexOf('('), stat.LastIndexOf(')'));
        if (open < 0 || close < open) throw new FormatException($"{directory}/stat has no name in parentheses.");
        var fields = ProcFs.Words(stat[(close + 1)..]);
        if (fields.Length < 22) throw new FormatException($"{directory}/stat has {fields.Length} fields after the name.");
        long Field(int number) => long.Parse(fields[number - 3], CultureInfo.InvariantCulture);
        double Ticks(int number) => number - 3 < fields.Length ? Field(number) / ProcFs.TicksPerSecond : 0;

        var commandLine = CommandLine(directory);
        return new(
            pid, (int)Field(4), Name(stat[(open + 1)..close], commandLine), ExecutablePath(directory), commandLine, Owner(directory),
            bootedMs + (long)(Ticks(22) * 1_000), Ticks(14), Ticks(15), Ticks(42),
            Field(24) * Environment.SystemPageSize, Field(23), (int)Field(20), Disk(directory));
    }

    /// <summary>The kernel cuts names at 15 characters; the command line may know the rest.</summary>
    static string Name(string comm, string commandLine)
    {
        if (comm.Length < 15) return comm;
        var full = System.IO.Path.GetFileName(commandLine.Split(' ', 2)[0]);
        return full.StartsWith(comm, StringComparison.Ordinal) ? full : comm;
    }

    static string CommandLine(string directory)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(directory, "cmdline")).TrimEnd('\0').Replace('\0', ' ');
        return text.Length > CommandLineLimit ? text[..CommandLineLimit] : text;
    }

    static string ExecutablePath(string directory)
    {
        try
        {
            return new FileInfo(System.IO.Path.Combine(directory, "exe")).LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    static (long, long)? Disk(string directory)
    {
        try
        {
            var (read, written) = (0L, 0L);
            foreach (var line in File.ReadLines(System.IO.Path.Combine(directory, "io")))
            {
                if (line.StartsWith("read_bytes: ", StringComparison.Ordinal)) read = long.Parse(line.AsSpan(12), CultureInfo.InvariantCulture);
                if (line.StartsWith("write_bytes: ", StringComparison.Ordinal)) written = long.Parse(line.AsSpan(13), CultureInfo.InvariantCulture);
            }
            return (read, written);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    string Owner(string directory)
    {
        foreach (var line in File.ReadLines(System.IO.Path.Combine(directory, "status")))
        {
            if (!line.StartsWith("Uid:", StringComparison.Ordinal)) continue;
            var uid = int.Parse(ProcFs.Words(line)[1], CultureInfo.InvariantCulture);
            return _users.GetValueOrDefault(uid) ?? uid.ToString(CultureInfo.InvariantCulture);
        }
        return "";
    }

    static Dictionary<int, string> Users(string file)
    {
        var users = new Dictionary<int, string>();
        if (!File.Exists(file)) return users;
        foreach (var line in File.ReadLines(file))
            if (line.Split(':') is [var name, _, var uid, ..] && int.TryParse(uid, out var number)) users.TryAdd(number, name);
        return users;
    }
}
