using System.Threading.Channels;

namespace NrdotConsole.App.Platform.Live;

/// <summary>Wakes one loop. Many wakes before it looks are one, none is lost, and waking never waits.</summary>
internal sealed class Wakeup
{
    readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => _wakes.Writer.TryWrite(true);

    public async Task WaitAsync(CancellationToken ct) => await _wakes.Reader.ReadAsync(ct);

    /// <summary>Wakes by itself after <paramref name="longest"/>.</summary>
    public async Task WaitAsync(TimeSpan longest, TimeProvider time, CancellationToken ct)
    {
        using var timer = time.CreateTimer(_ => Wake(), null, longest, Timeout.InfiniteTimeSpan);
        await WaitAsync(ct);
    }
}
