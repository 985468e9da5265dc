using Dapper;
using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Changes;
using NrdotConsole.Core.Desired;
using NrdotConsole.Protocol.OpAmp;
using static NrdotConsole.App.Tests.Changes.ChangeWorld;

namespace NrdotConsole.App.Tests.Changes;

/// <summary>The console killed between Git and the row, or within a transaction: what is found afterwards, and what the same command then does.</summary>
public sealed class ChangeCrashTests
{
    /// <summary>A fleet of ring 4, and a Change of its profile that rolls.</summary>
    static async Task<(ChangeWorld World, Change Change)> RollingAsync()
    {
        var world = await new ChangeWorld().WithAsync("ann", "bob");
        HostIdentity[] hosts = [.. Enumerable.Range(0, 20).Select(i => new HostIdentity("prod", $"h-{i}", $"host-{i}"))];
        await world.Rings.SeeAsync(world.States.Current.Rings, hosts);
        foreach (var host in hosts)
        {
            var uid = Guid.NewGuid();
            world.Agents.Add(new(uid, new Agent($"{uid}", host.Tenant, host.Key, host.Name) { Capabilities = AgentCapabilities.AcceptsRemoteConfig }));
        }
        var change = Done(await world.Life.SwitchProfileAsync(new("ann", ActorKind.User), new("conservative", new([4], [], [])), new(ChangeKind.Profile, "Ring 4 to conservative", "")));
        Done(await world.Life.ValidateAsync(change.Id, By("ann")));
        Done(await world.Life.ApproveAsync(change.Id, By("bob")));
        change = Done(await world.Life.StartAsync(change.Id, By("ann")));
        Assert.Equal(ChangeState.Rolling, change.State);
        Assert.True(change.Blast!.Hosts > 0);
        return (world, change);
    }

    static string? ProfileOfRing4(ChangeWorld world) => world.States.Current.Rings.Find(4)!.Profile;

    [Fact]
    public async Task Killed_after_the_branch_and_before_the_row_there_is_no_change_and_the_branch_goes()
    {
        using var world = await new ChangeWorld().WithAsync("ann");
        var kept = await world.DraftAsync();
        var lost = await world.Store.ReserveAsync();
        world.Repository.Commit(ChangeLife.BranchOf(lost), world.Repository.Head, new Dictionary<string, string?> { ["x.md"] = "x" }, CommitAuthor.Console, "lost");
        world.Open();
        await new ChangeKeeper(world.Life, world.Store, world.Repository, world.Time, Microsoft.Extensions.Logging.Abstractions.NullLogger<ChangeKeeper>.Instance).SweepAsync();
        Assert.Equal([ChangeLife.BranchOf(kept.Id)], world.Repository.Branches("changes/").Keys);
        Assert.Equal(lost + 1, (await world.DraftAsync(file: "y.md")).Id);
    }

    [Fact]
    public async Task Killed_between_an_edit_and_its_row_the_content_is_what_it_was()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var approved = await world.ApprovedAsync();
        world.Repository.Commit(ChangeLife.BranchOf(approved.Id), approved.Content.Commit, new Dictionary<string, string?> { ["notes.md"] = "never seen\n" }, CommitAuthor.Console, "half");
        world.Open();
        await world.Lever.LoadAsync();
        var now = (await world.Store.FindAsync(approved.Id))!;
        Assert.Equal((ChangeState.Approved, approved.Hash, 1), (now.State, now.Hash, now.ValidApprovals.Count));
        Done(await world.Life.StartAsync(approved.Id, By("ann")));
        Assert.Equal("hello\n", world.Repository.File("main", "notes.md")!.Text);
    }

    [Fact]
    public async Task Killed_between_the_merge_and_its_row_it_still_rolls_and_applying_again_ends_it()
    {
        var (world, change) = await RollingAsync();
        using var _ = world;
        world.Repository.Merge(change.RollingCommit!, CommitAuthor.Console, "merged, then killed");
        var head = world.Repository.Head;
        world.Open();
        Assert.Equal(ChangeState.Rolling, (await world.Store.FindAsync(change.Id))!.State);
        Assert.Equal(ChangeState.Applied, Done(await world.Life.ApplyAsync(change.Id, "all rings passed")).State);
        Assert.Equal((head, "conservative"), (world.Repository.Head, ProfileOfRing4(world)));
    }

    [Fact]
    public async Task Killed_between_the_merge_and_its_row_and_then_aborted_main_is_without_it()
    {
        var (world, change) = await RollingAsync();
        using var _ = world;
        world.Repository.Merge(change.RollingCommit!, CommitAuthor.Console, "merged, then killed");
        world.Open();
        Assert.Equal(ChangeState.RollingBack, Done(await world.Life.AbortAsync(change.Id, By("ann", "stop"))).State);
        Assert.Null(ProfileOfRing4(world));
    }

    [Fact]
    public async Task Killed_between_the_revert_and_its_row_the_rollback_reverts_once()
    {
        var (world, change) = await RollingAsync();
        using var _ = world;
        Done(await world.Life.ApplyAsync(change.Id, "all rings passed"));
        var (edits, _) = world.Repository.Undo(change.RollingCommit!, change.PreviousCommit!, world.Repository.Head);
        world.Repository.Commit(ConfigRepository.Main, world.Repository.Head, edits, CommitAuthor.Console, "reverted, then killed");
        var head = world.Repository.Head;
        world.Open();
        Assert.Equal(ChangeState.Applied, (await world.Store.FindAsync(change.Id))!.State);
        Assert.Equal(ChangeState.RollingBack, Done(await world.Life.RollbackAsync(change.Id, By("ann", "again"))).State);
        Assert.Equal((head, null), (world.Repository.Head, ProfileOfRing4(world)));
    }

    [Fact]
    public async Task A_write_that_fails_within_a_command_leaves_no_part_of_it()
    {
        var (world, change) = await RollingAsync();
        using var _ = world;
        var before = (Events: (await world.Store.EventsAsync(change.Id)).Count, Audit: (await world.Audit.ReadAsync(new(), 0, 1)).Total);
        await using (var connection = await world.Database.OpenAsync())
            await connection.ExecuteAsync("CREATE TRIGGER disk_full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => world.Life.AbortAsync(change.Id, By("ann", "stop")));
        var now = (await world.Store.FindAsync(change.Id))!;
        Assert.Equal((ChangeState.Rolling, change.Version), (now.State, now.Version));
        Assert.Equal(before, ((await world.Store.EventsAsync(change.Id)).Count, (await world.Audit.ReadAsync(new(), 0, 1)).Total));
    }

    [Fact]
    public async Task A_second_change_waits_until_the_first_has_ended()
    {
        var (world, first) = await RollingAsync();
        using var _ = world;
        var second = await world.ApprovedAsync();
        Assert.Equal(ChangeState.Approved, Done(await world.Life.StartAsync(second.Id, By("ann"))).State);
        Done(await world.Life.FailAsync(first.Id, "Gate of ring 4 failed: coverage fell", new { Coverage = 0.7 }));
        await world.Life.StartNextAsync();
        Assert.Equal(ChangeState.Approved, (await world.Store.FindAsync(second.Id))!.State);
        Done(await world.Life.FinishRollbackAsync(first.Id, "All agents are back"));
        await world.Life.StartNextAsync();
        Assert.Equal(ChangeState.Applied, (await world.Store.FindAsync(second.Id))!.State);
    }

    [Fact]
    public async Task The_dry_run_names_the_hosts_of_the_ring_and_the_lines_that_change()
    {
        var (world, change) = await RollingAsync();
        using var _ = world;
        var dryRun = ChangeRow.Read<DryRun>(await world.Store.DryRunAsync(change.Id))!;
        var shift = Assert.Single(dryRun.Shifts);
        Assert.Equal(("balanced", "conservative"), (shift.FromProfile, shift.ToProfile));
        Assert.Equal(world.Rings.Members.Values.Count(m => m.Ring == 4), shift.Hosts);
        Assert.Contains(shift.Diff, l => l.Mark == DiffMark.Added);
        Assert.Equal([4], change.Blast!.Rings);
        Assert.Equal(0, change.Blast.NotSteerable);
    }

    [Fact]
    public async Task A_profile_moves_nobody_to_another_ring_where_shares_have_drifted()
    {
        using var world = await new ChangeWorld().WithAsync("ann");
        var plan = world.States.Current.Rings;
        // The first hosts fill all rings; then only those of ring 0 stay seen, and the shares are no longer exact.
        await world.Rings.SeeAsync(plan, [.. Enumerable.Range(0, 40).Select(i => new HostIdentity("prod", $"h-{i}", $"host-{i}"))]);
        var kept = world.Rings.Members.Values.Where(m => m.Ring == 0).Select(m => m.Host).ToList();
        world.Time.Advance(TimeSpan.FromDays(29));
        await world.Rings.SeeAsync(plan, kept);
        world.Time.Advance(TimeSpan.FromDays(2));
        await world.Rings.SeeAsync(plan, kept);
        Assert.NotEmpty(world.Rings.Preview(plan));
        var change = Done(await world.Life.SwitchProfileAsync(new("ann", ActorKind.User), new("conservative", new([0], [], [])), new(ChangeKind.Profile, "Ring 0", "")));
        var blast = Done(await world.Life.ValidateAsync(change.Id, By("ann"))).Blast!;
        Assert.Equal(kept.Count, blast.Hosts);
        Assert.Equal([0], blast.Rings);
        Assert.Equal(0, ChangeRow.Read<DryRun>(await world.Store.DryRunAsync(change.Id))!.RingMoves);
    }

    [Fact]
    public async Task A_change_that_reaches_beyond_its_targets_does_not_validate()
    {
        var (world, change) = await RollingAsync();
        using var _ = world;
        Done(await world.Life.AbortAsync(change.Id, By("ann", "stop")));
        var text = world.Repository.File("main", "multi-tenant-config.yaml")!.Text.Replace("profile: \"balanced\"", "profile: \"conservative\"", StringComparison.Ordinal);
        var wide = Done(await world.Life.CreateAsync(new("ann", ActorKind.User), new(ChangeKind.Config, "Wide", "")
        {
            Edits = new Dictionary<string, string?> { ["multi-tenant-config.yaml"] = text }, Targets = new([4], [], []),
        }));
        Assert.Contains("outside the targets", Refused(await world.Life.ValidateAsync(wide.Id, By("ann"))).Detail);
    }
}
