using System.Runtime.CompilerServices;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Store;

/// <summary>Points of an accepted request go behind their series' heads.</summary>
internal sealed partial class SeriesIndex
{
    /// <summary>Longer heads are not searched for a late point's time: a duplicate is then dropped when read.</summary>
    const int MaxSearched = 512;

    /// <summary>How many points before its turn a series' block is asked for: long enough for memory to answer.</summary>
    const int PrefetchAhead = 8;

    readonly byte[] _scratch = new byte[HeadCodec.MaxPointBytes];

    public void Apply(IngestBatch batch)
    {
        var seconds = (uint)(batch.ReceivedMs / 1000);
        var points = batch.Points;
        for (var i = 0; i < points.Length; i++)
        {
            if (i + PrefetchAhead < points.Length)
            {
                ref var soon = ref Series[points[i + PrefetchAhead].Series].Head;
                Arena.Prefetch(soon.Block, soon.Bytes);
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
        var used = s.Head.Bytes;
        var room = HeadArena.RoomFor(used);
        int length;
        if (s.Head.Block != 0 && room - used >= HeadCodec.MaxPointBytes)
        {
            length = HeadCodec.Append(Arena[s.Head.Block, room][used..], s.Head.Points, s.LastMs, s.PreviousMs, s.LastValue, time, value);
        }
        else if (!TryAppendAtEnd(ref s, room, time, value, out length))
        {
            AppendLate(ref s, series, time, value);
            return;
        }
        s.Head.Bytes = (ushort)(used + length);
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

    /// <summary>Writes where a block begins, ends, or must grow. False when the head is as large as it may be.</summary>
    bool TryAppendAtEnd(ref Series s, int room, long time, double value, out int length)
    {
        length = HeadCodec.Append(_scratch, s.Head.Points, s.LastMs, s.PreviousMs, s.LastValue, time, value);
        var used = s.Head.Bytes;
        if (s.Head.Block == 0) s.Head.Block = Arena.Allocate(length);
        else if (used + length > room && !TryGrow(ref s.Head, length)) return false;
        _scratch.AsSpan(0, length).CopyTo(Arena[s.Head.Block, used + length][used..]);
        return true;
    }

    bool TryGrow(ref Chunk head, int length)
    {
        if (head.Bytes + length > HeadArena.MaxBlockBytes || head.Points == ushort.MaxValue) return false;
        head.Block = Arena.Grow(head.Block, head.Bytes, head.Bytes, head.Bytes + length);
        return true;
    }

    /// <summary>A point that is not newer than all others: kept aside, ordered when read. Of two points of one time the first stands.</summary>
    void AppendLate(ref Series s, int series, long time, double value)
    {
        if (time == s.LastMs || HasTime(s.Head, time) || HasTime(s.Sealing, time) || !Late.TryAdd(series, time, value))
        {
            DuplicatePoints++;
            return;
        }
        if (time > s.LastMs) Advance(ref s, time, value);
        else LatePoints++;
    }

    bool HasTime(Chunk chunk, long time)
    {
        if (chunk.Points is 0 or > MaxSearched) return false;
        var times = new long[chunk.Points];
        HeadCodec.Read(Arena[chunk.Block, chunk.Bytes], chunk.Points, times, new double[chunk.Points]);
        return Array.BinarySearch(times, time) >= 0;
    }
}
