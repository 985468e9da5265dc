using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace NrdotConsole.Journeys;

/// <summary>The built console as its own process on free ports and a data directory of its own, as an operator would run it.</summary>
internal sealed class ConsoleProcess : IAsyncDisposable
{
    public const string AdminPassword = "journey-admin-passphrase";
    public const string ApiToken = "nrc_journey-bootstrap-token-0123456789abcdef";

    public const string EnrolmentToken = "nre_journey-enrolment-token-0123456789abcdef";

    static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

#if DEBUG
    const string Configuration = "Debug";
#else
    const string Configuration = "Release";
#endif

    readonly string[] _settings;
    readonly TextWriter _log;
    Process _process;

    ConsoleProcess(string dataDirectory, string[] settings)
    {
        (DataDirectory, _settings) = (dataDirectory, settings);
        var ports = FreePorts.Take(4);
        (HttpPort, OtlpHttpPort, OtlpGrpcPort, OpAmpPort) = (ports[0], ports[1], ports[2], ports[3]);
        _log = TextWriter.Synchronized(new StreamWriter(Path.Combine(dataDirectory, "journey.log"), append: true) { AutoFlush = true });
        Api = new HttpClient { BaseAddress = Url };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken);
        _process = Run();
    }

    public string DataDirectory { get; }
    public int HttpPort { get; }
    public int OtlpHttpPort { get; }
    public int OtlpGrpcPort { get; }
    public int OpAmpPort { get; }
    public int ProcessId => _process.Id;
    public Uri Url => new($"http://127.0.0.1:{HttpPort}/");

    /// <summary>Speaks to the REST interface with the bootstrap token.</summary>
    public HttpClient Api { get; }

    public static string Dll(string project) =>
        Path.Combine(SourceRoot, "src", project, "bin", Configuration, "net10.0", project + ".dll");

    public static string SourceRoot
    {
        get
        {
            for (var dir = new DirectoryInfo(AppContext.BaseDirectory); dir is not null; dir = dir.Parent)
                if (File.Exists(Path.Combine(dir.FullName, "NrdotConsole.sln"))) return dir.FullName;
            throw new InvalidOperationException("No NrdotConsole.sln above the test assembly.");
        }
    }

    /// <param name="dataDirectory">Kept when given (a restart on the same data); else a new one.</param>
    public static async Task<ConsoleProcess> StartAsync(string? dataDirectory = null, params string[] settings)
    {
        var console = new ConsoleProcess(dataDirectory ?? Directory.CreateTempSubdirectory("nrdot-journey-").FullName, settings);
        await console.WaitUntilReadyAsync();
        return console;
    }

    /// <summary>Once it has ended: on its data, its ports and its settings.</summary>
    public async Task StartAgainAsync()
    {
        _process.Dispose();
        _process = Run();
        await WaitUntilReadyAsync();
    }

    Process Run()
    {
        var start = new ProcessStartInfo("dotnet", [Dll("NrdotConsole.App")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = DataDirectory,
        };
        start.Environment["Console__DataDirectory"] = DataDirectory;
        start.Environment["Console__HttpPort"] = $"{HttpPort}";
        start.Environment["Otlp__HttpPort"] = $"{OtlpHttpPort}";
        start.Environment["Otlp__GrpcPort"] = $"{OtlpGrpcPort}";
        start.Environment["OpAmp__Port"] = $"{OpAmpPort}";
        start.Environment["Otlp__RequireToken"] = "false";
        start.Environment["OpAmp__BootstrapToken"] = EnrolmentToken;
        start.Environment["Auth__BootstrapAdminPassword"] = AdminPassword;
        start.Environment["Auth__BootstrapApiToken"] = ApiToken;
        foreach (var setting in _settings)
            start.Environment[setting.Split('=')[0]] = setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => _log.WriteLine(e.Data);
        process.ErrorDataReceived += (_, e) => _log.WriteLine(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    async Task WaitUntilReadyAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            if (_process.HasExited) throw new InvalidOperationException($"The console exited with {_process.ExitCode}; see {DataDirectory}/journey.log");
            try
            {
                using var answer = await Api.GetAsync("healthz/ready", limit.Token);
                if (answer.StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException) { }
            await Task.Delay(100, limit.Token);
        }
    }

    /// <summary>What it logged as a warning or worse, with the lines that go with it.</summary>
    public IEnumerable<string> Complaints()
    {
        using var log = new StreamReader(new FileStream(Path.Combine(DataDirectory, "journey.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var isComplaint = false;
        while (log.ReadLine() is { } line)
        {
            isComplaint = line.StartsWith(' ') ? isComplaint : line.StartsWith("warn", StringComparison.Ordinal) || line.StartsWith("fail", StringComparison.Ordinal) || line.StartsWith("crit", StringComparison.Ordinal);
            if (isComplaint) yield return line;
        }
    }

    /// <summary>Ends the process as the kernel's out-of-memory killer would: no handler runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
        Api.Dispose();
        await _log.DisposeAsync();
    }
}
