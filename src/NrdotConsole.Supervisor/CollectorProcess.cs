using System.ComponentModel;
using System.Diagnostics;

namespace NrdotConsole.Supervisor;

/// <summary>
/// The collector as a child process: started, told to reload, stopped gently and then firmly, and asked to validate a file. Its output
/// goes on to this program's error stream; the last lines are kept to say why it ended.
/// </summary>
internal sealed class CollectorProcess(SupervisorOptions options, StateDirectory state, TimeProvider time, TextWriter log) : IDisposable
{
    const int KeptLines = 20, ValidateLines = 1_000, LongestLine = 4_000, LongestAnswer = 4_000_000;
    static readonly TimeSpan s_stopWithin = TimeSpan.FromSeconds(10), s_validateWithin = TimeSpan.FromSeconds(30), s_surelyUp = TimeSpan.FromSeconds(10);

    readonly Lock _lock = new();
    readonly Queue<string> _lines = new();
    Process? _process;
    string? _startFault;

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>When the running process was started; it stays over a reload.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>It shall run: it was started, or that was tried.</summary>
    public bool IsWanted { get; private set; }

    public int? Pid => IsRunning ? _process!.Id : null;

    /// <summary>Completes when the running process ends; at once where none runs.</summary>
    public Task Ended => _process?.WaitForExitAsync() ?? Task.CompletedTask;

    /// <summary>What it said last: the words in which a collector names the fault of its configuration.</summary>
    public string LastWords
    {
        get
        {
            lock (_lock) return _startFault ?? Foremost([.. _lines]);
        }
    }

    /// <summary>With which code, or by which signal; empty while it runs or was never started.</summary>
    public string EndedHow => _process is { HasExited: true } process ? process.ExitCode > 128 ? $"(signal {process.ExitCode - 128})" : $"(code {process.ExitCode})" : "";

    /// <summary>Why none runs, as far as that is known.</summary>
    public string WhyNot => EndedHow.Length > 0 ? $"It ended {EndedHow}: {LastWords}" : LastWords;

    /// <exception cref="InvalidOperationException">The program cannot be started.</exception>
    public void Start()
    {
        IsWanted = true;
        lock (_lock)
        {
            _startFault = null;
            _lines.Clear();
        }
        _process?.Dispose();
        // A start that fails leaves none.
        _process = null;
        try
        {
            _process = Launch(["--config", state.Config], Say);
        }
        catch (InvalidOperationException fault)
        {
            lock (_lock) _startFault = fault.Message;
            throw;
        }
        StartedAt = time.GetUtcNow();
        state.CollectorPid = _process.Id;
    }

    /// <summary>Makes the collector read its file again: by SIGHUP, or by a new process.</summary>
    /// <param name="isReady">It says that it is up. One that just starts does not listen to signals yet: SIGHUP would end it.</param>
    public async Task ReloadAsync(bool isReady)
    {
        var listens = isReady || time.GetUtcNow() - StartedAt >= s_surelyUp;
        if (options.Reload && listens && Pid is { } pid && Signals.Send(pid, Signals.Hangup)) return;
        await StopAsync();
        Start();
    }

    public async Task StopAsync()
    {
        if (_process is not { HasExited: false } process) return;
        if (!Signals.Send(process.Id, Signals.Terminate)) process.Kill();
        try
        {
            await process.WaitForExitAsync().WaitAsync(s_stopWithin, time);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    /// <summary>Ends a collector that an earlier supervisor left behind when it was killed.</summary>
    public void StopLeftover()
    {
        if (state.CollectorPid is not { } pid || !OperatingSystem.IsLinux()) return;
        try
        {
            if (File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: true)?.FullName != RealPath(options.Collector)) return;
            Signals.Send(pid, Signals.Terminate);
            using var left = Process.GetProcessById(pid);
            if (!left.WaitForExit(s_stopWithin)) left.Kill();
        }
        catch (Exception fault) when (fault is IOException or ArgumentException or UnauthorizedAccessException or InvalidOperationException)
        {
            // It is gone.
        }
    }

    /// <summary>The collector's own <c>validate</c> on a file.</summary>
    /// <returns>Null where it is fine, else the fault in the collector's words.</returns>
    public async Task<string?> ValidateAsync(string file, CancellationToken ct)
    {
        var said = new List<string>();
        using var process = Launch(["validate", "--config", file], line =>
        {
            lock (said) if (said.Count < ValidateLines) said.Add(line);
        });
        try
        {
            await process.WaitForExitAsync(ct).WaitAsync(s_validateWithin, time, ct);
        }
        catch (TimeoutException)
        {
            process.Kill();
            return $"The collector's validate did not end within {s_validateWithin.TotalSeconds:0} s.";
        }
        if (process.ExitCode == 0) return null;
        lock (said) return said.Count == 0 ? $"The collector's validate ended with {process.ExitCode}." : Foremost(said);
    }

    /// <summary>What a subcommand of the collector prints, or nothing.</summary>
    public async Task<string> AskAsync(string subcommand, CancellationToken ct)
    {
        var said = new System.Text.StringBuilder();
        try
        {
            using var process = Launch([subcommand], line =>
            {
                lock (said) if (said.Length < LongestAnswer) said.AppendLine(line);
            });
            await process.WaitForExitAsync(ct).WaitAsync(s_validateWithin, time, ct);
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException)
        {
            return "";
        }
        lock (said) return said.ToString();
    }

    public void Dispose() => _process?.Dispose();

    Process Launch(string[] arguments, Action<string> say)
    {
        var start = new ProcessStartInfo(options.Collector, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // What rendered configurations refer to as ${env:…}.
        start.Environment["HOST_ID"] = options.HostId;
        start.Environment["HOSTNAME"] = options.HostName;
        start.Environment.Remove(CommandLine.TokenVariable);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Pass(line.Data, say);
        process.ErrorDataReceived += (_, line) => Pass(line.Data, say);
        try
        {
            process.Start();
        }
        catch (Win32Exception fault)
        {
            process.Dispose();
            throw new InvalidOperationException($"{options.Collector} cannot be started: {fault.Message}", fault);
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    void Say(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line.Length <= LongestLine ? line : line[..LongestLine]);
            if (_lines.Count > KeptLines) _lines.Dequeue();
        }
        log.WriteLine(line);
    }

    static void Pass(string? line, Action<string> say)
    {
        if (!string.IsNullOrWhiteSpace(line)) say(line);
    }

    /// <summary>The collector names its fault in a line that begins with Error; else its last lines must do, the chatter of its log left out.</summary>
    static string Foremost(List<string> lines)
    {
        const int longest = 2000;
        var from = lines.FindIndex(l => l.StartsWith("Error", StringComparison.OrdinalIgnoreCase));
        var telling = from >= 0 ? lines[from..] : lines.FindAll(l => !l.Contains("\tinfo\t", StringComparison.Ordinal) && !l.Contains("\tdebug\t", StringComparison.Ordinal));
        var text = telling.Count == 0 ? "it said nothing of a fault" : string.Join('\n', from >= 0 ? telling : telling.TakeLast(5));
        return text.Length <= longest ? text : text[..longest];
    }

    static string RealPath(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
}
