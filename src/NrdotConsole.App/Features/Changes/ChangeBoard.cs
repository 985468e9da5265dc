using NrdotConsole.App.Platform.Live;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Features.Changes;

/// <summary>The newest Changes as every open page sees them; <see cref="At"/> grows with each step of any of them.</summary>
internal sealed record ChangesSummary(DateTimeOffset At, long Step, IReadOnlyList<Change> Changes);

/// <summary>Publishes the newest Changes after every step, read once for all who look.</summary>
internal sealed class ChangeBoard : IDisposable
{
    public const int Shown = 200;

    readonly ChangeStore _store;
    readonly ChangeLife _life;
    readonly TimeProvider _time;
    readonly ILogger<ChangeBoard> _log;
    readonly SemaphoreSlim _reading = new(1, 1);
    long _step;

    public ChangeBoard(ChangeStore store, ChangeLife life, TimeProvider time, ILogger<ChangeBoard> log)
    {
        (_store, _life, _time, _log) = (store, life, time, log);
        _life.Moved += OnMoved;
    }

    public Live<ChangesSummary> Newest { get; } = new();

    public async Task RefreshAsync(CancellationToken ct = default)
    {
        await _reading.WaitAsync(ct);
        try
        {
            var page = await _store.PageAsync(new(), new(0, Shown), ct);
            Newest.Publish(new(_time.GetUtcNow(), Interlocked.Increment(ref _step), page.Items));
        }
        finally
        {
            _reading.Release();
        }
    }

    void OnMoved(Change change) => _ = ReadAsync();

    async Task ReadAsync()
    {
        try
        {
            await RefreshAsync();
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "The list of changes could not be read again; the next step shows it");
        }
    }

    public void Dispose()
    {
        _life.Moved -= OnMoved;
        _reading.Dispose();
    }
}
