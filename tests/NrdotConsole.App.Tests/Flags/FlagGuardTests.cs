using Microsoft.Extensions.Logging.Abstractions;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Flags;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Flags;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Tests.Flags;

/// <summary>Guardrails on a real database and a real repository, in simulated time.</summary>
public sealed class FlagGuardTests : IAsyncLifetime
{
    const string Key = "risky";
    const string Yaml =
        """
        # by hand
        features:
          risky:
            enabled: true  # since Monday
            rollout: { strategy: all }
            guardrails:
              - { signal: coverage.score, min: 0.95 }

        """;

    static readonly Actor s_ann = new("ann", ActorKind.User);

    readonly ChangeWorld _world = new();
    readonly SignalBoard _board;
    LiveFlags _live = null!;
    FlagGuard _guard = null!;
    FlagStore _store = null!;

    ChangeBoard? _changes;

    public FlagGuardTests() => _board = new(_world.Time);

    public async ValueTask InitializeAsync()
    {
        await _world.WithAsync("ann", "bob");
        Commit(Yaml);
        await _world.Rings.SeeAsync(_world.States.Current.Rings, [new HostIdentity("prod", "i-1", "web-1", "linux")]);
        await RestartAsync();
    }

    public ValueTask DisposeAsync()
    {
        _guard.Dispose();
        _changes?.Dispose();
        _world.Dispose();
        return ValueTask.CompletedTask;
    }

    void Commit(string yaml) => Assert.NotNull(_world.Repository.Commit("main", _world.Repository.Head, new Dictionary<string, string?> { [FlagEdit.File] = yaml }, new("ann", "ann@console"), "Flags"));

    async Task RestartAsync()
    {
        _guard?.Dispose();
        _world.Open();
        await _world.Lever.LoadAsync();
        _changes?.Dispose();
        _changes = new(_world.Store, _world.Life, _world.Time, NullLogger<ChangeBoard>.Instance);
        _live = new(_world.States, _world.Rings, new(_board, _changes, _world.States));
        _store = new(_world.Database);
        var changes = new TripChanges(_world.Repository, _store, _world.Life, _world.Store, _world.Lever, _world.Time, NullLogger<TripChanges>.Instance);
        _guard = new(_live, _store, new(_world.Time), _world.Rings, _world.States, changes, _world.Lever, _board, _world.Audit, _world.Time, NullLogger<FlagGuard>.Instance);
        await _guard.LoadAsync();
    }

    void Measure(double? coverage)
    {
        var now = _world.Time.GetUtcNow();
        var row = new HostRow("prod", "i-1", "web-1", HostHealth.Healthy, "", "", "", "linux", now, 100, 10, 0.01m, coverage, 0, null);
        _board.Fleet(SignalScope.Fleet).Publish(new(SignalScope.Fleet, now, 1, new Dictionary<HostHealth, int> { [HostHealth.Healthy] = 1 }, [row]));
    }

    async Task LookAsync(double? coverage, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _world.Time.Advance(FlagGuard.LookEvery);
            Measure(coverage);
            await _guard.LookAsync();
        }
    }

    bool IsOn => _live.Evaluate(Key, new HostIdentity("prod", "i-1", "web-1", "linux"), 0)!.Value;

    async Task<IReadOnlyList<Change>> ChangesAsync() => (await _world.Store.PageAsync(new(Kind: ChangeKind.Flag), new(0, 100))).Items;

    [Fact]
    public async Task Three_breaches_in_a_row_turn_the_flag_off_here_and_in_the_repository()
    {
        await LookAsync(0.5, 2);
        Assert.True(IsOn);
        await LookAsync(0.5);
        Assert.False(IsOn);

        var change = Assert.Single(await ChangesAsync());
        Assert.Equal((ChangeState.Applied, ApprovalRule.Guardrail, true, "flag guardrail"), (change.State, change.Origin, change.Emergency, change.Author));
        Assert.Equal(Yaml.Replace("enabled: true", "enabled: false"), _world.Repository.File(_world.Repository.Head, FlagEdit.File)!.Text);
        var entries = (await _world.Audit.ReadAsync(new(), 0, 50)).Rows;
        var trip = Assert.Single(entries, e => e.Action == "flag.tripped");
        Assert.Equal(("flag guardrail", "coverage.score was 0.5, below 0.95, over 1 host that had it"), (trip.Actor, trip.Reason));
        Assert.Contains((await _world.Store.EventsAsync(change.Id)), e => e.Text == "Approved beforehand by who set the guardrail");

        // The repository agrees: the trip has served.
        await LookAsync(0.5);
        Assert.Empty(_live.Trips);
        Assert.Empty(await _store.TripsAsync());
        Assert.False(IsOn);
    }

    [Fact]
    public async Task A_look_that_holds_or_knows_nothing_begins_the_count_anew()
    {
        await LookAsync(0.5, 2);
        await LookAsync(0.99);
        await LookAsync(0.5, 2);
        await LookAsync(null);
        await LookAsync(0.5, 2);
        Assert.True(IsOn);
        Assert.Empty(await ChangesAsync());
    }

    [Fact]
    public async Task What_is_unknown_trips_nothing()
    {
        await LookAsync(null, 10);
        await LookAsync(double.NaN, 10);
        Assert.True(IsOn);
    }

    [Fact]
    public async Task The_lever_holds_the_hand_and_says_so()
    {
        await _world.Lever.PullAsync(s_ann, "a look first");
        await LookAsync(0.5, 10);
        Assert.True(IsOn);
        Assert.Contains("lever", _live.Held[Key]);
        await _world.Lever.ReleaseAsync(s_ann, "seen");
        await LookAsync(0.5);
        Assert.False(IsOn);
        Assert.Empty(_live.Held);
    }

    [Fact]
    public async Task While_another_change_moves_clients_have_it_off_and_the_change_is_started_later()
    {
        var other = await RollingAsync();
        await LookAsync(0.5, 3);
        Assert.False(IsOn);
        var waiting = Assert.Single(await ChangesAsync());
        Assert.True(ChangeStates.IsOpen(waiting.State));
        Assert.Contains("enabled: true", _world.Repository.File(_world.Repository.Head, FlagEdit.File)!.Text);

        await RestartAsync();
        Assert.False(IsOn);
        Assert.Equal(waiting.Id, _live.Trips[Key].ChangeId);

        ChangeWorld.Done(await _world.Life.ApplyAsync(other, "done"));
        await LookAsync(0.5, 8);
        Assert.Equal(ChangeState.Applied, Assert.Single(await ChangesAsync()).State);
        Assert.False(IsOn);
    }

    [Fact]
    public async Task A_change_that_somebody_edited_needs_approvals_like_any_other()
    {
        var other = await RollingAsync();
        await LookAsync(0.5, 3);
        var change = Assert.Single(await ChangesAsync());
        ChangeWorld.Done(await _world.Life.EditAsync(change.Id, ChangeWorld.By("ann"), new Dictionary<string, string?> { ["others.md"] = "more\n" }));
        ChangeWorld.Done(await _world.Life.ApplyAsync(other, "done"));
        await LookAsync(0.5, 20);
        Assert.Equal(ChangeState.Validated, Assert.Single(await ChangesAsync()).State);
        Assert.Equal(1, _world.Life.ApprovalsNeeded(Assert.Single(await ChangesAsync())));
        Assert.False(IsOn);
    }

    [Fact]
    public async Task A_person_who_refuses_the_change_has_the_flag_back_and_is_left_alone_for_the_dwell()
    {
        await RollingAsync();
        await LookAsync(0.5, 3);
        ChangeWorld.Done(await _world.Life.RejectAsync(Assert.Single(await ChangesAsync()).Id, ChangeWorld.By("ann", "it is a false alarm")));
        await LookAsync(0.5);
        Assert.True(IsOn);
        await LookAsync(0.5, 59);
        Assert.True(IsOn);
        Assert.Contains("left alone", _live.Held[Key]);
        await LookAsync(0.5, 2);
        Assert.False(IsOn);
    }

    [Fact]
    public async Task After_three_times_in_a_day_a_person_decides()
    {
        for (var time = 1; time <= GuardRule.MostTripsADay; time++)
        {
            await LookAsync(0.5, 70);
            Assert.False(IsOn);
            Commit(Yaml);
            await LookAsync(0.99);
            Assert.True(IsOn);
        }
        await LookAsync(0.5, 70);
        Assert.True(IsOn);
        Assert.Contains("3 times", _live.Held[Key]);
        await RestartAsync();
        await LookAsync(0.5, 70);
        Assert.True(IsOn);
        _world.Time.Advance(GuardRule.Day);
        await LookAsync(0.5, 3);
        Assert.False(IsOn);
    }

    /// <summary>A change that moves: it rolls until somebody says that it has.</summary>
    async Task<long> RollingAsync()
    {
        var approved = await _world.ApprovedAsync();
        ChangeWorld.Done(await _world.Store.TakeAsync(ChangeWorld.By("ann"), approved.Id, c => ChangeDecision.Take(ChangeStep.Start, "Started",
            c with { RollingCommit = c.Content.Commit, PreviousCommit = _world.Repository.Head })));
        return approved.Id;
    }
}
