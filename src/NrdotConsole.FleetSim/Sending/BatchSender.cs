using System.Buffers;
using System.Threading.Channels;

namespace NrdotConsole.FleetSim.Sending;

/// <summary>
/// Carries requests to the receiver over a few lanes. A host always takes the same lane, and a lane sends one request
/// at a time, so a host's points arrive in order. A full lane drops the newest, as a collector's queue does.
/// </summary>
public sealed class BatchSender : IAsyncDisposable
{
    readonly record struct Item(byte[] Rented, int Length, int Points);

    readonly Channel<Item>[] _lanes;
    readonly Task[] _workers;
    readonly TimeProvider _time;
    readonly CancellationTokenSource _stop = new();
    readonly int _lanePlaces;
    int _waiting;

    /// <param name="lanePlaces">Requests that may wait in one lane.</param>
    public BatchSender(Func<IExporter> open, int lanes, int lanePlaces, TimeProvider time)
    {
        (_time, _lanePlaces) = (time, lanePlaces);
        _lanes = [.. Enumerable.Range(0, lanes).Select(_ => Channel.CreateBounded<Item>(new BoundedChannelOptions(lanePlaces) { SingleReader = true }))];
        _workers = [.. _lanes.Select((lane, i) => Task.Run(() => WorkAsync(lane.Reader, open(), (ulong)i)))];
    }

    public SendCounters Counters { get; } = new();

    /// <summary>Copies the request; the caller may reuse its memory.</summary>
    /// <returns>False where the lane was full and the points were dropped.</returns>
    public bool TryEnqueue(int host, ReadOnlyMemory<byte> request, int points)
    {
        var rented = ArrayPool<byte>.Shared.Rent(request.Length);
        request.Span.CopyTo(rented);
        Counters.Queued(points);
        if (_lanes[host % _lanes.Length].Writer.TryWrite(new(rented, request.Length, points)))
        {
            Interlocked.Increment(ref _waiting);
            return true;
        }
        ArrayPool<byte>.Shared.Return(rented);
        Counters.Queued(-points);
        Counters.Overflowed(points);
        return false;
    }

    /// <summary>Waits until at most half the places are taken: what fills in history goes at the receiver's pace.</summary>
    public async Task RoomAsync(CancellationToken cancel)
    {
        while (Volatile.Read(ref _waiting) * 2 > _lanes.Length * _lanePlaces)
            await Task.Delay(TimeSpan.FromMilliseconds(5), _time, cancel);
    }

    /// <summary>Takes no more and sends what waits, for as long as <paramref name="patience"/>; the rest counts as dropped.</summary>
    public async Task DrainAsync(TimeSpan patience)
    {
        foreach (var lane in _lanes) lane.Writer.TryComplete();
        var all = Task.WhenAll(_workers);
        if (await Task.WhenAny(all, Task.Delay(patience, _time, CancellationToken.None)) != all) await _stop.CancelAsync();
        await all;
    }

    public async ValueTask DisposeAsync()
    {
        await DrainAsync(TimeSpan.Zero);
        _stop.Dispose();
    }

    async Task WorkAsync(ChannelReader<Item> lane, IExporter exporter, ulong salt)
    {
        using var _ = exporter;
        await foreach (var item in lane.ReadAllAsync())
        {
            var result = await SendAsync(exporter, item, salt);
            Counters.Finished(item.Points, item.Length, result);
            ArrayPool<byte>.Shared.Return(item.Rented);
            Interlocked.Decrement(ref _waiting);
        }
    }

    async Task<ExportResult> SendAsync(IExporter exporter, Item item, ulong salt)
    {
        var request = item.Rented.AsMemory(0, item.Length);
        var started = _time.GetTimestamp();
        var result = new ExportResult(ExportOutcome.Retry);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                _stop.Token.ThrowIfCancellationRequested();
                result = await exporter.ExportAsync(request, _stop.Token);
                if (result.Outcome != ExportOutcome.Retry) return result;
                Counters.Retried(result);
                if (RetryPolicy.Next(attempt, _time.GetElapsedTime(started), result.RetryAfter, salt) is not { } wait) return result;
                await Task.Delay(wait, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return result with { Outcome = ExportOutcome.Retry };
        }
    }
}
