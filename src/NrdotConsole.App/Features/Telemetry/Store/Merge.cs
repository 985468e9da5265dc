using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using NrdotConsole.Core.Telemetry;
using ZstdSharp;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>
/// Makes few long blocks of the many short ones that seals write: the series of all seals side by side, cut at windows of
/// <see cref="RollUp.WindowMs"/>. What lies behind the window stays under its number, for the next time. Points about a minute apart or more and closer
/// ones go to different blocks, as their retention differs.
/// </summary>
internal sealed class Merge(TelemetryDatabase database, StoredHashes hashes) : IDisposable
{
    const int MaxSeriesPerBlock = 256, MaxPointsPerBlock = 98_304, MaxPointsInMemory = 2_000_000;

    readonly BlockCodec.Writer _writer = new();
    readonly Compressor _compressor = new(3);

    sealed class Collected(uint host)
    {
        public uint Host { get; } = host;
        public readonly List<long> Times = [];
        public readonly List<double> Values = [];
    }

    /// <summary>Merges what was sealed up to <paramref name="throughId"/> of the time before <paramref name="endMs"/>, in the caller's transaction. Answers where the windows begin that it wrote.</summary>
    public SortedSet<long> Run(int metric, long endMs, long throughId, SqliteTransaction transaction)
    {
        using var reader = database.OpenReader();
        var inputs = TelemetryDatabase.FindUnmerged(reader, metric, endMs, throughId);
        var windows = new SortedSet<long>();
        if (inputs.Count == 0) return windows;
        using var file = new BlockFile(reader);
        foreach (var slice in HostSlices.Of(inputs, MaxPointsInMemory))
        {
            var series = Collect(inputs, slice, endMs, file, reader, windows);
            foreach (var window in windows) Write(metric, window, series, inputs.Max(b => b.KeepMs), transaction);
        }
        foreach (var input in inputs)
        {
            if (input.ToMs >= endMs) Trim(input, endMs, file, transaction);
            else database.DeleteBlock(input.Id, transaction);
        }
        return windows;
    }

    static long WindowOf(long time) => time - ((time % RollUp.WindowMs) + RollUp.WindowMs) % RollUp.WindowMs;

    SortedDictionary<(uint, int, int), Collected> Collect(List<BlockRef> inputs, (uint From, uint To) slice, long endMs, BlockFile file, SqliteConnection reader, SortedSet<long> windows)
    {
        var series = new SortedDictionary<(uint, int, int), Collected>();
        foreach (var input in inputs)
        {
            if (input.HostFrom > slice.To || input.HostTo < slice.From) continue;
            for (var r = file.Open(input.Id); r?.Next() == true;)
            {
                var host = hashes.Of(r.Resource, reader);
                var count = Below(r.Times, endMs);
                if (count == 0 || host < slice.From || host > slice.To) continue;
                var key = (host, r.Resource, r.Attributes);
                if (!series.TryGetValue(key, out var collected)) series[key] = collected = new(host);
                for (var window = WindowOf(r.Times[0]); window <= r.Times[count - 1]; window += RollUp.WindowMs) windows.Add(window);
                collected.Times.AddRange(r.Times[..count]);
                collected.Values.AddRange(r.Values()[..count]);
            }
        }
        return series;
    }

    void Write(int metric, long fromMs, SortedDictionary<(uint, int, int), Collected> series, long keepMs, SqliteTransaction transaction)
    {
        foreach (var isFine in (bool[])[false, true])
        {
            uint hostFrom = 0, hostTo = 0;
            var interval = RollUp.WindowMs;
            foreach (var ((_, resource, attributes), collected) in series)
            {
                var times = CollectionsMarshal.AsSpan(collected.Times);
                var (begin, end) = (Below(times, fromMs), Below(times, fromMs + RollUp.WindowMs));
                times = times[begin..end];
                var shortest = Shortest(times);
                if (times.IsEmpty || shortest < RollUp.AboutMinuteMs != isFine) continue;
                if (_writer.Series == 0) hostFrom = collected.Host;
                hostTo = collected.Host;
                interval = Math.Min(interval, shortest);
                _writer.Add(resource, attributes, times, CollectionsMarshal.AsSpan(collected.Values)[begin..end]);
                if (_writer.Series == MaxSeriesPerBlock || _writer.Points >= MaxPointsPerBlock) Flush();
            }
            if (_writer.Series > 0) Flush();

            void Flush()
            {
                var block = new NewBlock(metric, BlockLevel.Raw, false, _writer.FromMs, _writer.ToMs, keepMs, hostFrom, hostTo, _writer.Series, _writer.Points, interval, []) { IsMerged = true };
                database.AddBlock(block with { Data = Packed() }, transaction);
                interval = RollUp.WindowMs;
            }
        }
    }

    /// <summary>A series with one point in the window is its own minute roll-up.</summary>
    static long Shortest(ReadOnlySpan<long> times)
    {
        var shortest = RollUp.WindowMs;
        for (var i = 1; i < times.Length; i++) shortest = Math.Min(shortest, times[i] - times[i - 1]);
        return shortest;
    }

    void Trim(in BlockRef input, long endMs, BlockFile file, SqliteTransaction transaction)
    {
        for (var r = file.Open(input.Id); r?.Next() == true;)
        {
            var begin = Below(r.Times, endMs);
            if (begin < r.Times.Length) _writer.Add(r.Resource, r.Attributes, r.Times[begin..], r.Values()[begin..]);
        }
        database.TrimBlock(input.Id, _writer.FromMs, _writer.Series, _writer.Points, Packed(), transaction);
    }

    byte[] Packed() => _compressor.Wrap(_writer.Finish()).ToArray();

    static int Below(ReadOnlySpan<long> times, long limit)
    {
        var at = times.BinarySearch(limit);
        return at < 0 ? ~at : at;
    }

    public void Dispose() => _compressor.Dispose();
}
