using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace NrdotConsole.Journeys;

/// <summary>The first minutes with a new console.</summary>
public sealed partial class StartJourneys(Browser browser) : IClassFixture<Browser>
{
    [Fact]
    public async Task The_printed_link_makes_the_first_admin_once()
    {
        await using var console = await ConsoleProcess.StartAsync(null, "Auth__BootstrapAdminPassword=");
        var link = SetUpLink().Match(await File.ReadAllTextAsync(Path.Combine(console.DataDirectory, "journey.log"))).Value;
        await using var visit = await browser.OpenAsync(console, link);
        foreach (var field in await visit.Page.Locator("input[type=password]").AllAsync())
            await field.FillAsync("a passphrase of five words");
        await visit.Page.Locator("button[type=submit]").ClickAsync();
        await visit.Page.WaitForURLAsync(url => !url.Contains("set-up", StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Commit });
        Assert.Empty(visit.Faults);

        await using var second = await browser.OpenAsync(console, link);
        await Assertions.Expect(second.Page.Locator("input[type=password]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_API_explains_itself_in_the_browser()
    {
        await using var console = await ConsoleProcess.StartAsync();
        await using var visit = await browser.OpenAsync(console);
        await visit.SignInAsync();
        await visit.Page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal), new() { WaitUntil = WaitUntilState.Commit });
        await visit.Page.GotoAsync("/api/docs");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "NRDOT Console" })).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Assertions.Expect(visit.Page.GetByText("/api/v1/query").First).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.Equal("", string.Join("\n", visit.Faults));
    }

    [Fact]
    public async Task A_console_that_is_ended_while_it_starts_ends_in_peace()
    {
        var data = Directory.CreateTempSubdirectory("nrdot-journey-").FullName;
        var start = new ProcessStartInfo("dotnet", [ConsoleProcess.Dll("NrdotConsole.App")]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = data };
        start.Environment["Console__DataDirectory"] = data;
        foreach (var port in (string[])["Console__HttpPort", "Otlp__HttpPort", "Otlp__GrpcPort", "OpAmp__Port"]) start.Environment[port] = "0";
        using var console = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var errors = console.StandardError.ReadToEndAsync(limit.Token);
        // The store is opened before most else starts.
        List<string> said = [];
        while (await console.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            said.Add(line);
            if (line.Contains("Series store open", StringComparison.Ordinal)) Process.Start("kill", ["-TERM", $"{console.Id}"]).Dispose();
        }
        await console.WaitForExitAsync(limit.Token);
        Assert.Equal((0, ""), (console.ExitCode, await errors));
        Assert.DoesNotContain(said, l => l.StartsWith("fail", StringComparison.Ordinal) || l.TrimStart().StartsWith("at ", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"http://\S+/set-up/\S+")]
    private static partial Regex SetUpLink();
}
