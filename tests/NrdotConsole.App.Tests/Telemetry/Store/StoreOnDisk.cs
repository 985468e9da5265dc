using Microsoft.Extensions.Time.Testing;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Tests.Data;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Store;

/// <summary>A store on real files that a test can close, reopen and damage.</summary>
internal sealed class StoreOnDisk : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    public static readonly long T0 = Start.ToUnixTimeMilliseconds();

    readonly TempDirectory _directory = new();
    readonly Func<string, ILogFile>? _openLogFile;

    public StoreOnDisk(StoreSettings? settings = null, Func<string, ILogFile>? openLogFile = null)
    {
        Settings = settings ?? new();
        _openLogFile = openLogFile;
        (Store, Engine) = Open();
    }

    public StoreSettings Settings { get; }
    public FakeTimeProvider Time { get; } = new(Start);
    public SeriesStore Store { get; private set; }
    public QueryEngine Engine { get; private set; }
    public string Path => _directory.Data.Path;
    public string DatabasePath => System.IO.Path.Combine(Path, "telemetry.db");
    public string[] Segments => Directory.GetFiles(System.IO.Path.Combine(Path, "wal")).Order(StringComparer.Ordinal).ToArray();

    (SeriesStore, QueryEngine) Open()
    {
        var store = new SeriesStore(Settings, Time, Path, _openLogFile);
        store.TryOpen();
        return (store, new(store));
    }

    public void Close()
    {
        Engine.Dispose();
        Store.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    public void Reopen()
    {
        Close();
        (Store, Engine) = Open();
    }

    public void Send(string metric, string host, long ms, double value) =>
        Assert.Equal(1, Store.Ingest(OtlpBytes.Gauge(metric, [("host.id", host)], [], (ms, value)), null).Accepted);

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<QueryPoint>>> Raw(string metric, string by = "host.id")
    {
        var result = await Engine.RunAsync(new() { Metric = metric, From = Start.AddDays(-500), To = Start.AddDays(500) });
        Assert.Null(result.Refusal);
        return result.Series.ToDictionary(s => s.Labels.Get(by), s => s.Points);
    }

    public void Dispose()
    {
        Close();
        _directory.Dispose();
    }
}
