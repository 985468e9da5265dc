using System.Diagnostics;

namespace NrdotConsole.Journeys;

/// <summary>
/// The built supervisor as its own process over a real collector: what <c>OTELCOL</c> names, else an <c>otelcol</c>,
/// <c>otelcol-contrib</c> or <c>nrdot-collector</c> of the path or of <c>/opt/otelcol</c>.
/// </summary>
internal sealed class SupervisorProcess : IAsyncDisposable
{
    static readonly string[] s_names = ["otelcol", "otelcol-contrib", "nrdot-collector"];

    readonly Process _process;
    readonly string _state;
    readonly TextWriter _log;

    SupervisorProcess(Process process, string state, TextWriter log) => (_process, _state, _log) = (process, state, log);

    /// <summary>The running collector's process; 0 while there is none.</summary>
    public int CollectorPid => File.Exists(PidFile) && int.TryParse(File.ReadAllText(PidFile), out var pid) ? pid : 0;

    string PidFile => Path.Combine(_state, "collector.pid");

    /// <summary>Skips the test by name where this machine has none.</summary>
    public static string FindCollector()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/opt/otelcol");
        var found = new[] { Environment.GetEnvironmentVariable("OTELCOL") ?? "" }.Concat(folders.SelectMany(f => s_names.Select(n => Path.Combine(f, n)))).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, "No OpenTelemetry Collector: name one in OTELCOL.");
        return found!;
    }

    public static SupervisorProcess Start(ConsoleProcess console, string collector, string host)
    {
        var state = Path.Combine(console.DataDirectory, "supervisor-" + host);
        var dll = Path.Combine(Path.GetDirectoryName(ConsoleProcess.Dll("NrdotConsole.Supervisor"))!, "nrdot-supervisor.dll");
        var start = new ProcessStartInfo("dotnet",
            [dll, "--endpoint", $"ws://127.0.0.1:{console.OpAmpPort}/v1/opamp", "--collector", collector, "--state", state, "--host-name", host, "--healthy-for", "1s", "--probation", "1s"])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in new[]
        {
            ("NRDOT_ENROLMENT_TOKEN", ConsoleProcess.EnrolmentToken), ("HOST_ID", host), ("NRDOT_CONSOLE_OTLP", $"http://127.0.0.1:{console.OtlpHttpPort}"),
            // Nothing listens there: what is meant for New Relic stays on this machine.
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"),
        }) start.Environment[name] = value;
        var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(console.DataDirectory, $"supervisor-{host}.log"), append: true) { AutoFlush = true });
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => log.WriteLine(e.Data);
        process.ErrorDataReceived += (_, e) => log.WriteLine(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, state, log);
    }

    /// <summary>Ends it as systemd would; its collector ends with it.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", [$"{_process.Id}"])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        await _log.DisposeAsync();
    }
}
