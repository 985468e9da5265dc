using System.Diagnostics;

namespace NrdotConsole.Journeys;

/// <summary>FleetSim as its own process, sending to a console until disposed.</summary>
internal sealed class FleetProcess : IAsyncDisposable
{
    readonly Process _process;

    FleetProcess(Process process) => _process = process;

    public static FleetProcess Start(ConsoleProcess console, params string[] arguments) => Run(console, null, arguments);

    /// <summary>Every host with an agent that takes its configuration from the console.</summary>
    public static FleetProcess StartSteered(ConsoleProcess console, params string[] arguments) =>
        Run(console, ConsoleProcess.EnrolmentToken, ["--opamp", $"ws://127.0.0.1:{console.OpAmpPort}/v1/opamp", .. arguments]);

    static FleetProcess Run(ConsoleProcess console, string? enrolment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet",
            [ConsoleProcess.Dll("NrdotConsole.FleetSim"), "--endpoint", $"http://127.0.0.1:{console.OtlpHttpPort}", .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        if (enrolment is not null) start.Environment["NRDOT_ENROLMENT_TOKEN"] = enrolment;
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
