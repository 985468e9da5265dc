using System.Data.Common;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Lever;
using NrdotConsole.App.Platform.Live;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>
/// Steps the engine when a Change moved, an agent of a running rollout answered, the lever was used, or time is up; at most ten times a second. A
/// fault leaves everything where the journal has it, and is tried again.
/// </summary>
internal sealed class RolloutLoop(
    RolloutEngine engine, Newcomers newcomers, RolloutStore store, PoisonList poison, RolloutFleet fleet, ChangeStore changes, ChangeLife life, SafetyLever lever,
    SignalBoard board, TimeProvider time, ILogger<RolloutLoop> log) : BackgroundService
{
    static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(100), s_tick = TimeSpan.FromSeconds(1), s_warnEvery = TimeSpan.FromMinutes(1);

    readonly Wakeup _news = new();
    DateTimeOffset _warnedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        life.Moved += OnMoved;
        fleet.AgentChanged += OnAgent;
        lever.State.Changed += OnLever;
        try
        {
            await ResumeAsync(stoppingToken);
            while (true)
            {
                var due = await StepAsync(stoppingToken);
                await Task.Delay(s_breath, time, stoppingToken);
                var left = due is { } at && at - time.GetUtcNow() is var until && until < s_tick ? until : s_tick;
                if (left > TimeSpan.Zero) await _news.WaitAsync(left, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The console stops; the journal has everything.
        }
        finally
        {
            life.Moved -= OnMoved;
            fleet.AgentChanged -= OnAgent;
            lever.State.Changed -= OnLever;
        }
    }

    /// <summary>Shows the last rollout, so that pages and /metrics have its times after a start too.</summary>
    public async Task ResumeAsync(CancellationToken ct = default)
    {
        await poison.LoadAsync(ct);
        if ((await store.PageAsync(new(0, 1), ct)).Items is not [var newest] || await store.FindAsync(newest, ct) is not { } last) return;
        var gates = (await store.GatesAsync(newest, lastOnly: true, ct)).ToDictionary(g => g.Wave);
        var title = (await changes.FindAsync(newest, ct))?.Title ?? "";
        board.Rollout.Publish(RolloutSummary.Of(newest, title, time.GetUtcNow(), last.Plan, last.State, null, wave => gates.GetValueOrDefault(wave)));
    }

    async Task<DateTimeOffset?> StepAsync(CancellationToken ct)
    {
        try
        {
            await newcomers.GreetAsync(ct);
            return await engine.StepAsync(ct);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            if (time.GetUtcNow() - _warnedAt >= s_warnEvery)
            {
                _warnedAt = time.GetUtcNow();
                log.LogError(fault, "A rollout's step failed; agents stay as they are, and it is tried again every second. {Hint}", fault is DbException
                    ? "See whether the disk of console.db (Console:DataDirectory) is full or read-only." : "Roll the change back if this goes on.");
            }
            return null;
        }
    }

    void OnMoved(Change change) => _news.Wake();

    void OnLever(LeverState state) => _news.Wake();

    void OnAgent(Agent agent)
    {
        if (engine.Current is { State.IsFinished: false } || agent is { IsSteered: true, AssignedHash: null }) _news.Wake();
    }
}
