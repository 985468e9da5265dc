using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace NrdotConsole.Journeys;

/// <summary>The built console as its own process on free ports and a data directory of its own, as an operator would run it.</summary>
internal sealed class ConsoleProcess : IAsyncDisposable
{
    public const string AdminPassword = "journey-admin-passphrase";
    public const string ApiToken = "nrc_journey-bootstrap-token-0123456789abcdef";

    public const string EnrolmentToken = "nre_journey-enrolment-token-0123456789abcdef";

    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

#if DEBUG
    const string Configuration = "Debug";
#else
    const string Configuration = "Release";
#endif

    readonly Process _process;
    readonly TextWriter _log;

    ConsoleProcess(Process process, TextWriter log, string dataDirectory, int[] ports)
    {
        _process = process;
        _log = log;
        DataDirectory = dataDirectory;
        (HttpPort, OtlpHttpPort, OtlpGrpcPort, OpAmpPort) = (ports[0], ports[1], ports[2], ports[3]);
        Api = new HttpClient { BaseAddress = Url };
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken);
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
    public static Task<ConsoleProcess> StartAsync(string? dataDirectory = null, params string[] settings) =>
        StartAsync(dataDirectory ?? Directory.CreateTempSubdirectory("nrdot-journey-").FullName, FreePorts(4), settings);

    /// <summary>The same console again, once this one has ended: on its data and its ports.</summary>
    public Task<ConsoleProcess> StartAgainAsync() => StartAsync(DataDirectory, [HttpPort, OtlpHttpPort, OtlpGrpcPort, OpAmpPort]);

    static async Task<ConsoleProcess> StartAsync(string dataDirectory, int[] ports, params string[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [Dll("NrdotConsole.App")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = dataDirectory,
        };
        start.Environment["Console__DataDirectory"] = dataDirectory;
        start.Environment["Console__HttpPort"] = $"{ports[0]}";
        start.Environment["Otlp__HttpPort"] = $"{ports[1]}";
        start.Environment["Otlp__GrpcPort"] = $"{ports[2]}";
        start.Environment["OpAmp__Port"] = $"{ports[3]}";
        start.Environment["Otlp__RequireToken"] = "false";
        start.Environment["OpAmp__BootstrapToken"] = EnrolmentToken;
        start.Environment["Auth__BootstrapAdminPassword"] = AdminPassword;
        start.Environment["Auth__BootstrapApiToken"] = ApiToken;
        foreach (var setting in settings)
            start.Environment[setting.Split('=')[0]] = setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];

        var log = TextWriter.Synchronized(new StreamWriter(Path.Combine(dataDirectory, "journey.log"), append: true) { AutoFlush = true });
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => log.WriteLine(e.Data);
        process.ErrorDataReceived += (_, e) => log.WriteLine(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var console = new ConsoleProcess(process, log, dataDirectory, ports);
        await console.WaitUntilReadyAsync();
        return console;
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

    static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        int[] ports = [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        listeners.ForEach(l => l.Stop());
        return ports;
    }
}
