using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.Core.Changes;
using static NrdotConsole.App.Tests.Changes.ChangeWorld;

namespace NrdotConsole.App.Tests.Changes;

public sealed class ChangeLifeTests
{
    [Fact]
    public async Task From_a_draft_to_main_each_step_is_an_event_and_an_audit_entry()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var before = world.Repository.Head;
        var change = await world.ApprovedAsync();
        Assert.Equal(before, world.Repository.Head);
        change = Done(await world.Life.StartAsync(change.Id, By("ann")));
        Assert.Equal(ChangeState.Applied, change.State); // no host: nothing rolls
        Assert.Equal("hello\n", world.Repository.File("main", "notes.md")!.Text);
        Assert.Equal(["Drafted", "Validated: it alters no host's configuration", "Approved", "Started", "Applied: it alters no agent's configuration"],
            (await world.Store.EventsAsync(change.Id)).Select(e => e.Text));
        var (rows, _) = await world.Audit.ReadAsync(new(Action: "change."), 0, 100);
        Assert.Equal(["change.apply", "change.start", "change.approve", "change.validate", "change.create"], rows.Select(r => r.Action));
        Assert.Equal(["console", "ann", "bob", "ann", "ann"], rows.Select(r => r.Actor));
    }

    [Fact]
    public async Task Nobody_approves_their_own_change_nor_by_their_token_nor_one_they_edited()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var change = await world.ValidatedAsync();
        Assert.Equal(RefusalKind.Forbidden, Refused(await world.Life.ApproveAsync(change.Id, By("ann"))).Kind);
        Assert.Equal(RefusalKind.Forbidden, Refused(await world.Life.ApproveAsync(change.Id, new(new("ann/deploy", ActorKind.Token)))).Kind);
        Assert.Equal(RefusalKind.Forbidden, Refused(await world.Life.ApproveAsync(change.Id, By("mallory"))).Kind);

        Done(await world.Life.EditAsync(change.Id, By("bob"), new Dictionary<string, string?> { ["notes.md"] = "hello, says bob\n" }));
        Done(await world.Life.ValidateAsync(change.Id, By("bob")));
        var refusal = Refused(await world.Life.ApproveAsync(change.Id, By("bob")));
        Assert.Contains("bob wrote it", refusal.Detail);
    }

    [Fact]
    public async Task The_only_approver_approves_their_own_and_the_event_says_so()
    {
        using var world = await new ChangeWorld().WithAsync("ann");
        var change = Done(await world.Life.ApproveAsync((await world.ValidatedAsync()).Id, By("ann")));
        Assert.Equal(ChangeState.Approved, change.State);
        Assert.Contains("self-approved: only one approver exists", (await world.Store.EventsAsync(change.Id))[^1].Text);
        Assert.True(change.Approvals.Single().Self);
    }

    [Fact]
    public async Task An_edit_voids_approvals_even_where_it_comes_back_to_the_same_content()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var approved = await world.ApprovedAsync();
        foreach (var text in new[] { "other\n", "hello\n" })
        {
            var edited = Done(await world.Life.EditAsync(approved.Id, By("ann"), new Dictionary<string, string?> { ["notes.md"] = text }));
            Assert.Equal((ChangeState.Draft, 0), (edited.State, edited.ValidApprovals.Count));
        }
        var same = Done(await world.Life.ValidateAsync(approved.Id, By("ann")));
        Assert.Equal(approved.Hash, same.Hash);
        Assert.Empty(same.ValidApprovals);
        Assert.Equal(RefusalKind.Conflict, Refused(await world.Life.StartAsync(approved.Id, By("ann"))).Kind);
    }

    [Fact]
    public async Task Another_rollout_plan_is_another_content()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var approved = await world.ApprovedAsync();
        var edited = Done(await world.Life.EditAsync(approved.Id, By("ann"), rollout: new() { Soak = TimeSpan.Zero }));
        Assert.NotEqual(approved.Hash, edited.Hash);
        Assert.Equal(approved.Content.Commit, edited.Content.Commit);
        Assert.Equal(ChangeState.Draft, edited.State);
    }

    [Fact]
    public async Task Who_saw_an_older_version_is_told_what_happened_since()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var seen = await world.ValidatedAsync();
        Done(await world.Life.EditAsync(seen.Id, By("ann"), title: "Another title"));
        var refusal = Refused(await world.Life.RejectAsync(seen.Id, By("bob", "no", seen.Version)));
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Contains("Edited by ann", refusal.Detail);
    }

    [Fact]
    public async Task A_command_sent_twice_is_done_once()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var draft = new NewChange(ChangeKind.Config, "Once", "") { Edits = new Dictionary<string, string?> { ["a.md"] = "a" }, RequestKey = "k1" };
        var first = Done(await world.Life.CreateAsync(new("ann", ActorKind.User), draft));
        Assert.Equal(first.Id, Done(await world.Life.CreateAsync(new("ann", ActorKind.User), draft)).Id);
        var commands = new Func<int?, Task<ChangeResult>>[]
        {
            v => world.Life.ValidateAsync(first.Id, By("ann", version: v)), v => world.Life.ApproveAsync(first.Id, By("bob", version: v)),
            v => world.Life.StartAsync(first.Id, By("ann", version: v)), _ => world.Life.ApplyAsync(first.Id, "done"),
            v => world.Life.RollbackAsync(first.Id, By("ann", version: v)), _ => world.Life.FinishRollbackAsync(first.Id, "back"),
        };
        var seen = first.Version;
        foreach (var command in commands)
        {
            var once = Done(await command(seen));
            var events = (await world.Store.EventsAsync(first.Id)).Count;
            var twice = await command(seen); // an answer that was lost: sent again as it was
            if (once.State != ChangeState.Applied || command == commands[3]) Assert.Equal(once.Version, Done(twice).Version);
            Assert.Equal(events, (await world.Store.EventsAsync(first.Id)).Count);
            seen = (await world.Store.FindAsync(first.Id))!.Version;
        }
        Assert.Equal(ChangeState.RolledBack, (await world.Store.FindAsync(first.Id))!.State);
    }

    [Fact]
    public async Task An_applied_change_is_taken_back_and_what_came_later_stays()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var first = Done(await world.Life.StartAsync((await world.ApprovedAsync()).Id, By("ann")));
        var second = await world.DraftAsync(file: "later.md", text: "later\n");
        Done(await world.Life.ValidateAsync(second.Id, By("ann")));
        Done(await world.Life.ApproveAsync(second.Id, By("bob")));
        Done(await world.Life.StartAsync(second.Id, By("ann")));
        Assert.Equal(ChangeState.RollingBack, Done(await world.Life.RollbackAsync(first.Id, By("ann", "it was wrong"))).State);
        Assert.Null(world.Repository.File("main", "notes.md"));
        Assert.Equal("later\n", world.Repository.File("main", "later.md")!.Text);
    }

    [Fact]
    public async Task A_change_that_later_ones_stand_on_is_not_taken_back()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var first = Done(await world.Life.StartAsync((await world.ApprovedAsync()).Id, By("ann")));
        var second = await world.DraftAsync(text: "rewritten\n");
        Done(await world.Life.ValidateAsync(second.Id, By("ann")));
        Done(await world.Life.ApproveAsync(second.Id, By("bob")));
        Done(await world.Life.StartAsync(second.Id, By("ann")));
        Assert.Contains("notes.md", Refused(await world.Life.RollbackAsync(first.Id, By("ann"))).Detail);
        Assert.Equal(ChangeState.Applied, (await world.Store.FindAsync(first.Id))!.State);
        Assert.Equal("rewritten\n", world.Repository.File("main", "notes.md")!.Text);
    }

    [Fact]
    public async Task Two_edits_of_one_line_are_told_before_the_second_starts()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var (a, b) = (await world.DraftAsync(text: "a\n"), await world.DraftAsync(text: "b\n"));
        foreach (var change in new[] { a, b }) Done(await world.Life.ValidateAsync(change.Id, By("ann")));
        foreach (var change in new[] { a, b }) Done(await world.Life.ApproveAsync(change.Id, By("bob")));
        Done(await world.Life.StartAsync(a.Id, By("ann")));
        var refusal = Refused(await world.Life.StartAsync(b.Id, By("ann")));
        Assert.Equal(RefusalKind.Conflict, refusal.Kind);
        Assert.Equal(ChangeState.Approved, (await world.Store.FindAsync(b.Id))!.State);
        Assert.Equal("a\n", world.Repository.File("main", "notes.md")!.Text);
    }

    [Fact]
    public async Task A_change_beside_which_main_moved_rolls_with_both()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var (a, b) = (await world.DraftAsync(), await world.DraftAsync(file: "b.md", text: "b\n"));
        foreach (var change in new[] { a, b }) Done(await world.Life.ValidateAsync(change.Id, By("ann")));
        foreach (var change in new[] { a, b }) Done(await world.Life.ApproveAsync(change.Id, By("bob")));
        Done(await world.Life.StartAsync(a.Id, By("ann")));
        var second = Done(await world.Life.StartAsync(b.Id, By("ann")));
        Assert.Equal("hello\n", world.Repository.File(second.RollingCommit!, "notes.md")!.Text);
        Assert.Equal("b\n", world.Repository.File("main", "b.md")!.Text);
        Assert.Equal("hello\n", world.Repository.File("main", "notes.md")!.Text);
    }

    [Fact]
    public async Task Nothing_starts_while_the_lever_is_pulled_and_its_state_outlives_a_restart()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var change = await world.ApprovedAsync();
        Assert.Null(await world.Lever.PullAsync(new("bob", ActorKind.User), "smoke"));
        world.Open();
        await world.Lever.LoadAsync();
        Assert.Contains("smoke", Refused(await world.Life.StartAsync(change.Id, By("ann"))).Detail);
        Assert.Equal("reason", (await world.Lever.ReleaseAsync(new("bob", ActorKind.User), " "))!.Field);
        Assert.True(world.Lever.IsPulled);
        Assert.Null(await world.Lever.ReleaseAsync(new("bob", ActorKind.User), "it was steam"));
        Done(await world.Life.StartAsync(change.Id, By("ann")));
        var (rows, _) = await world.Audit.ReadAsync(new(Action: "lever."), 0, 10);
        Assert.Equal([("lever.release", "it was steam"), ("lever.pull", "smoke")], rows.Select(r => (r.Action, r.Reason!)));
    }

    [Fact]
    public async Task A_draft_that_nobody_touches_expires_and_a_new_one_does_not()
    {
        using var world = await new ChangeWorld().WithAsync("ann", "bob");
        var old = await world.DraftAsync();
        world.Time.Advance(TimeSpan.FromDays(6));
        var young = await world.DraftAsync(text: "young\n");
        world.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await world.Life.ExpireAsync());
        Assert.Equal((ChangeState.Expired, ChangeState.Draft), ((await world.Store.FindAsync(old.Id))!.State, (await world.Store.FindAsync(young.Id))!.State));
        Assert.Equal(RefusalKind.Conflict, Refused(await world.Life.EditAsync(old.Id, By("ann"), title: "Again")).Kind);
    }

    [Fact]
    public async Task A_wrong_draft_names_every_field()
    {
        using var world = await new ChangeWorld().WithAsync("ann");
        var refusal = Refused(await world.Life.CreateAsync(new("ann", ActorKind.User), new(ChangeKind.Config, " ", "")
        {
            Edits = new Dictionary<string, string?> { ["../etc/passwd"] = "x", [".git/config"] = "x" }, Emergency = true, Rollout = new() { Concurrency = 0, ApplyTimeout = TimeSpan.Zero },
        }));
        Assert.Equal(["edits.file", "edits.file", "reason", "rollout.applyTimeout", "rollout.concurrency", "title"], refusal.Faults.Select(f => f.Field).Order(StringComparer.Ordinal));
        Assert.Empty(world.Repository.Branches("changes/"));
    }
}
