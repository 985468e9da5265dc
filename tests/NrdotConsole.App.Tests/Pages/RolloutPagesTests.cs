using Bunit;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Changes.Pages;
using NrdotConsole.App.Features.Rollouts;
using NrdotConsole.App.Features.Rollouts.Pages;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Shell;
using NrdotConsole.App.Tests.Rollouts;
using NrdotConsole.Core.Changes;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>Rollouts and their Changes as they are seen, on a real engine with simulated agents: empty, on the way, back, failing, and by whom.</summary>
public sealed class RolloutPagesTests : PageTest
{
    readonly RolloutWorld _world;

    public RolloutPagesTests()
    {
        _world = Owns(new RolloutWorld(20));
        Services.AddSingleton<TimeProvider>(_world.Time);
        Services.AddSingleton(_world.Board);
        Services.AddSingleton(_world.Database);
        Services.AddSingleton(_world.Audit);
        Services.AddSingleton(_world.Repository);
        Services.AddSingleton(_world.States);
        Services.AddSingleton(_world.Changes);
        Services.AddSingleton(_world.Life);
        Services.AddSingleton(_world.Lever);
        Services.AddSingleton(_world.Store);
        Services.AddSingleton(_world.Poison);
        Services.AddSingleton(_world.Engine);
        Services.AddSingleton(_world.Rings);
        Services.AddSingleton(_world.Directory);
        Services.AddSingleton(new Core.Profiles.CollectorEndpoints("http://console:4318"));
        Services.AddSingleton<DryRunner>();
        Services.AddSingleton<ChangeReading>();
        Services.AddSingleton(new ChangeBoard(_world.Changes, _world.Life, _world.Time, NullLogger<ChangeBoard>.Instance));
        Services.AddSingleton<RolloutReader>();
        Services.AddSingleton<UserStore>();
        Services.AddSingleton<SessionStore>();
        Services.AddSingleton<ApiTokenStore>();
        Services.AddSingleton<AccessCheck>();
        Services.AddSingleton(new Frame(new RolloutsModule().Frame));
        Services.AddMudServices();
        As(Permissions.ConfigRead, Permissions.ChangesRun, Permissions.CostRead);
        OnCircuit();
    }

    /// <summary>A change of every host's profile that has begun.</summary>
    async Task<Change> RollingAsync()
    {
        await _world.SettleAsync();
        var change = await _world.StartAsync();
        for (var i = 0; i < 3; i++) await _world.TickAsync();
        return change;
    }

    IRenderedComponent<RolloutPage> Rollout(long id) => Settled<RolloutPage>(p => p.Add(x => x.Id, id));

    IRenderedComponent<ChangePage> Of(Change change)
    {
        var page = Render<ChangePage>(p => p.Add(x => x.Id, change.Id));
        page.WaitForElement(".change-head");
        return page;
    }

    [Fact]
    public void Before_anything_was_rolled_out_the_page_says_how_it_begins()
    {
        var page = Render<RolloutsPage>();
        page.WaitForAssertion(() => Assert.Contains("Nothing has been rolled out yet", page.Markup, StringComparison.Ordinal));
        Assert.Contains("No configuration has failed", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_on_its_way_shows_each_ring_with_its_agents_and_what_stops_it()
    {
        var change = await RollingAsync();
        var page = Rollout(change.Id);
        Assert.Equal(["Ring 4", "Ring 3", "Ring 2", "Ring 1", "Ring 0"], page.FindAll(".lane-name a").Select(a => a.TextContent));
        Assert.Contains("1 of 1 applied", page.Find(".lanes li").TextContent.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("of 20 agents", page.Find(".kpis").TextContent, StringComparison.Ordinal);
        Assert.Contains("Gate of ring 4", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["Pause", "Abort"], page.FindAll(".page-head button").Select(b => b.TextContent.Trim()));
    }

    [Fact]
    public async Task Who_may_only_look_sees_no_way_to_stop_or_alter_it()
    {
        var change = await RollingAsync();
        As(Permissions.ConfigRead);
        Assert.Empty(Rollout(change.Id).FindAll(".page-head button"));
        var page = Of(change);
        Assert.Empty(page.FindAll(".page-head button"));
        Assert.DoesNotContain("Cost an hour", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_shows_its_rollout_as_it_goes()
    {
        var change = await RollingAsync();
        var page = Of(change);
        page.WaitForAssertion(() => Assert.Equal(5, page.FindAll(".rollout-section .lanes li").Count));
        Assert.Equal("Abort", page.FindAll(".page-head button")[0].TextContent.Trim());
    }

    [Fact]
    public async Task A_change_that_waits_for_approval_shows_no_rollout_yet()
    {
        await _world.SettleAsync();
        var drafted = await _world.Life.CreateAsync(new("bob", Platform.Audit.ActorKind.User), new(ChangeKind.Config, "A note", "") { Edits = new Dictionary<string, string?> { ["notes.md"] = "hello\n" } });
        var page = Of(drafted.Change!);
        Assert.Empty(page.FindAll(".rollout-section"));
        Assert.Contains("validate it to know", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_went_back_says_why_which_rings_were_never_reached_and_what_is_offered_no_more()
    {
        _world.Fails = (_, _) => true;
        await _world.SettleAsync();
        _world.Fails = (agent, hash) => hash != agent.Old;
        var change = await _world.StartAsync();
        Assert.Equal(ChangeState.RolledBack, (await _world.FinishAsync(change.Id)).State);
        var page = Rollout(change.Id);
        Assert.Contains("Rolled back:", page.Markup, StringComparison.Ordinal);
        Assert.Contains("never touched", page.FindAll(".lanes li")[4].TextContent, StringComparison.Ordinal);
        Assert.Contains("not reached", page.FindAll(".lanes li")[4].TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".page-head button"));
        var all = Render<RolloutsPage>();
        all.WaitForAssertion(() => Assert.NotEmpty(all.FindAll("[aria-label='Poisoned configurations'] tbody tr")));
    }

    [Fact]
    public async Task What_cannot_be_read_fails_by_its_part_and_the_rest_of_the_page_stands()
    {
        var change = await RollingAsync();
        await using var connection = await _world.Database.OpenAsync();
        await connection.ExecuteAsync("DROP TABLE poisoned_configs");
        var all = Render<RolloutsPage>();
        all.WaitForAssertion(() => Says(all, "The poison list cannot be read"));
        Assert.NotEmpty(all.FindAll("section[aria-label='All rollouts'] tbody tr"));
        _world.Board.Rollout.Publish(_world.Board.Rollout.Current! with { Id = change.Id + 1 }); // what moves now is in memory
        await connection.ExecuteAsync("ALTER TABLE rollouts RENAME TO lost");
        var page = Of(change);
        page.WaitForAssertion(() => Says(page, "Its rollout cannot be read"));
        await connection.ExecuteAsync("ALTER TABLE lost RENAME TO rollouts");
        await page.InvokeAsync(() => page.Find(".failed-panel button").Click());
        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".rollout-section .lanes li")));
    }

    [Fact]
    public async Task A_step_that_the_database_refuses_is_told_and_the_change_stands_as_it_was()
    {
        As(Permissions.ConfigRead, Permissions.ConfigWrite);
        User.SetClaims(new(Principals.AllowedTenantsJson, "*"), new(Principals.Permission, Permissions.ConfigWrite), new(Principals.SessionId, "hers"));
        await _world.SettleAsync();
        var drafted = await _world.Life.CreateAsync(new("bob", Platform.Audit.ActorKind.User), new(ChangeKind.Config, "A note", "") { Edits = new Dictionary<string, string?> { ["notes.md"] = "hello\n" } });
        var page = Of(drafted.Change!);
        await using var connection = await _world.Database.OpenAsync();
        await connection.ExecuteAsync("ALTER TABLE sessions RENAME TO lost");
        await page.InvokeAsync(() => page.FindAll(".page-head button").Single(b => b.TextContent == "Validate").Click());
        page.WaitForAssertion(() => Says(page, "It was not done."));
        Assert.StartsWith("Draft", page.Find(".change-head .tag").TextContent.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lever_that_cannot_be_pulled_says_so_and_the_page_goes_on()
    {
        await _world.Lever.LoadAsync();
        var dialogs = Render<MudBlazor.MudDialogProvider>();
        var lever = Render<LeverButton>();
        await using var connection = await _world.Database.OpenAsync();
        await connection.ExecuteAsync("DROP TABLE safety_lever");
        lever.WaitForElement("button.lever");
        await lever.InvokeAsync(() => lever.Find("button.lever").Click());
        dialogs.WaitForElement("#reason-form");
        await dialogs.InvokeAsync(() => dialogs.Find("#reason-form").Submit());
        dialogs.WaitForAssertion(() => Says(dialogs, "The lever is not pulled"));
        Says(dialogs, "paused or aborted on its own page");
        Assert.Contains("Pull the safety lever", lever.Find("button").GetAttribute("aria-label"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollout_that_is_none_says_so_and_one_that_cannot_be_read_offers_another_try()
    {
        Assert.Contains("has not been rolled out", Rollout(99).Markup, StringComparison.Ordinal);
        await using (var connection = await _world.Database.OpenAsync()) await connection.ExecuteAsync("DROP TABLE rollouts");
        var page = Rollout(100);
        Assert.Contains("The rollout cannot be read", page.Markup, StringComparison.Ordinal);
        Assert.NotNull(page.Find(".failed-panel button"));
    }
}
