using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;
using NrdotConsole.App.Features.GitOps;
using NrdotConsole.App.Features.GitOps.Pages;
using NrdotConsole.App.Features.GitOps.Remote;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Tests.Changes;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>The config repository's pages on a real repository: its files, one file's editor, its history, a commit, and failing.</summary>
public sealed class ConfigPagesTests : SteerPageTest
{
    public ConfigPagesTests()
    {
        var settings = new RemoteSettings(null, "main", TimeSpan.FromMinutes(1), null, null, true, null, null);
        Services.AddSingleton(settings);
        Services.AddSingleton<GitRemote>();
        Services.AddSingleton<PushedCommits>();
        Services.AddSingleton(sp => new RemoteSync(settings, sp.GetRequiredService<GitRemote>(), sp.GetRequiredService<PushedCommits>(), World.Repository, World.Life, Time, NullLogger<RemoteSync>.Instance));
        Services.AddSingleton<ConfigEdits>();
        As(Permissions.ConfigRead, Permissions.ConfigWrite);
        OnCircuit();
    }

    IRenderedComponent<T> Open<T>(string address, Action<ComponentParameterCollectionBuilder<T>>? parameters = null) where T : IComponent
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Settled(parameters);
    }

    IRenderedComponent<ConfigPage> Files(string query = "") => Open<ConfigPage>("/config" + query);

    IRenderedComponent<ConfigFilePage> File(string file, string query = "") => Open<ConfigFilePage>($"/config/{file}{query}", p => p.Add(x => x.File, file));

    void Commit(string file, string text, string subject) =>
        World.Repository.Commit(ConfigRepository.Main, World.Repository.Head, new Dictionary<string, string?> { [file] = text }, new("bob", "bob@example.com"), subject);

    string TextOf(string file) => World.Repository.File(ConfigRepository.Main, file)!.Text;

    /// <summary>The disk is gone under the repository.</summary>
    void LoseRepository() => Directory.Move(World.Repository.Path, World.Repository.Path + ".gone");

    static string[] Buttons(IRenderedComponent<IComponent> page) => [.. page.FindAll("button").Select(b => b.TextContent.Trim())];

    [Fact]
    public void The_files_of_main_stand_with_what_they_are_their_state_and_their_last_author()
    {
        Commit("filters.yaml", TextOf("filters.yaml") + "\n# looked at\n", "Look at the filters");
        var page = Files();
        var row = page.FindAll("section[aria-label='Files on main'] tbody tr").Single(r => r.QuerySelector(".name")!.TextContent == "filters.yaml");
        Assert.Equal("Sound", row.QuerySelector("[data-h=State]")!.TextContent.Trim());
        Assert.Equal("bob", row.QuerySelector("[data-h=By]")!.TextContent);
        Assert.Equal("Look at the filters", page.Find("section[aria-label='History of main'] tbody .name").TextContent);
    }

    [Fact]
    public void A_main_that_does_not_validate_says_which_commit_the_fleet_stays_on()
    {
        var sound = World.States.Current.Commit;
        Commit("rings.yaml", "rings: what\n", "Break the rings");
        var page = Files();
        Says(page, $"the fleet stays on commit <span class=\"commit-id\">{sound[..10]}</span>");
        Assert.Contains("error", page.FindAll("tbody tr").First(r => r.TextContent.Contains("rings.yaml", StringComparison.Ordinal)).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_nobody_has_added_can_be_begun_by_who_may_write_and_is_told_as_missing_to_who_may_not()
    {
        Says(File("runbooks/disk.md"), "New file");
        As(Permissions.ConfigRead);
        Says(File("runbooks/disk.md"), "No such file on main");
        Says(File("../passwd"), "A name holds letters");
    }

    [Fact]
    public void Who_may_only_read_sees_the_text_and_no_way_to_alter_it()
    {
        As(Permissions.ConfigRead);
        Assert.Empty(Files().FindAll("form"));
        var page = File("rings.yaml");
        Assert.True(page.Find("textarea").HasAttribute("readonly"));
        Assert.DoesNotContain("Open a change", Buttons(page));
    }

    [Fact]
    public async Task An_open_change_of_the_same_file_is_told_before_anybody_edits_it()
    {
        var change = await World.DraftAsync("bob", "filters.yaml", TextOf("filters.yaml") + "\n# bob's\n");
        Says(File("filters.yaml"), $"Change {change.Id}</a> by bob (draft) edits this file too");
    }

    [Fact]
    public void A_commit_shows_what_it_changed_and_is_reverted_by_a_change()
    {
        Commit("notes.md", "hello\n", "Say hello");
        var page = Files($"?commit={World.Repository.Head}");
        Says(page, "Say hello");
        Assert.Equal("hello", page.FindAll(".diff .add span")[0].TextContent);
        Assert.Contains("Open a change that reverts it", Buttons(page));
        As(Permissions.ConfigRead);
        Assert.DoesNotContain("Open a change that reverts it", Buttons(Files($"?commit={World.Repository.Head}")));
        Says(Files("?commit=0123456789"), "No such commit");
    }

    [Fact]
    public void A_files_history_holds_its_own_commits_alone()
    {
        Commit("notes.md", "hello\n", "Say hello");
        Commit("filters.yaml", TextOf("filters.yaml") + "\n# x\n", "Touch the filters");
        Assert.Equal(["Say hello"], File("notes.md", "?tab=history").FindAll("tbody .name").Select(n => n.TextContent));
        Says(File("never.md", "?tab=history"), "No commits");
    }

    [Fact]
    public async Task A_repository_that_cannot_be_read_says_so_and_another_try_reads_it()
    {
        LoseRepository();
        var files = Files();
        Says(files, "The config repository cannot be read");
        Says(File("rings.yaml"), "The file cannot be read");
        Says(File("rings.yaml", "?tab=history"), "The file cannot be read");
        Directory.Move(World.Repository.Path + ".gone", World.Repository.Path);
        await files.InvokeAsync(() => files.Find(".failed-panel button").Click());
        Assert.NotEmpty(files.FindAll("tbody tr"));
    }
}
