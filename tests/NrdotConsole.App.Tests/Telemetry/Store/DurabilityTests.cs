using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Tests.Telemetry.Store;

public sealed class DurabilityTests
{
    const string ChildDirectory = "STORE_CHILD_DIRECTORY";
    const long LongAgo = 1_780_000_000_000;
    static readonly long T0 = StoreOnDisk.T0;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_answer_is_the_models_before_and_after_seals_and_restarts(int seed)
    {
        using var disk = new StoreOnDisk();
        var random = new Random(seed);
        var model = new SortedDictionary<string, SortedList<long, double>>(StringComparer.Ordinal);
        for (var i = 0; i < 400; i++)
        {
            var host = $"h{random.Next(12)}";
            var ms = T0 + random.Next(-50, 50) * 1000 + i * 500;
            var value = random.Next(4) switch { 0 => random.Next(100), 1 => random.NextDouble(), 2 => double.NaN, _ => random.Next(1000) / 100d };
            disk.Send("m", host, ms, value);
            if (!model.TryGetValue(host, out var points)) model[host] = points = [];
            points.TryAdd(ms, value);
            disk.Time.Advance(TimeSpan.FromMilliseconds(500));
            if (i % 23 == 0) Assert.True(disk.Store.TrySealNext());
            if (i % 97 == 0) disk.Reopen();
            if (i % 50 == 0) await AssertSame();
        }
        await AssertSame();
        disk.Reopen();
        await AssertSame();
        Assert.True(disk.Store.TrySealAll());
        await AssertSame();
        disk.Reopen();
        await AssertSame();
        Assert.Empty(disk.Segments);

        async Task AssertSame()
        {
            var answer = await disk.Raw("m");
            Assert.Equal(model.Keys, answer.Keys.Order(StringComparer.Ordinal));
            foreach (var (host, points) in model)
                Assert.Equal(points.Select(p => (p.Key, p.Value)), answer[host].Select(p => (p.UnixMs, p.Value)));
        }
    }

    [Fact]
    public async Task A_killed_process_loses_no_acknowledged_point()
    {
        using var disk = new StoreOnDisk();
        disk.Close();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(DurabilityTests).Assembly.Location);
        start.Environment[ChildDirectory] = disk.Path;
        var acknowledgements = Path.Combine(disk.Path, "acknowledged");
        using var child = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!File.Exists(acknowledgements) || new FileInfo(acknowledgements).Length < 3000)
        {
            Assert.False(child.HasExited, "the child ended by itself");
            await Task.Delay(5, limit.Token);
        }
        child.Kill();
        await child.WaitForExitAsync(limit.Token);

        var acknowledged = (int)new FileInfo(acknowledgements).Length;
        disk.Reopen();
        var points = (await disk.Raw("m"))["h"];
        Assert.Null(disk.Store.Stats().Health.Fault);
        Assert.Equal(Enumerable.Range(0, acknowledged), points.Take(acknowledged).Select(p => (int)p.Value));
        Assert.InRange(points.Count, acknowledged, acknowledged + 1);
    }

    /// <summary>The child is this program, which then does nothing but write until it is killed.</summary>
    [ModuleInitializer]
    internal static void WriteUntilKilled()
    {
        if (Environment.GetEnvironmentVariable(ChildDirectory) is not { } directory) return;
        using var store = new SeriesStore(new(), TimeProvider.System, directory);
        if (!store.TryOpen()) Environment.Exit(1);
        using var acknowledgements = File.Open(Path.Combine(directory, "acknowledged"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        for (var i = 0; store.Ingest(OtlpBytes.Gauge("m", [("host.id", "h")], [], (LongAgo + i, i)), null).Accepted == 1; i++)
        {
            acknowledgements.WriteByte(1);
            acknowledgements.Flush();
            if (i % 700 == 0) store.TrySealNext();
        }
        Environment.Exit(1);
    }

    [Fact]
    public async Task An_unfinished_last_record_is_cut_and_a_damaged_one_is_reported_and_passed_over()
    {
        using var disk = new StoreOnDisk();
        for (var i = 0; i < 3; i++) disk.Send("m", "h", T0 + i, i);
        disk.Close();
        var segment = disk.Segments.Single();
        var bytes = File.ReadAllBytes(segment);
        File.WriteAllBytes(segment, bytes[..^3]);
        disk.Reopen();
        Assert.Equal([0, 1], (await disk.Raw("m"))["h"].Select(p => p.Value));
        Assert.Null(disk.Store.Stats().Health.Fault);

        disk.Close();
        bytes[bytes.Length / 3 + 40] ^= 0xFF;
        File.WriteAllBytes(segment, bytes);
        disk.Reopen();
        Assert.Equal([0, 2], (await disk.Raw("m"))["h"].Select(p => p.Value));
        Assert.Contains("damaged", disk.Store.Stats().Health.Fault, StringComparison.Ordinal);
        disk.Send("m", "h", T0 + 9, 9);
    }

    static async Task<HealthStatus> ReadyAsync(StoreOnDisk disk) =>
        (await new SeriesStoreHealth(disk.Store).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken)).Status;

    [Fact]
    public async Task A_full_disk_refuses_for_now_and_mends_itself()
    {
        var full = false;
        using var disk = new StoreOnDisk(openLogFile: path => new FillingFile(path, () => full));
        disk.Send("m", "h", T0, 0);
        full = true;
        var outcome = disk.Store.Ingest(OtlpBytes.Gauge("m", [("host.id", "new")], [], (T0 + 1, 1)), null);
        Assert.Equal(IngestStatus.Unavailable, outcome.Status);
        Assert.Contains("No space left", outcome.Message, StringComparison.Ordinal);
        Assert.False(disk.Store.Stats().Health.Writable);
        Assert.Equal(HealthStatus.Unhealthy, await ReadyAsync(disk));
        Assert.Equal(1, disk.Store.Stats().Hosts);

        full = false;
        disk.Send("m", "h", T0 + 2, 2);
        Assert.True(disk.Store.Stats().Health.Writable);
        Assert.Null(disk.Store.Stats().Health.Fault);
        Assert.Equal(HealthStatus.Healthy, await ReadyAsync(disk));
        disk.Reopen();
        Assert.Equal([0, 2], (await disk.Raw("m"))["h"].Select(p => p.Value));
    }

    [Fact]
    public async Task A_locked_database_is_reported_and_its_points_are_written_later()
    {
        using var disk = new StoreOnDisk();
        disk.Send("m", "h", T0, 1);
        using (var other = new SqliteConnection($"Data Source={disk.DatabasePath};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction();
            using var command = other.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "INSERT INTO progress (name, value) VALUES ('held', 1)";
            command.ExecuteNonQuery();
            Assert.False(disk.Store.TrySealAll());
            Assert.Contains("locked", disk.Store.Stats().Health.Fault, StringComparison.Ordinal);
            Assert.Equal(HealthStatus.Degraded, await ReadyAsync(disk));
            disk.Send("m", "h", T0 + 1, 2);
        }
        Assert.Equal([1, 2], (await disk.Raw("m"))["h"].Select(p => p.Value));
        Assert.True(disk.Store.TrySealAll());
        Assert.Null(disk.Store.Stats().Health.Fault);
        disk.Reopen();
        Assert.Equal([1, 2], (await disk.Raw("m"))["h"].Select(p => p.Value));
    }

    [Fact]
    public async Task A_damaged_database_is_put_aside_and_the_log_fills_a_new_one()
    {
        using var disk = new StoreOnDisk();
        disk.Send("m", "h", T0, 1);
        disk.Close();
        var bytes = File.ReadAllBytes(disk.DatabasePath);
        Array.Fill(bytes, (byte)0xA5, 0, bytes.Length / 2);
        File.WriteAllBytes(disk.DatabasePath, bytes);
        disk.Reopen();
        Assert.Contains("damaged", disk.Store.Stats().Health.Fault, StringComparison.Ordinal);
        Assert.True(disk.Store.Stats().Health.Writable);
        Assert.NotEmpty(Directory.GetFiles(disk.Path, "telemetry.db.damaged-*"));
        Assert.Equal([1], (await disk.Raw("m"))["h"].Select(p => p.Value));
    }

    [Fact]
    public async Task An_idle_series_leaves_memory_stays_on_disk_and_comes_back_as_itself()
    {
        using var disk = new StoreOnDisk();
        disk.Send("m", "h", T0, 1);
        Assert.Equal(1, disk.Store.Stats().ActiveSeries);
        disk.Time.Advance(TimeSpan.FromMinutes(16));
        disk.Store.Sweep();
        Assert.Equal((1, 0), (disk.Store.Stats().Series, disk.Store.Stats().ActiveSeries));
        disk.Store.TrySealAll();
        disk.Store.Sweep();
        disk.Store.Sweep();
        Assert.Equal(0, disk.Store.Stats().Series);
        Assert.Equal([1], (await disk.Raw("m"))["h"].Select(p => p.Value));
        disk.Send("m", "h", T0 + 960_000, 2);
        Assert.Equal([1, 2], (await disk.Raw("m"))["h"].Select(p => p.Value));
    }

    sealed class FillingFile(string path, Func<bool> isFull) : ILogFile
    {
        readonly LogFile _file = new(path);

        public void Write(long at, ReadOnlySpan<byte> bytes)
        {
            if (!isFull())
            {
                _file.Write(at, bytes);
                return;
            }
            // As a full disk does: some of it is written.
            _file.Write(at, bytes[..(bytes.Length / 2)]);
            throw new IOException("No space left on device");
        }

        public void Cut(long length) => _file.Cut(length);
        public void Sync() => _file.Sync();
        public void Dispose() => _file.Dispose();
    }
}
