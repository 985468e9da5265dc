using System.Runtime.CompilerServices;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Points of an accepted request go behind their series' heads.</summary>
internal sealed partial class SeriesIndex
{
    /// <summary>Longer heads are not searched for a late point's time: a duplicate is then dropped when read.</summary>
    const int MaxSearched = 512;

    /// <summary>How many points before its turn a series' block is asked for, and as many before that the series: long enough for memory to answer.</summary>
    const int PrefetchAhead = 8;

    readonly byte[] _scratch = new byte[HeadCodec.MaxPointBytes];
    byte[] _searched = new byte[1024];

    public void Apply(IngestBatch batch)
    {
        var seconds = (uint)(batch.ReceivedMs / 1000);
        var points = batch.Points;
        for (var i = 0; i < points.Length; i++)
        {
            if (i + 2 * PrefetchAhead < points.Length)
            {
                Soon.Needed(ref Series[points[i + 2 * PrefetchAhead].Series]);
                Arena.Prefetch(Series[points[i + PrefetchAhead].Series].Head);
            }
            Append(points[i], seconds);
        }
        Count(batch);
    }

    void Count(IngestBatch batch)
    {
        Points += batch.Accepted;
        UntimedPoints += batch.Untimed;
        for (var i = 0; i < Refused.Length; i++) Refused[i] += batch.Refused[i];
        for (var i = 0; i < batch.Metrics.Count; i++)
        {
            var run = batch.Metrics[i];
            var metric = run.Subject.Descriptor;
            metric.Points += (i + 1 < batch.Metrics.Count ? batch.Metrics[i + 1].From : batch.Count) - run.From;
            metric.Bytes += run.Bytes;
            run.Subject.LastReceivedMs = batch.ReceivedMs;
        }
        for (var i = 0; i < batch.Resources.Count; i++)
        {
            var run = batch.Resources[i];
            if (i + PrefetchAhead < batch.Resources.Count) Soon.Needed(ref batch.Resources[i + PrefetchAhead].Subject.Resource.Points);
            var end = i + 1 < batch.Resources.Count ? batch.Resources[i + 1].From : batch.Count;
            Count(run.Subject, end - run.From, run.Bytes, batch, run.From, end);
        }
    }

    void Count(ResourceEntry entry, int points, int bytes, IngestBatch batch, int from, int end)
    {
        var resource = entry.Resource;
        var host = resource.Host;
        resource.Points += points;
        resource.Bytes += bytes;
        resource.LastReceivedUnixMs = batch.ReceivedMs;
        host.Points += points;
        host.Bytes += bytes;
        host.LastReceivedUnixMs = batch.ReceivedMs;
        for (var i = from; i < end; i++)
            if (batch.Points[i].Time > host.LastPointUnixMs) host.LastPointUnixMs = batch.Points[i].Time;
        ResourceTable.Describe(entry);
        if (entry.Host.IsChanged) return;
        entry.Host.IsChanged = true;
        _changed.Add(entry.Host);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Append(in StagedPoint point, uint seconds)
    {
        var (series, time, value) = point;
        ref var s = ref Series[series];
        s.ReceivedSeconds = seconds;
        if (!s.IsActive) Activate(ref s);
        if (time <= s.LastMs || (s.Head.Points == 0 && time <= Resources[s.Resource].Host.SealedThroughMs))
        {
            AppendLate(ref s, series, time, value);
            return;
        }
        if (s.Head.Used <= HeadArena.Room - HeadCodec.MaxPointBytes && s.Head.Points is > 0 and < ushort.MaxValue)
        {
            s.Head.Used += (byte)HeadCodec.Append(Arena.Rest(s.Head), s.Head.Points, s.LastMs, s.PreviousMs, s.LastValue, time, value);
        }
        else if (!TryAppendAtEnd(ref s, time, value))
        {
            AppendLate(ref s, series, time, value);
            return;
        }
        s.Head.Points++;
        Advance(ref s, time, value);
    }

    static void Advance(ref Series s, long time, double value)
    {
        s.PreviousMs = s.LastMs;
        s.PreviousValue = s.LastValue;
        s.LastMs = time;
        s.LastValue = value;
    }

    /// <summary>Writes where a block begins or ends. False when the head has as many points as it may.</summary>
    bool TryAppendAtEnd(ref Series s, long time, double value)
    {
        if (s.Head.Points == ushort.MaxValue) return false;
        var length = HeadCodec.Append(_scratch, s.Head.Points, s.LastMs, s.PreviousMs, s.LastValue, time, value);
        Arena.Append(ref s.Head, _scratch.AsSpan(0, length));
        return true;
    }

    /// <summary>A point that is not newer than all others: kept aside, ordered when read. Of two points of one time the first stands.</summary>
    void AppendLate(ref Series s, int series, long time, double value)
    {
        if (time == s.LastMs || HasTime(s.Head, time) || HasTime(Series.Links(series).Sealing, time) || !Late.TryAdd(series, time, value))
        {
            DuplicatePoints++;
            return;
        }
        if (time > s.LastMs) Advance(ref s, time, value);
        else LatePoints++;
    }

    bool HasTime(in Chunk chunk, long time)
    {
        if (chunk.Points is 0 or > MaxSearched) return false;
        var times = new long[chunk.Points];
        HeadCodec.Read(_searched.AsSpan(0, Arena.Read(chunk, ref _searched)), chunk.Points, times, new double[chunk.Points]);
        return Array.BinarySearch(times, time) >= 0;
    }
}
