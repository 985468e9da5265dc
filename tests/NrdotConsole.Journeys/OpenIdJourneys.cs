using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace NrdotConsole.Journeys;

/// <summary>Sign-in by OpenID Connect: authorization code with PKCE, at a provider that insists on both.</summary>
public sealed partial class OpenIdJourneys(OpenIdProvider provider, Browser browser) : IClassFixture<OpenIdProvider>, IClassFixture<Browser>
{
    [Theory]
    [InlineData("ada", "operator")]
    [InlineData("ben", "manager")]
    public async Task Who_signs_in_at_the_provider_lands_where_they_wanted_with_the_role_of_their_group_and_signs_out(string person, string role)
    {
        await using var visit = await AtTheProviderAsync(person, "/account");
        await Expect(visit.Page).ToHaveURLAsync(new Uri(provider.Console.Url, "account").ToString());
        await Expect(visit.Page.Locator(".facts div").Filter(new() { HasText = "User name" })).ToContainTextAsync(person);
        await Expect(visit.Page.Locator(".facts div").Filter(new() { HasText = "Role" })).ToContainTextAsync(role);
        await visit.Page.Locator(".live-btn:enabled").WaitForAsync();
        await Expect(visit.Page.GetByText("your password is changed there")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Change your password" })).ToHaveCountAsync(0);

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = $"Account of {person}" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(visit.Page.GetByText("You are signed out")).ToBeVisibleAsync();
        await visit.Page.GotoAsync("/account");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        Assert.Equal("", string.Join("\n", visit.Faults));
    }

    [Fact]
    public async Task Who_has_no_group_with_a_role_is_told_so_and_gets_no_account()
    {
        await using var visit = await AtTheProviderAsync("eve", "/");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "No account here" })).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("Example ID knows you as eve, but none of your groups has a role here")).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "To the sign-in" }).ClickAsync();
        await visit.SignInAsync();
        await visit.Page.Locator(".live-btn:enabled").WaitForAsync();
        await visit.Page.GotoAsync("/people/users");
        var accounts = visit.Page.GetByRole(AriaRole.Region, new() { Name = "Accounts" });
        await Expect(accounts).ToContainTextAsync("admin");
        await Expect(accounts).Not.ToContainTextAsync("eve");
    }

    [Fact]
    public async Task A_callback_whose_state_was_altered_or_belongs_to_another_browser_signs_nobody_in()
    {
        using var ada = Walker(provider.Console.Url);
        var callback = await CallbackAsync(ada, "ada");
        var state = State().Match(callback.Query).Groups[1].Value;
        var middle = state.Length / 2;
        var altered = state[..middle] + (state[middle] == 'A' ? 'B' : 'A') + state[(middle + 1)..];
        await RefusedAsync(ada, new Uri(callback.ToString().Replace(state, altered, StringComparison.Ordinal)));

        using var other = Walker(provider.Console.Url);
        await RefusedAsync(other, callback);

        // The very same address in the browser that asked for it is good: once.
        Assert.Equal(HttpStatusCode.Redirect, (await ada.GetAsync(callback)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await ada.GetAsync("/api/v1/me")).StatusCode);
        await RefusedAsync(other, callback);
    }

    async Task<Visit> AtTheProviderAsync(string person, string path)
    {
        var visit = await browser.OpenAsync(provider.Console, path);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in with Example ID" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Example ID" })).ToBeVisibleAsync();
        await visit.Page.GetByLabel("Who are you?").FillAsync(person);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        return visit;
    }

    /// <summary>The way to the provider and back, up to the address that the console would be called back on.</summary>
    async Task<Uri> CallbackAsync(HttpClient walker, string person)
    {
        using var challenge = await walker.GetAsync("/sign-in/oidc");
        using var asked = await walker.GetAsync(challenge.Headers.Location!);
        using var form = new FormUrlEncodedContent([new("login", person)]);
        using var answered = await walker.PostAsync(new Uri(provider.Issuer, asked.Headers.Location!), form);
        using var back = await walker.GetAsync(new Uri(provider.Issuer, answered.Headers.Location!));
        return back.Headers.Location!;
    }

    static async Task RefusedAsync(HttpClient walker, Uri callback)
    {
        using var answer = await walker.GetAsync(callback);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("Example ID did not confirm the sign-in", await answer.Content.ReadAsStringAsync());
        using var me = await walker.GetAsync("/api/v1/me");
        Assert.Equal(HttpStatusCode.Unauthorized, me.StatusCode);
    }

    [GeneratedRegex("[?&]state=([^&]+)")]
    private static partial Regex State();

    /// <summary>A browser's cookies and nothing else: redirects are for the journey to follow.</summary>
    static HttpClient Walker(Uri home) => new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = home };
}
