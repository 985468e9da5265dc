using System.Net;
using System.Text.RegularExpressions;
using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Tests.Auth;

public sealed class SetupLinkTests
{
    const string Password = "three unrelated words";

    static string PrintedLink(ConsoleHost host) => Regex.Match(host.Get<StartupBanner>().Render(), @"/set-up/[\w-]+").Value;

    [Fact]
    public async Task The_first_start_prints_a_link_that_sets_the_admins_password_once()
    {
        using var host = new ConsoleHost();
        var browser = host.Browser();
        var link = PrintedLink(host);
        Assert.NotEmpty(link);
        var weak = await ConsoleHost.SubmitAsync(browser, link, ("password", "short"), ("repeated", "short"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, weak.StatusCode);
        var done = await ConsoleHost.SubmitAsync(browser, link, ("password", Password), ("repeated", Password));
        Assert.Equal("/sign-in?notice=password-set", done.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(link)).StatusCode);
        await host.SignedInAsync(password: Password);
    }

    [Fact]
    public async Task A_link_raced_by_two_sets_one_password()
    {
        using var host = new ConsoleHost();
        var token = PrintedLink(host)["/set-up/".Length..];
        var links = host.Get<Platform.Auth.SetupLinks>();
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => links.RedeemAsync(token, $"{Password} {i}", "test")));
        Assert.Single(results, x => x.User is not null);
    }

    [Fact]
    public async Task A_link_expires_after_a_day_and_a_newer_one_ends_it()
    {
        using var host = new ConsoleHost();
        var browser = host.Browser();
        var link = PrintedLink(host);
        host.Time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(link)).StatusCode);
        var links = host.Get<Platform.Auth.SetupLinks>();
        var admin = (await host.Get<Platform.Auth.UserStore>().ListAsync()).Single();
        var older = await links.CreateAsync(Platform.Audit.Actor.System, admin);
        var newer = await links.CreateAsync(Platform.Audit.Actor.System, admin);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync(older)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(newer)).StatusCode);
    }

    [Fact]
    public async Task With_a_password_by_setting_no_link_is_printed()
    {
        using var host = ConsoleHost.WithAdmin();
        await host.SignedInAsync();
        Assert.Empty(PrintedLink(host));
    }
}
