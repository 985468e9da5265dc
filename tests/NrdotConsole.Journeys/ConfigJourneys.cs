using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace NrdotConsole.Journeys;

/// <summary>An edit of a file from its first letter to main.</summary>
[Collection(typeof(InTheBrowser))]
public sealed partial class ConfigJourneys(LiveFleet fleet, Browser browser)
{
    [Fact]
    public async Task An_edit_is_checked_as_it_is_typed_reviewed_and_then_main()
    {
        await using var visit = await browser.OpenAsync(fleet.Console, "/config/filters.yaml");
        await visit.SignInAsync();
        await visit.Page.Locator(".live-btn:enabled").WaitForAsync();
        var text = visit.Page.GetByLabel("Text of filters.yaml");
        var before = await text.InputValueAsync();

        await text.FillAsync(before.Replace("enabled: false", "enabeld: false"));
        await Expect(visit.Page.Locator(".fault-list")).ToContainTextAsync("Did you mean 'enabled'?");
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Open a change" })).ToBeDisabledAsync();

        await text.FillAsync(before.Replace("Threads, paging", "Threads and paging"));
        await Expect(visit.Page.Locator("td", new() { HasText = "filters.emergency_process_details.description" })).ToBeVisibleAsync();
        await visit.Page.GetByLabel("What it does, in a few words").FillAsync("A clearer description");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Open a change" }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(ChangePage(), new() { Timeout = 20_000 });

        var change = visit.Page.Url.Split('/')[^1];
        foreach (var step in new[] { "approve", "start" })
            Assert.Equal(HttpStatusCode.OK, (await fleet.Console.Api.PostAsync($"api/v1/changes/{change}/{step}", new StringContent("{}", Encoding.UTF8, "application/json"))).StatusCode);
        await visit.Page.GotoAsync("/config/filters.yaml?tab=history");
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "A clearer description" })).ToBeVisibleAsync();
        Assert.Contains("Threads and paging", await fleet.Console.Api.GetStringAsync("api/v1/config/filters.yaml"));
        Assert.Empty(visit.Faults);
    }

    [GeneratedRegex(@"/changes/\d+$")]
    private static partial Regex ChangePage();
}

/// <summary>The config repository under a console that is killed.</summary>
public sealed class ConfigCrashJourneys
{
    const int Writers = 4;

    [Fact]
    public async Task A_console_killed_in_the_middle_of_edits_finds_a_whole_repository_and_every_change_it_answered_for()
    {
        await using var console = await ConsoleProcess.StartAsync();
        var answered = new List<string>();
        foreach (var edits in new[] { 1, 5, 12 })
        {
            var enough = new TaskCompletionSource();
            var left = edits;
            var writers = Enumerable.Range(0, Writers).Select(w => Task.Run(async () =>
            {
                for (var i = 0; ; i++)
                {
                    if (await AddAsync(console, $"runbooks/r{edits}-{w}-{i}.md") is not { } commit) return;
                    lock (answered) answered.Add(commit);
                    if (Interlocked.Decrement(ref left) == 0) enough.SetResult();
                }
            })).ToList();
            await enough.Task.WaitAsync(TimeSpan.FromMinutes(3));
            await console.KillAsync();
            await Task.WhenAll(writers);
            await console.StartAgainAsync();

            var repository = Path.Combine(console.DataDirectory, "config.git");
            Git(repository, "fsck", "--strict", "--no-progress", "--no-dangling");
            foreach (var commit in answered) Git(repository, "cat-file", "-e", $"{commit}^{{tree}}");
            Assert.Equal(HttpStatusCode.OK, (await console.Api.GetAsync("api/v1/config")).StatusCode);
        }
    }

    /// <returns>The commit of the change that was opened; null once the console is gone.</returns>
    static async Task<string?> AddAsync(ConsoleProcess console, string file)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"api/v1/config/{file}") { Content = new StringContent($"# {file}\n") };
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Any);
            using var answer = await console.Api.SendAsync(request);
            return answer.StatusCode == HttpStatusCode.Created ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("commit").GetString() : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return null;
        }
    }

    static void Git(string folder, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-c", "safe.directory=*", .. arguments]) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var errors = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors}");
    }
}
