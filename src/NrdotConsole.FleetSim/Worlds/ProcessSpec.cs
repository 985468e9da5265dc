namespace NrdotConsole.FleetSim.Worlds;

public enum ProcessClass { CriticalSystem, Database, WebServer, MessageQueue, Container, Application, CiCd, Monitoring, Default, Noise }

/// <summary>What a process is and its ordinary load: cores of CPU, resident megabytes, kilobytes a second of disk.</summary>
public sealed record ProcessSpec(
    string Executable, string Path, string CommandLine, string Owner, ProcessClass Class,
    double Cpu, double MemoryMb, double ReadKb = 0, double WriteKb = 0, int Threads = 1, int Count = 1)
{
    public double Importance => Class switch
    {
        ProcessClass.CriticalSystem => 1.0,
        ProcessClass.Database => 0.9,
        ProcessClass.WebServer or ProcessClass.MessageQueue => 0.8,
        ProcessClass.Container => 0.7,
        ProcessClass.Application => 0.6,
        ProcessClass.CiCd => 0.4,
        ProcessClass.Monitoring or ProcessClass.Default => 0.3,
        _ => 0,
    };

    /// <summary>Kernel threads have no executable on disk and no command line.</summary>
    public bool IsKernelThread => Path.Length == 0;

    /// <summary>Its cost follows the hour of the day, unlike that of the system's own daemons.</summary>
    public bool FollowsDemand => Class is ProcessClass.Database or ProcessClass.WebServer or ProcessClass.MessageQueue or ProcessClass.Application or ProcessClass.Container;
}
