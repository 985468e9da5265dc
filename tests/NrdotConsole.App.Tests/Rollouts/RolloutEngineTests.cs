using NrdotConsole.App.Features.Rollouts;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Rollouts;

namespace NrdotConsole.App.Tests.Rollouts;

public sealed class RolloutEngineTests : IDisposable
{
    readonly RolloutWorld _world = new(40);

    public void Dispose() => _world.Dispose();

    [Fact]
    public async Task A_newcomer_is_given_what_main_says_for_its_host()
    {
        await _world.SettleAsync();
        Assert.All(_world.Agents, a => Assert.NotNull(_world.Directory.Find(a.Uid)!.AssignedHash));
        Assert.True(_world.Agents.Select(a => a.Reported).Distinct().Count() <= 5, "a few configurations serve all hosts");
    }

    [Fact]
    public async Task A_change_that_does_as_the_dry_run_said_is_applied_ring_by_ring_and_its_times_are_kept()
    {
        await _world.SettleAsync();
        var change = await _world.StartAsync();
        Assert.Equal(ChangeState.Rolling, change.State);
        _world.SeriesFactor = 0.5;
        change = await _world.FinishAsync(change.Id);
        Assert.True(change.State == ChangeState.Applied, _world.Engine.Current!.State.Reason);
        Assert.Equal(change.RollingCommit, _world.Repository.Head);
        Assert.All(_world.Agents, a => Assert.Single(a.Taken));
        var rollout = (await _world.Store.FindAsync(change.Id))!;
        Assert.All(rollout.State.Waves, w => Assert.Equal(GateVerdict.Pass, w.Verdict));
        Assert.All(rollout.State.Agents.Values, a => Assert.Equal(AgentState.ConfigApplied, a.State));
        var summary = _world.Board.Rollout.Current!;
        Assert.Equal([4, 3, 2, 1, 0], summary.Waves.Select(w => w.Ring));
        Assert.InRange(summary.Forward!.Value.TotalSeconds, 20, 60);
        Assert.Equal((summary.Forward, null), await _world.Store.LastDurationsAsync());
        var gates = await _world.Store.GatesAsync(change.Id, lastOnly: false);
        Assert.Contains(gates, g => g.Results.Any(r => r is { Measure: GateMeasure.Series, TreatedBefore: 300, TreatedAfter: 150 }));
    }

    [Fact]
    public async Task A_change_that_doubles_the_series_is_taken_back_by_itself_and_its_configuration_poisoned()
    {
        await _world.SettleAsync();
        _world.SeriesFactor = 2;
        var change = await _world.FinishAsync((await _world.StartAsync()).Id);
        Assert.Equal(ChangeState.RolledBack, change.State);
        Assert.Equal(change.PreviousCommit, _world.Repository.Head);
        Assert.All(_world.Agents, a => Assert.Contains(a.Taken.Count, new[] { 0, 2 }));
        var rollout = (await _world.Store.FindAsync(change.Id))!;
        Assert.False(rollout.State.HasBegun(1));
        Assert.All(rollout.State.Agents.Values.Where(a => a.IsTouched), a => Assert.Equal(a.Target.PreviousHash, _world.Directory.Find(a.Target.Uid)!.AssignedHash));

        var poisoned = Assert.Single((await _world.Poison.PageAsync(new(0, 10))).Items);
        Assert.Contains("Series", poisoned.Reason, StringComparison.Ordinal);
        var again = await _world.FinishAsync((await _world.StartAsync()).Id);
        Assert.Equal(ChangeState.RolledBack, again.State);
        Assert.Null(await _world.Store.FindAsync(again.Id));
        Assert.Contains((await _world.Changes.EventsAsync(again.Id)), e => e.Text.StartsWith("Not begun: the configuration", StringComparison.Ordinal));

        Assert.Equal("reason", (await _world.Poison.ReleaseAsync(Actor.System, poisoned.Hash, " "))!.Field);
        Assert.Null(await _world.Poison.ReleaseAsync(Actor.System, poisoned.Hash, "the backend counted twice"));
        _world.SeriesFactor = 0.5;
        Assert.Equal(ChangeState.Applied, (await _world.FinishAsync((await _world.StartAsync()).Id)).State);
    }

    [Fact]
    public async Task Agents_that_cannot_run_it_end_it_in_its_first_ring()
    {
        await _world.SettleAsync();
        var old = _world.Agents.Select(a => a.Reported).ToHashSet();
        _world.Fails = (_, hash) => !old.Contains(hash);
        var change = await _world.FinishAsync((await _world.StartAsync()).Id);
        Assert.Equal(ChangeState.RolledBack, change.State);
        Assert.InRange(_world.Agents.Count(a => a.Taken.Count > 0), 1, 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Collectors_that_end_once_after_they_took_it_hold_their_ring_until_a_second_end_would_have_shown(bool endAgain)
    {
        using var world = new RolloutWorld(40, new() { ReconnectGrace = TimeSpan.FromMilliseconds(1), LongestExtension = TimeSpan.FromMinutes(5) });
        await world.SettleAsync();
        world.SeriesFactor = 0.5;
        var change = await world.StartAsync(options: RolloutOptions.Default with { Soak = TimeSpan.FromSeconds(40) });
        var (taken, began) = (world.Time.GetUtcNow(), world.Time.GetUtcNow().AddHours(-1));
        world.Began = agent => agent.Taken.Count > 0 && world.Time.GetUtcNow() - taken >= TimeSpan.FromSeconds(38) && Ring(agent) == 4 ? taken.AddSeconds(38) : began;
        await world.RunAsync(100, () => false);
        Assert.False(world.Engine.Current!.State.HasBegun(1));
        Assert.DoesNotContain(world.Engine.Current.State.Agents.Values, a => a.HasFailed);

        if (endAgain)
        {
            foreach (var agent in world.Agents.Where(a => a.Taken.Count > 0)) agent.Status = Protocol.OpAmp.RemoteConfigStatuses.Failed;
            Assert.Equal(ChangeState.RolledBack, (await world.FinishAsync(change.Id)).State);
            return;
        }
        await world.RunAsync(100, () => world.Engine.Current!.State.HasBegun(1));
        Assert.True(world.Engine.Current!.State.HasBegun(1));
        Assert.Equal(ChangeState.Applied, (await world.FinishAsync(change.Id, 400)).State);

        int? Ring(RolloutWorld.SimAgent agent) => world.Rings.RingOf(RolloutWorld.Tenant, agent.HostKey);
    }

    [Fact]
    public async Task The_lever_holds_it_and_a_person_may_still_take_it_back()
    {
        await _world.SettleAsync();
        _world.SeriesFactor = 0.5;
        var change = await _world.StartAsync();
        for (var i = 0; i < 10; i++) await _world.TickAsync();
        await _world.Lever.PullAsync(Actor.System, "something smells");
        var touched = _world.Agents.Count(a => a.Taken.Count > 0);
        for (var i = 0; i < 30; i++) await _world.TickAsync();
        Assert.Equal(touched, _world.Agents.Count(a => a.Taken.Count > 0));
        Assert.Contains("lever", _world.Board.Rollout.Current!.Waiting, StringComparison.Ordinal);
        await _world.Life.AbortAsync(change.Id, RolloutWorld.By("enough"));
        Assert.Equal(ChangeState.RolledBack, (await _world.FinishAsync(change.Id)).State);
        Assert.Empty((await _world.Poison.PageAsync(new(0, 10))).Items);
    }

    [Fact]
    public async Task Harm_is_taken_back_by_itself_also_while_the_lever_is_pulled()
    {
        await _world.SettleAsync();
        var change = await _world.StartAsync();
        _world.SeriesFactor = 2;
        await _world.RunAsync(10, () => _world.Board.Rollout.Current?.Waves[0].SoakingSince is not null);
        await _world.Lever.PullAsync(Actor.System, "something smells");
        Assert.Equal(ChangeState.RolledBack, (await _world.FinishAsync(change.Id)).State);
        Assert.All(_world.Agents, a => Assert.Equal(a.Old, a.Reported));
    }

    [Fact]
    public async Task A_pause_holds_and_a_resumption_lets_go_both_with_a_reason_in_the_audit_log()
    {
        await _world.SettleAsync();
        _world.SeriesFactor = 0.5;
        var change = await _world.StartAsync();
        for (var i = 0; i < 3; i++) await _world.TickAsync();
        Assert.Equal("reason", (await _world.Engine.CommandAsync(change.Id, RolloutCommandKind.Pause, Actor.System, ""))!.Field);
        Assert.Null(await _world.Engine.CommandAsync(change.Id, RolloutCommandKind.Pause, Actor.System, "lunch"));
        var touched = _world.Agents.Count(a => a.Taken.Count > 0);
        for (var i = 0; i < 60; i++) await _world.TickAsync();
        Assert.Equal(touched, _world.Agents.Count(a => a.Taken.Count > 0));
        Assert.Null(await _world.Engine.CommandAsync(change.Id, RolloutCommandKind.Resume, Actor.System, "lunch is over"));
        Assert.Equal(ChangeState.Applied, (await _world.FinishAsync(change.Id)).State);
        Assert.Equal(2, (await _world.Audit.ReadAsync(new(Action: "rollout."), 0, 10)).Total);
    }

    [Fact]
    public async Task An_applied_change_goes_back_to_what_each_agent_had()
    {
        await _world.SettleAsync();
        var before = _world.Agents.ToDictionary(a => a.Uid, a => a.Reported);
        _world.SeriesFactor = 0.5;
        var change = await _world.FinishAsync((await _world.StartAsync()).Id);
        RolloutWorld.Done(await _world.Life.RollbackAsync(change.Id, RolloutWorld.By("it costs more than it saves")));
        change = await _world.FinishAsync(change.Id);
        Assert.Equal(ChangeState.RolledBack, change.State);
        Assert.All(_world.Agents, a => Assert.Equal(before[a.Uid], a.Reported));
        Assert.True(_world.Board.Rollout.Current!.Back < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_restart_in_the_middle_goes_on_where_it_was()
    {
        await _world.SettleAsync();
        _world.SeriesFactor = 0.5;
        var change = await _world.StartAsync();
        for (var i = 0; i < 12; i++) await _world.TickAsync();
        var wave = _world.Engine.Current!.State.Wave;
        Assert.InRange(wave, 1, 3);
        _world.Time.Advance(TimeSpan.FromMinutes(30));
        _world.Open();
        await _world.TickAsync();
        // Everybody is there: it may go on at once, from where it was.
        Assert.InRange(_world.Engine.Current!.State.Wave, wave, wave + 1);
        Assert.Equal(ChangeState.Applied, (await _world.FinishAsync(change.Id)).State);
        Assert.All(_world.Agents, a => Assert.Single(a.Taken));
    }
}
