using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Tests.Rollouts;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Tests.Changes;

/// <summary>Starts while another Change moves: it waits, and what was approved is what rolls.</summary>
public sealed class ChangeQueueTests : IDisposable
{
    readonly RolloutWorld _world = new(12);

    public void Dispose() => _world.Dispose();

    async Task<Change> ApprovedAsync(string title, Func<string, string> edit, bool emergency = false)
    {
        var text = _world.Repository.File(_world.Repository.Head, "profiles.yaml")!.Text;
        var draft = await _world.Life.CreateAsync(new("ann", ActorKind.User), new(ChangeKind.Profile, title, "why")
        {
            Edits = new Dictionary<string, string?> { ["profiles.yaml"] = edit(text) }, Emergency = emergency,
            Rollout = RolloutOptions.Default with { Soak = TimeSpan.FromSeconds(2), Gates = false },
        });
        RolloutWorld.Done(await _world.Life.ValidateAsync(RolloutWorld.Done(draft).Id, RolloutWorld.By()));
        return RolloutWorld.Done(await _world.Life.ApproveAsync(draft.Change!.Id, RolloutWorld.By()));
    }

    /// <summary>A host's own profile: what everybody else has does not alter it.</summary>
    Task<Change> PinAsync(string host, bool emergency = false) => ApprovedAsync($"Pin {host}", text => text.Replace("pins: {}", $"pins: {{{host}: aggressive}}", StringComparison.Ordinal), emergency);

    async Task<Change> FinishAsync(Change change)
    {
        var ended = await _world.FinishAsync(change.Id);
        await _world.Life.StartNextAsync();
        return ended;
    }

    async Task<Change> StartAsync(Change change) => RolloutWorld.Done(await _world.Life.StartAsync(change.Id, RolloutWorld.By()));

    [Fact]
    public async Task A_start_waits_for_the_change_that_moves_and_begins_by_itself_once_it_has_ended()
    {
        await _world.SettleAsync();
        var second = await PinAsync("h0003");
        var first = await _world.StartAsync(options: RolloutOptions.Default with { Soak = TimeSpan.FromSeconds(2), Gates = false });
        var queued = await StartAsync(second);
        Assert.True(queued is { State: ChangeState.Approved, QueuedAt: not null, QueuedBy: "ann" });
        Assert.Contains($"Waits for change {first.Id}", (await _world.Changes.EventsAsync(second.Id))[^1].Text);
        Assert.Equal(queued.Version, (await StartAsync(second)).Version);
        await _world.Life.StartNextAsync();
        Assert.Equal(ChangeState.Approved, (await _world.ChangeAsync(second.Id)).State);

        _world.Open();
        Assert.Equal(ChangeState.Applied, (await FinishAsync(first)).State);
        Assert.True(await _world.ChangeAsync(second.Id) is { State: ChangeState.Rolling, QueuedAt: null });
        Assert.Equal(ChangeState.Applied, (await FinishAsync(second)).State);
        var main = _world.States.Current.Profiles;
        Assert.Equal(("conservative", "aggressive"), (main.Default, main.Pins["h0003"]));
    }

    [Fact]
    public async Task One_that_main_has_overtaken_goes_back_to_draft_with_the_conflict()
    {
        await _world.SettleAsync();
        var rival = await ApprovedAsync("Everybody on aggressive", text => text.Replace("default: balanced", "default: aggressive", StringComparison.Ordinal));
        var first = await _world.StartAsync(options: RolloutOptions.Default with { Soak = TimeSpan.FromSeconds(2), Gates = false });
        await StartAsync(rival);
        await FinishAsync(first);
        Assert.True(await _world.ChangeAsync(rival.Id) is { State: ChangeState.Draft, QueuedAt: null, ValidApprovals.Count: 0 });
        Assert.Contains("do not fit together", (await _world.Changes.EventsAsync(rival.Id))[^1].Text);
    }

    [Fact]
    public async Task One_whose_hosts_would_run_something_else_than_was_approved_is_merged_and_waits_for_a_new_approval()
    {
        await _world.SettleAsync();
        // Both alter what every host of the default profile runs.
        var second = await ApprovedAsync("Bigger ones", text => text.Replace("memory_mb: 100\n", "memory_mb: 90\n", StringComparison.Ordinal));
        var first = await ApprovedAsync("Busier ones", text => text.Replace("cpu_percent: 10\n", "cpu_percent: 11\n", StringComparison.Ordinal));
        Assert.True(second.Blast!.Hosts > 0 && first.Blast!.Hosts > 0);
        await StartAsync(first);
        await StartAsync(second);
        await FinishAsync(first);
        var returned = await _world.ChangeAsync(second.Id);
        Assert.True(returned is { State: ChangeState.Validated, QueuedAt: null, ValidApprovals.Count: 0 }, returned.ToString());
        Assert.Equal(_world.Repository.Head, returned.Content.BaseCommit);
        RolloutWorld.Done(await _world.Life.ApproveAsync(second.Id, RolloutWorld.By()));
        Assert.Equal(ChangeState.Rolling, (await StartAsync(second)).State);
        Assert.Equal(ChangeState.Applied, (await FinishAsync(second)).State);
        var text = _world.Repository.File(_world.Repository.Head, "profiles.yaml")!.Text;
        Assert.Contains("memory_mb: 90", text);
        Assert.Contains("cpu_percent: 11", text);
    }

    [Fact]
    public async Task Emergencies_go_first_and_one_that_is_taken_out_stays_approved()
    {
        await _world.SettleAsync();
        var (one, two, three) = (await PinAsync("h0001"), await PinAsync("h0002"), await PinAsync("h0003", emergency: true));
        var first = await _world.StartAsync(options: RolloutOptions.Default with { Soak = TimeSpan.FromSeconds(2), Gates = false });
        foreach (var change in new[] { one, two, three }) await StartAsync(change);
        Assert.Equal([three.Id, one.Id, two.Id], (await _world.Changes.QueueAsync()).Select(c => c.Id));
        Assert.True(RolloutWorld.Done(await _world.Life.UnqueueAsync(one.Id, RolloutWorld.By())) is { State: ChangeState.Approved, QueuedAt: null });
        await _world.FinishAsync(first.Id);
        await _world.Lever.PullAsync(Actor.System, "wait");
        await _world.Life.StartNextAsync();
        Assert.Equal(ChangeState.Approved, (await _world.ChangeAsync(three.Id)).State);
        await _world.Lever.ReleaseAsync(Actor.System, "go on");
        await _world.Life.StartNextAsync();
        Assert.Equal(ChangeState.Rolling, (await _world.ChangeAsync(three.Id)).State);
        Assert.Equal([two.Id], (await _world.Changes.QueueAsync()).Select(c => c.Id));
    }

    [Fact]
    public async Task The_queue_has_an_end()
    {
        await _world.SettleAsync();
        var changes = new List<Change>();
        for (var i = 0; i <= ChangeLife.MostQueued; i++) changes.Add(await PinAsync($"x{i}"));
        await _world.StartAsync(options: RolloutOptions.Default with { Gates = false });
        foreach (var change in changes.SkipLast(1)) await StartAsync(change);
        Assert.Equal("The queue is full.", (await _world.Life.StartAsync(changes[^1].Id, RolloutWorld.By())).Refusal!.Title);
    }
}
