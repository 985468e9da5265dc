using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Features.Cardinality;
using NrdotConsole.App.Features.Cost;
using NrdotConsole.App.Features.Overview;
using NrdotConsole.App.Features.Signals;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Telemetry;
using NrdotConsole.Protocol.Otlp;

namespace NrdotConsole.App.Tests.Signals;

/// <summary>A store, the signals and their database, in simulated time; and the senders.</summary>
internal sealed class SignalWorld : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly SignalSettings _settings;
    readonly StoreSettings _storeSettings;
    readonly bool _onDisk;
    readonly OtlpWriter _writer = new();
    TempDirectory _dir = new();

    /// <param name="onDisk">The store in real files, which a restart opens anew. Else one in memory outlives the console.</param>
    public SignalWorld(SignalSettings? settings = null, StoreSettings? store = null, bool onDisk = false)
    {
        (_settings, _storeSettings, _onDisk) = (settings ?? new(), store ?? new(), onDisk);
        Store = onDisk ? Open() : new(_storeSettings, Time);
        Begin();
    }

    public FakeTimeProvider Time { get; } = new(Start);
    public SeriesStore Store { get; private set; }
    public ConsoleDatabase Database { get; private set; } = null!;
    public SignalBoard Board { get; private set; } = null!;
    public SignalEngine Engine { get; private set; } = null!;
    public SignalLoop Loop { get; private set; } = null!;
    public SignalStores Stores { get; private set; } = null!;
    public DateTimeOffset Now => Time.GetUtcNow();
    public static SignalScope Prod { get; } = new("prod");

    public LogLines Log { get; } = new();
    public string SnapshotPath => _dir.Data.File(SnapshotFile.Name);

    /// <summary>The console anew, on the same store of series and the same database.</summary>
    public void Restart(TimeSpan down = default, Action? meanwhile = null)
    {
        Loop.SaveAsync(Now).GetAwaiter().GetResult();
        Database.Dispose();
        if (_onDisk) Store.Dispose();
        Time.Advance(down);
        meanwhile?.Invoke();
        if (_onDisk) Store = Open();
        Begin();
    }

    /// <summary>The console anew, on its files as they are at this moment: what was only in memory is lost.</summary>
    public void Kill(TimeSpan down = default)
    {
        var left = new TempDirectory();
        foreach (var file in Directory.GetFiles(_dir.Data.Path, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(left.Data.Path, Path.GetRelativePath(_dir.Data.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        Database.Dispose();
        Store.Dispose();
        _dir.Dispose();
        _dir = left;
        Time.Advance(down);
        Store = Open();
        Begin();
    }

    SeriesStore Open()
    {
        var store = new SeriesStore(_storeSettings, Time, _dir.Data.Path);
        Assert.True(store.TryOpen());
        return store;
    }

    void Begin()
    {
        Database = _dir.OpenDatabase(Time);
        Board = new(Time);
        Engine = new(Store, _settings, Board);
        Stores = new(new EventStore(Database), new KnownHosts(Database), new VerdictStore(Database), new UsageStore(Database), new SketchStore(Database));
        Loop = new(Engine, Stores, new(_dir.Data, Store, Log), Store, new(Store, new(Time)), Board, Time, NullLogger<SignalLoop>.Instance);
        Loop.ResumeAsync().GetAwaiter().GetResult();
    }

    /// <summary>Ticks each second, after what <paramref name="eachSecond"/> sends.</summary>
    public void Run(int seconds, Action<int>? eachSecond = null)
    {
        for (var second = 0; second < seconds; second++)
        {
            eachSecond?.Invoke(second);
            Loop.TickAsync(Now).GetAwaiter().GetResult();
            // What is learnt is written beside the ticks; here, between two.
            Loop.SnapshotWritten.GetAwaiter().GetResult();
            Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    public int Send(string tenant, Action<OtlpWriter> write)
    {
        _writer.Clear();
        write(_writer);
        var request = _writer.Complete();
        var outcome = Store.Ingest(request.Span, tenant);
        Assert.Equal(IngestStatus.Accepted, outcome.Status);
        return request.Length;
    }

    /// <summary>One scrape of process metrics: CPU (percent of a core, from a counter), memory, disk bytes; one resource a process.</summary>
    public int Scrape(string tenant, string host, params (string Executable, double CpuPercent, double MemoryBytes)[] processes) => Send(tenant, writer =>
    {
        foreach (var (executable, cpu, memory) in processes) Process(writer, host, executable, cpu, memory);
    });

    public int Inventory(string tenant, string host, params string[] executables) => Send(tenant, writer =>
    {
        foreach (var executable in executables)
        {
            writer.Resource([new("host.id", host), new("host.name", host), new("process.executable.name", executable), new("process.owner", "root"), new("nrdot.pipeline", "inventory")]);
            writer.Scope();
            writer.Metric("process.memory.usage", MetricKind.Sum, "By", "", Temporality.Cumulative);
            writer.Number(At(Now), 1);
        }
    });

    public void Process(OtlpWriter writer, string host, string executable, double cpuPercent, double memoryBytes, string pid = "1", string owner = "root", DateTimeOffset? at = null)
    {
        writer.Resource([new("host.id", host), new("host.name", host), new("process.executable.name", executable), new("process.owner", owner), new("process.pid", pid)]);
        writer.Scope();
        writer.Metric("process.cpu.time", MetricKind.Sum, "s", "", Temporality.Delta, monotonic: true);
        writer.Number(At(at ?? Now), cpuPercent * 60 / 100, [new("state", "user")]);
        writer.Metric("process.memory.usage", MetricKind.Sum, "By", "", Temporality.Cumulative);
        writer.Number(At(at ?? Now), memoryBytes);
    }

    /// <summary>What a sender sends that was cut off for half an hour: three scrapes a second.</summary>
    public long Run30MinutesAtOnce()
    {
        var bytes = 0L;
        Run(10, second =>
        {
            for (var i = 0; i < 3; i++)
            {
                var at = Now.AddMinutes(-30 + (second * 3) + i);
                bytes += Send("prod", w => Process(w, "h1", "java", 5, 1e8, at: at));
            }
        });
        return bytes;
    }

    public static PointHeader At(DateTimeOffset at) => new(0, (ulong)at.ToUnixTimeMilliseconds() * 1_000_000, false);

    public void Dispose()
    {
        Database.Dispose();
        Store.Dispose();
        _dir.Dispose();
    }

    internal sealed class LogLines : List<string>, ILogger<SnapshotFile>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Add($"{logLevel}: {formatter(state, exception)}");
    }
}
