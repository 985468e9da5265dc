using System.Diagnostics;

namespace NrdotConsole.Journeys;

/// <summary>FleetSim as its own process, sending to a console until disposed.</summary>
internal sealed class FleetProcess : IAsyncDisposable
{
    readonly Process _process;

    FleetProcess(Process process) => _process = process;

    public static FleetProcess Start(ConsoleProcess console, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet",
            [ConsoleProcess.Dll("NrdotConsole.FleetSim"), "--endpoint", $"http://127.0.0.1:{console.OtlpHttpPort}", .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process);
    }

    public async Task<int> WaitForExitAsync(CancellationToken ct)
    {
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }
}
