using NrdotConsole.App.Platform.Rings;
using Microsoft.Extensions.Logging.Abstractions;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Rings;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.App.Tests.Rollouts;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Core.Rings;

namespace NrdotConsole.App.Tests.Rings;

/// <summary>Hosts move when a Change of the plan is applied, and back when it is rolled back: on a real repository and a real database.</summary>
public sealed class RingFollowerTests
{
    static readonly RingEdit s_wider = new() { Shares = new Dictionary<int, decimal> { [0] = 0.30m, [4] = 0.15m } };

    static HostIdentity[] Hosts(int count) => [.. Enumerable.Range(0, count).Select(i => new HostIdentity(i % 2 == 0 ? "prod" : "dev", $"i-{i:x}", $"host-{i}"))];

    static async Task<ChangeWorld> WorldAsync(int hosts = 100)
    {
        var world = await new ChangeWorld().WithAsync("ann", "bob");
        await world.Rings.SeeAsync(world.States.Current.Rings, Hosts(hosts));
        return world;
    }

    static RingFollower Follower(ChangeWorld world, RingAssignments? rings = null) =>
        new(rings ?? world.Rings, new(world.Database), world.Store, world.Life, world.Repository, world.States, world.Time, NullLogger<RingFollower>.Instance);

    static Task<ChangeResult> OpenAsync(ChangeWorld world, RingEdit edit) =>
        new RingChanges(world.Repository, world.States, world.Life).OpenAsync(new("ann", ActorKind.User), edit, "more hosts go first", RolloutOptions.Default);

    static async Task<Change> AppliedAsync(ChangeWorld world, RingEdit edit)
    {
        var change = ChangeWorld.Done(await OpenAsync(world, edit));
        Assert.Equal(ChangeState.Validated, change.State);
        await world.Life.ApproveAsync(change.Id, ChangeWorld.By("bob"));
        change = ChangeWorld.Done(await world.Life.StartAsync(change.Id, ChangeWorld.By("bob")));
        Assert.Equal(ChangeState.Applied, change.State);
        return change;
    }

    static Dictionary<(string, string), int> Rings(RingAssignments rings) => rings.Members.ToDictionary(m => m.Key, m => m.Value.Ring);

    [Fact]
    public async Task Those_move_whom_the_preview_named_once_it_is_applied_and_not_before()
    {
        using var world = await WorldAsync();
        var before = Rings(world.Rings);
        var previewed = world.Rings.Preview(s_wider.On(world.States.Current.Rings).Plan).ToDictionary(m => (m.Host.Tenant, m.Host.Key), m => m.To);
        Assert.Equal(10, previewed.Count);
        var change = ChangeWorld.Done(await OpenAsync(world, s_wider));
        Assert.Equal((ChangeKind.Ring, "Rings: control 40 → 30 %, experimental 5 → 15 %"), (change.Kind, change.Title));
        using var follower = Follower(world);
        await follower.FollowAsync();
        Assert.Equal(before, Rings(world.Rings));

        await world.Life.ApproveAsync(change.Id, ChangeWorld.By("bob"));
        ChangeWorld.Done(await world.Life.StartAsync(change.Id, ChangeWorld.By("bob")));
        await follower.FollowAsync();
        Assert.Equal(before.ToDictionary(b => b.Key, b => previewed.GetValueOrDefault(b.Key, b.Value)), Rings(world.Rings));
    }

    [Fact]
    public async Task A_console_that_died_before_it_moved_them_does_it_after_its_start_and_once()
    {
        using var world = await WorldAsync();
        await AppliedAsync(world, s_wider);
        world.Open();
        using var rings = new RingAssignments(new(world.Database), world.Time);
        await rings.LoadAsync();
        using (var follower = Follower(world, rings)) await follower.FollowAsync();
        Assert.Equal(15, rings.Members.Values.Count(m => m.Ring == 4));

        // Hosts that come and go leave shares inexact; another start does not make them so again.
        await rings.SeeAsync(world.States.Current.Rings, Hosts(160));
        var settled = Rings(rings);
        using (var again = Follower(world, rings)) await again.FollowAsync();
        Assert.Equal(settled, Rings(rings));
    }

    [Fact]
    public async Task A_rollback_takes_each_back_to_where_it_came_from()
    {
        using var world = await WorldAsync();
        var before = Rings(world.Rings);
        var change = await AppliedAsync(world, s_wider);
        using var follower = Follower(world);
        await follower.FollowAsync();
        Assert.NotEqual(before, Rings(world.Rings));
        ChangeWorld.Done(await world.Life.RollbackAsync(change.Id, ChangeWorld.By("bob", "worse")));
        await follower.FollowAsync();
        Assert.NotEqual(before, Rings(world.Rings));
        ChangeWorld.Done(await world.Life.FinishRollbackAsync(change.Id, "Rolled back"));
        await follower.FollowAsync();
        await follower.FollowAsync();
        Assert.Equal(before, Rings(world.Rings));
    }

    [Fact]
    public async Task A_host_that_a_later_change_has_moved_on_stays_where_that_put_it()
    {
        using var world = await WorldAsync();
        var first = await AppliedAsync(world, s_wider);
        using var follower = Follower(world);
        await follower.FollowAsync();
        var moved = (await new RingStore(world.Database).MigrationAsync(first.Id))!.Moves[0].Host;
        await AppliedAsync(world, new() { Pins = new Dictionary<string, int> { [moved.Key] = 2 } });
        await follower.FollowAsync();
        Assert.Equal(2, world.Rings.RingOf(moved.Tenant, moved.Key));
        ChangeWorld.Done(await world.Life.RollbackAsync(first.Id, ChangeWorld.By("bob", "worse")));
        ChangeWorld.Done(await world.Life.FinishRollbackAsync(first.Id, "Rolled back"));
        await follower.FollowAsync();
        Assert.Equal(2, world.Rings.RingOf(moved.Tenant, moved.Key));
    }

    [Fact]
    public async Task A_change_of_something_else_moves_nobody_however_inexact_shares_have_become()
    {
        using var world = await WorldAsync(30);
        for (var i = 40; i <= 100; i += 10) await world.Rings.SeeAsync(world.States.Current.Rings, Hosts(i));
        await world.Rings.MoveAsync([.. world.Rings.Members.Values.Where(m => m.Ring == 3).Take(9).Select(m => new RingMove(m.Host, 3, 4))]);
        Assert.NotEmpty(world.Rings.Preview(world.States.Current.Rings));
        var before = Rings(world.Rings);
        var text = world.Repository.Tree(world.Repository.Head).Files["rings.yaml"].Replace("# rings.yaml", "# the rings", StringComparison.Ordinal);
        var change = await world.DraftAsync("ann", "rings.yaml", text);
        var validated = ChangeWorld.Done(await world.Life.ValidateAsync(change.Id, ChangeWorld.By("ann")));
        await world.Life.ApproveAsync(validated.Id, ChangeWorld.By("bob"));
        Assert.Equal(ChangeState.Applied, ChangeWorld.Done(await world.Life.StartAsync(validated.Id, ChangeWorld.By("bob"))).State);
        using var follower = Follower(world);
        await follower.FollowAsync();
        Assert.Equal(before, Rings(world.Rings));
    }

    [Fact]
    public async Task An_edit_without_a_reason_or_without_a_difference_is_told_so()
    {
        using var world = await WorldAsync(1);
        var changes = new RingChanges(world.Repository, world.States, world.Life);
        var ann = new Actor("ann", ActorKind.User);
        Assert.Equal("reason", Assert.Single(ChangeWorld.Refused(await changes.OpenAsync(ann, s_wider, " ", RolloutOptions.Default)).Faults).Field);
        Assert.Equal("shares", Assert.Single(ChangeWorld.Refused(await changes.OpenAsync(ann, new() { Order = [4, 3, 2, 1, 0] }, "why", RolloutOptions.Default)).Faults).Field);
    }

    [Fact]
    public async Task A_rollout_moves_hosts_with_the_configuration_of_their_new_ring_and_takes_both_back()
    {
        using var world = await new RolloutWorld(40).SettleAsync();
        var before = Rings(world.Rings);
        var text = world.Repository.Tree(world.Repository.Head).Files["rings.yaml"]
            .Replace("share: 0.40", "share: 0.20", StringComparison.Ordinal).Replace("share: 0.05", "share: 0.25\n    profile: conservative", StringComparison.Ordinal);
        var id = RolloutWorld.Done(await world.Life.CreateAsync(new("ann", ActorKind.User), new(ChangeKind.Ring, "A wider first ring", "why")
        {
            Edits = new Dictionary<string, string?> { ["rings.yaml"] = text }, Rollout = RolloutOptions.Default with { Soak = TimeSpan.FromSeconds(4), Gates = false },
        })).Id;
        RolloutWorld.Done(await world.Life.ValidateAsync(id, RolloutWorld.By()));
        RolloutWorld.Done(await world.Life.ApproveAsync(id, RolloutWorld.By()));
        Assert.Equal(ChangeState.Rolling, RolloutWorld.Done(await world.Life.StartAsync(id, RolloutWorld.By())).State);
        Assert.Equal(before, Rings(world.Rings));
        Assert.Equal(ChangeState.Applied, (await world.FinishAsync(id)).State);
        Assert.Equal(10, world.Rings.Members.Values.Count(m => m.Ring == 4));

        using var follower = new RingFollower(world.Rings, new(world.Database), world.Changes, world.Life, world.Repository, world.States, world.Time, NullLogger<RingFollower>.Instance);
        var moved = Rings(world.Rings);
        await follower.FollowAsync();
        Assert.Equal(moved, Rings(world.Rings));
        RolloutWorld.Done(await world.Life.RollbackAsync(id, RolloutWorld.By("worse")));
        Assert.Equal(ChangeState.RolledBack, (await world.FinishAsync(id)).State);
        await follower.FollowAsync();
        Assert.Equal(before, Rings(world.Rings));
    }
}
