using System.Runtime.InteropServices;

namespace NrdotConsole.Supervisor;

/// <summary>POSIX signals to another process, which .NET cannot send.</summary>
internal static class Signals
{
    public const int Hangup = 1, Terminate = 15;

    /// <returns>Whether the process was there to be told.</returns>
    public static bool Send(int pid, int signal) => !OperatingSystem.IsWindows() && Kill(pid, signal) == 0;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int pid, int signal);
}
