using NrdotConsole.App.Platform.Lever;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Profiles;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>
/// Drives the Change that moves: reads the facts, lets <see cref="RolloutMachine"/> decide, writes the new state, then does what it asks for. A
/// crash anywhere is made good by the next step, as actions follow from the state and doing one twice is doing it once. One step at a time.
/// </summary>
internal sealed class RolloutEngine(
    RolloutStore store, PoisonList poison, ChangeStore changes, ChangeLife life, SafetyLever lever, DesiredStates states, RolloutFleet fleet, GateKeeper gates,
    SignalBoard board, AuditLog audit, RolloutSettings settings, TimeProvider time) : IDisposable
{
    /// <summary>Steps in a row without waiting: an answer to one may be the fact of the next.</summary>
    const int MostSteps = 20;

    /// <summary>Whom a Change concerns is found anew this often, and whenever an agent has come or gone.</summary>
    static readonly TimeSpan s_targetsEvery = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _stepping = new(1, 1);
    readonly DateTimeOffset _since = time.GetUtcNow();
    readonly Dictionary<int, GateJudgement> _gates = [];
    readonly Dictionary<string, CollectorConfig> _configs = new(StringComparer.Ordinal);
    Rollout? _current;
    TargetPlanner? _planner;
    GateJudge? _judge;
    RolloutTargets? _targets;
    (DateTimeOffset At, long Version) _targetsOf;
    GateAnswer? _answer;

    /// <summary>The rollout that moves, or the last that did; null before the first since the start.</summary>
    public Rollout? Current => Volatile.Read(ref _current);


    /// <summary>One step of the Change that moves, if any. Answers when the next is due at the latest; null: not before something happens.</summary>
    public Task<DateTimeOffset?> StepAsync(CancellationToken ct = default) => InTurnAsync(async () =>
    {
        var moving = await changes.PageAsync(new([ChangeState.Rolling, ChangeState.RollingBack]), new(0, 1), ct);
        return moving.Items is [var change] ? await DriveAsync(change, null, ct) : null;
    }, ct);

    /// <summary>Holds a rollout where it is, or lets it go on. A fault where it cannot be; null where it was so already.</summary>
    public Task<Fault?> CommandAsync(long id, RolloutCommandKind kind, Actor actor, string? reason, CancellationToken ct = default) => InTurnAsync<Fault?>(async () =>
    {
        reason = reason?.Trim() ?? "";
        if (reason.Length is 0 or > PoisonList.MaxReasonLength) return new("reason", "", $"why, in 1 to {PoisonList.MaxReasonLength} characters");
        if (await changes.FindAsync(id, ct) is not { State: ChangeState.Rolling } change) return new("id", $"{id}", "a change that is rolling; one that goes back, or has ended, is not held");
        await DriveAsync(change, null, ct);
        var wasPaused = _current?.State.PausedBecause is not null;
        if (_current?.Id != id || wasPaused == (kind == RolloutCommandKind.Pause)) return null;
        await DriveAsync(change, new(kind, $"{actor.Name}: {reason}"), ct);
        await audit.AppendAsync(new(actor, kind == RolloutCommandKind.Pause ? "rollout.pause" : "rollout.resume", $"change:{id}", new { Paused = wasPaused }, new { Paused = !wasPaused }, reason), ct);
        await life.NoteAsync(id, $"{(kind == RolloutCommandKind.Pause ? "Paused" : "Resumed")} by {actor.Name}: {reason}", null, ct);
        return null;
    }, ct);

    async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken ct)
    {
        await _stepping.WaitAsync(ct);
        try
        {
            return await act();
        }
        finally
        {
            _stepping.Release();
        }
    }

    async Task<DateTimeOffset?> DriveAsync(Change change, RolloutCommand? command, CancellationToken ct)
    {
        if (await OpenAsync(change, ct) is not { } rollout) return null;
        gates.Watch();
        for (var i = 0; i < MostSteps; i++)
        {
            var ordered = await OrderedBackAsync(change, rollout, ct);
            var (step, hold) = Decide(change, ordered is not null && rollout.State.Phase == RolloutPhase.Applied ? Retarget(rollout) : rollout, ordered ?? command);
            var next = rollout with { State = step.State, Expected = _targets!.Expected.Count == 0 ? rollout.Expected : Merged(rollout, step.State) };
            var isNew = !ReferenceEquals(step.State, rollout.State) && step.State != rollout.State;
            if (isNew) await SaveAsync(rollout, next, ct);
            (rollout, command) = (next, null);
            Volatile.Write(ref _current, rollout);
            var judged = await ActAsync(rollout, step.Actions, ct);
            await TellAsync(change, rollout, ct);
            Publish(change, rollout, hold);
            if (await changes.FindAsync(change.Id, ct) is not { } now || !ChangeStates.IsMoving(now.State)) return null;
            var hasMoved = now.State != change.State;
            change = now;
            if (judged || hasMoved || step.Actions.Count > 0) continue;
            return step.WakeAt;
        }
        return time.GetUtcNow();
    }

    /// <summary>The rollout of a Change from the journal, or a new one. Null where there is nothing to drive.</summary>
    async Task<Rollout?> OpenAsync(Change change, CancellationToken ct)
    {
        if (_current?.Id == change.Id && _planner is not null) return _current;
        (_targets, _answer) = (null, null);
        _gates.Clear();
        _configs.Clear();
        var (before, after) = (states.At(change.PreviousCommit!), states.At(change.RollingCommit!));
        _planner = fleet.Planner(before, after);
        var rollout = await store.FindAsync(change.Id, ct);
        foreach (var gate in await store.GatesAsync(change.Id, lastOnly: true, ct)) _gates[gate.Wave] = gate;
        if (rollout is null)
        {
            if (change.State == ChangeState.RollingBack)
            {
                await life.FinishRollbackAsync(change.Id, "Rolled back: no agent had been touched", null, ct);
                return null;
            }
            rollout = await BeginAsync(change, before.Rings, fleet.Moves(before, after), ct);
            if (rollout is null) return null;
        }
        _judge = new(settings.Gates(change.Content.Rollout), rollout.Plan.Waves.Count, rollout.Plan.Pace.Looks);
        Volatile.Write(ref _current, rollout);
        return rollout;
    }

    async Task<Rollout?> BeginAsync(Change change, Core.Rings.RingPlan rings, IReadOnlyList<Core.Rings.RingMove> moves, CancellationToken ct)
    {
        var plan = RolloutPlan.Of(rings, settings.Pace(change.Content.Rollout));
        var targets = fleet.Targets(_planner!, change.Content.Targets, moves);
        if (targets.Targets.Select(t => t.TargetHash).Distinct().Select(h => (Hash: h, Why: poison.WhyNot(h))).FirstOrDefault(p => p.Why is not null) is { Why: { } why } poisoned)
        {
            await life.FailAsync(change.Id, $"Not begun: the configuration {poisoned.Hash[..12]} failed before ({why}). Release it on the poison list with a reason, or change it.", new { poisoned.Hash }, ct);
            return null;
        }
        var rollout = new Rollout(change.Id, plan, RolloutState.Start(plan, targets.Targets, time.GetUtcNow()), moves, targets.Expected);
        await store.AddAsync(rollout, targets.Configs.Values, ct);
        return rollout;
    }

    (RolloutStep Step, (RolloutHold Hold, string? Why) Hold) Decide(Change change, Rollout rollout, RolloutCommand? command)
    {
        var now = time.GetUtcNow();
        if (_targets is null || now - _targetsOf.At >= s_targetsEvery || _targetsOf.Version != fleet.Count)
        {
            _targets = fleet.Targets(_planner!, change.Content.Targets, rollout.Moves);
            _targetsOf = (now, fleet.Count);
            foreach (var (hash, config) in _targets.Configs) _configs.TryAdd(hash, config);
        }
        var hold = HoldOf(change, rollout.State, now);
        var targets = _targets.Targets.Where(t => rollout.State.Agents.ContainsKey(t.Uid) || poison.WhyNot(t.TargetHash) is null).ToList();
        var facts = new RolloutFacts(now, targets, fleet.Facts(rollout.State, targets)) { Since = _since, Hold = hold.Hold, Gate = _answer, Command = command };
        var step = RolloutMachine.Step(rollout.Plan, rollout.State, facts);
        _answer = null;
        return (step, hold);
    }

    (RolloutHold Hold, string? Why) HoldOf(Change change, RolloutState state, DateTimeOffset now)
    {
        if (lever.IsPulled) return (RolloutHold.Forward, $"the safety lever is pulled: {lever.State.Current!.Reason}");
        if (!change.Emergency && states.Rules.FreezeAt(now) is { } freeze) return (RolloutHold.Forward, $"the freeze window '{freeze.Name}' holds");
        if (state.StartedAt < _since && now - _since < settings.ReconnectGrace && state.Agents.Keys.Any(uid => fleet.Find(uid) is not { Connected: true })) return (RolloutHold.Forward, "the console has just started: agents are coming back");
        return (RolloutHold.None, null);
    }

    /// <summary>The Change goes back, and the rollout does not know it yet.</summary>
    async Task<RolloutCommand?> OrderedBackAsync(Change change, Rollout rollout, CancellationToken ct)
    {
        if (change.State != ChangeState.RollingBack || rollout.State.Phase is RolloutPhase.RollingBack or RolloutPhase.RolledBack) return null;
        var told = (await changes.EventsAsync(change.Id, ct)).LastOrDefault(e => e is { To: ChangeState.RollingBack, From: not ChangeState.RollingBack });
        return new(RolloutCommandKind.RollBack, told is null ? "ordered" : $"{told.Text} by {told.Actor}{(told.Reason is { Length: > 0 } reason ? $": {reason}" : "")}");
    }

    /// <summary>An applied rollout goes back to what each agent had; one that a later change has given something else since, to what main says by now.</summary>
    Rollout Retarget(Rollout rollout)
    {
        var planner = fleet.Planner(states.Current, states.Current);
        var agents = rollout.State.Agents.ToBuilder();
        foreach (var (uid, progress) in rollout.State.Agents)
        {
            if (!progress.IsTouched || fleet.Find(uid) is not { } agent || agent.AssignedHash == progress.Target.TargetHash || fleet.RingOf(agent) is not { } ring) continue;
            var config = planner.Before(RolloutFleet.HostOf(agent), ring, fleet.ComponentsOf(agent));
            _configs[config.Hash] = config;
            agents[uid] = progress with { Target = progress.Target with { PreviousHash = config.Hash } };
        }
        return rollout with { State = rollout.State with { Agents = agents.ToImmutable() } };
    }

    Dictionary<string, Expectation> Merged(Rollout rollout, RolloutState state)
    {
        var merged = new Dictionary<string, Expectation>(rollout.Expected);
        foreach (var uid in state.Agents.Keys)
            if (!merged.ContainsKey(uid) && _targets!.Expected.TryGetValue(uid, out var expected)) merged[uid] = expected;
        return merged;
    }

    async Task SaveAsync(Rollout before, Rollout after, CancellationToken ct)
    {
        var joined = after.State.Agents.Values.Where(a => before.State.Agents.GetValueOrDefault(a.Target.Uid)?.Target != a.Target).SelectMany(a => new[] { a.Target.TargetHash, a.Target.PreviousHash });
        var failure = after.State is { Phase: RolloutPhase.RollingBack or RolloutPhase.RolledBack, WasOrderedBack: false } && before.State.Phase is RolloutPhase.Assigning or RolloutPhase.Soaking ? after.State.Reason : null;
        await store.SaveAsync(before, after, joined.Distinct().Select(h => _configs.GetValueOrDefault(h)).OfType<CollectorConfig>(), failure, ct);
    }

    /// <summary>True where a gate was judged: the machine wants to know at once.</summary>
    async Task<bool> ActAsync(Rollout rollout, IReadOnlyList<RolloutAction> actions, CancellationToken ct)
    {
        foreach (var action in actions)
        {
            if (action is RolloutAction.Assign assign) await AssignAsync(rollout, assign, ct);
            else if (action is RolloutAction.Judge judge) await JudgeAsync(rollout, judge, ct);
        }
        return _answer is not null;
    }

    async Task AssignAsync(Rollout rollout, RolloutAction.Assign assign, CancellationToken ct)
    {
        // What hosts measured before: written before the first of them is touched.
        if (rollout.State.Phase == RolloutPhase.Assigning && await store.BaselineAsync(rollout.Id, rollout.State.Wave, ct) is null)
            await store.SetBaselineAsync(rollout.Id, rollout.State.Wave, time.GetUtcNow(), gates.Baseline(rollout.Plan, rollout.State, rollout.State.Wave), ct);
        var config = _configs.GetValueOrDefault(assign.Hash) ?? await store.ConfigAsync(rollout.Id, assign.Hash, ct)
            ?? throw new InvalidOperationException($"Rollout {rollout.Id} has no configuration {assign.Hash}.");
        _configs[assign.Hash] = config;
        await fleet.AssignAsync(assign.Uids, config, rollout.Id, ct);
    }

    async Task JudgeAsync(Rollout rollout, RolloutAction.Judge judge, CancellationToken ct)
    {
        var (now, baseline) = (time.GetUtcNow(), await store.BaselineAsync(rollout.Id, judge.Wave, ct) ?? []);
        var judgement = _judge!.Judge(judge.Wave, judge.Look, now, gates.Evidence(rollout, judge.Wave, baseline, now, countsSilence: now - _since >= settings.ReconnectGrace));
        await store.AddGateAsync(rollout.Id, judgement, ct);
        _gates[judge.Wave] = judgement;
        _answer = new(judge.Wave, judge.Look, judgement.Verdict, judgement.Reason);
    }

    /// <summary>Tells the Change what came of it. It stands where the machine stands: what was told before is told again without effect.</summary>
    async Task TellAsync(Change change, Rollout rollout, CancellationToken ct)
    {
        var state = rollout.State;
        switch (state.Phase, change.State)
        {
            case (RolloutPhase.RollingBack or RolloutPhase.RolledBack, ChangeState.Rolling):
                await life.FailAsync(change.Id, $"Rolled back by itself: {state.Reason}", new { Wave = rollout.Plan.Waves[state.Wave].Ring, state.Reason, Gate = _gates.GetValueOrDefault(state.Wave) }, ct);
                break;
            case (RolloutPhase.Applied, ChangeState.Rolling):
                await fleet.MoveAsync(change.Id, rollout.Moves, ct);
                await life.ApplyAsync(change.Id, $"Applied to {state.Agents.Values.Count(a => a.State == AgentState.ConfigApplied)} agents in {(state.AppliedAt - state.StartedAt)!.Value.TotalSeconds:0.#} s", null, ct);
                break;
            case (RolloutPhase.RolledBack, ChangeState.RollingBack):
                await fleet.ReturnAsync(change.Id, ct);
                await life.FinishRollbackAsync(
                    change.Id, $"Rolled back {state.Agents.Values.Count(a => a.State == AgentState.RolledBack)} agents in {(state.RolledBackAt - state.RollbackStartedAt)!.Value.TotalSeconds:0.#} s", null, ct);
                break;
            default: return;
        }
    }

    void Publish(Change change, Rollout rollout, (RolloutHold Hold, string? Why) hold) => board.Rollout.Publish(
        RolloutSummary.Of(rollout.Id, change.Title, time.GetUtcNow(), rollout.Plan, rollout.State, rollout.State.IsFinished ? null : hold.Why, wave => _gates.GetValueOrDefault(wave)));

    public void Dispose() => _stepping.Dispose();
}
