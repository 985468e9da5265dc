using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Features.Telemetry.Tokens;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Audit;

namespace NrdotConsole.App.Features.Demo;

/// <summary>
/// FleetSim as a child process: started once the ports are open, with a token of its own in its environment, stopped
/// with the console by closing its standard input, which also closes if the console is killed.
/// </summary>
internal sealed class DemoFleet(
    DemoSettings settings, Ports ports, IngestTokenStore tokens, EnrolmentTokenStore enrolment, SeriesStore store, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<DemoFleet> log) : BackgroundService
{
    const string TokenVariable = "NRDOT_INGEST_TOKEN", EnrolmentVariable = "NRDOT_ENROLMENT_TOKEN";
    static readonly TimeSpan TokenLife = TimeSpan.FromDays(7), Patience = TimeSpan.FromSeconds(6);

    /// <summary>The build puts the simulator beside the console.</summary>
    static string Program => Path.Combine(AppContext.BaseDirectory, "fleetsim", "NrdotConsole.FleetSim.dll");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartedAsync(stoppingToken);
            var (secret, fault) = await tokens.CreateAsync(Actor.System, "demonstration", tenant: null, expiresAt: time.GetUtcNow() + TokenLife, ct: stoppingToken);
            if (secret is null)
            {
                log.LogWarning("The demonstration fleet has no token to send with: {Fault}", fault);
                return;
            }
            var (entrance, entranceSecret, _) = await enrolment.CreateAsync(Actor.System, "demonstration", tenant: null, maxUses: null, expiresAt: time.GetUtcNow() + TokenLife, ct: stoppingToken);
            try
            {
                await RunAsync(secret, entranceSecret, stoppingToken);
            }
            finally
            {
                if (tokens.Find(secret) is { } token) await tokens.RevokeAsync(Actor.System, token.Id, CancellationToken.None);
                if (entrance is not null) await enrolment.RevokeAsync(Actor.System, entrance.Id, CancellationToken.None);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    async Task StartedAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping);
    }

    async Task RunAsync(string token, string? enrolmentToken, CancellationToken stopping)
    {
        using var process = new Process { StartInfo = Command(token, enrolmentToken) };
        process.OutputDataReceived += (_, line) => Relay(line.Data);
        process.ErrorDataReceived += (_, line) => Relay(line.Data, LogLevel.Warning);
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            log.LogWarning("The demonstration fleet cannot start ({Program}): {Fault}", Program, fault.Message);
            return;
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(stopping);
            log.LogWarning("The demonstration fleet ended with exit code {ExitCode}; the console runs on without it.", process.ExitCode);
        }
        catch (OperationCanceledException)
        {
            await StopAsync(process);
        }
    }

    async Task StopAsync(Process process)
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            process.Kill();
        }
    }

    ProcessStartInfo Command(string token, string? enrolmentToken)
    {
        var command = new ProcessStartInfo(Dotnet(),
        [
            Program, "--endpoint", $"http://127.0.0.1:{ports.OtlpHttp}", "--hosts", $"{settings.Hosts}", "--interval", settings.Interval,
            "--local", "--with-parent", .. History(), .. enrolmentToken is null ? [] : new[] { "--opamp", $"ws://127.0.0.1:{ports.OpAmp}/v1/opamp" },
        ])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        command.Environment[TokenVariable] = token;
        command.Environment[EnrolmentVariable] = enrolmentToken;
        return command;
    }

    /// <summary>Only a fleet that was never here has a past to fill in: told twice, its counters would count twice.</summary>
    string[] History() => store.Hosts.Any(h => h.Key.Length > 0) ? [] : ["--backfill", settings.Backfill];

    /// <summary>The very runtime that runs the console: its folder lies three below the program's.</summary>
    static string Dotnet()
    {
        var name = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var own = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(own) ? own : name;
    }

    void Relay(string? line, LogLevel level = LogLevel.Debug)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        if (line.Contains("the receiver says", StringComparison.Ordinal)) level = LogLevel.Warning;
        log.Log(level, "{Line}", line);
    }
}
