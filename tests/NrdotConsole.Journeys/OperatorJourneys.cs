using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace NrdotConsole.Journeys;

/// <summary>What an operator does in a browser.</summary>
[Collection(typeof(InTheBrowser))]
public sealed partial class OperatorJourneys(LiveFleet fleet, Browser browser)
{
    async Task<Visit> SignedInAsync(string path)
    {
        var visit = await browser.OpenAsync(fleet.Console, path);
        await visit.SignInAsync();
        await visit.Page.Locator(".live-btn:enabled").WaitForAsync();
        return visit;
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_a_host()
    {
        await using var visit = await SignedInAsync("/cost");
        await visit.Page.Keyboard.PressAsync("Control+k");
        await visit.Page.Keyboard.TypeAsync("prod-web-001");
        await Expect(visit.Page.GetByRole(AriaRole.Option).First).ToContainTextAsync("prod-web-001");
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("prod-web-001");
        Assert.Contains("/fleet/prod/", visit.Page.Url);
    }

    [Fact]
    public async Task Tenant_and_range_stand_in_the_address_and_survive_reload_and_back()
    {
        await using var visit = await SignedInAsync("/coverage");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Tenant all" }).ClickAsync();
        await visit.Page.Locator("#scope-tenant").GetByRole(AriaRole.Link, new() { Name = "prod", Exact = true }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(TenantProd());
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Last hour" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Last 6 hours" }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(TenantProdSixHours());

        await visit.Page.ReloadAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Tenant prod" })).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Last 6 hours" })).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Cardinality" }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(TenantProdSixHours());
        await visit.Page.GoBackAsync();
        await visit.Page.GoBackAsync();
        await Expect(visit.Page).ToHaveURLAsync(TenantProd());
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Last hour" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Times_are_told_in_the_viewers_zone_and_the_address_stays_UTC()
    {
        await using var visit = await SignedInAsync("/?range=2026-01-05T12:00:00Z..2026-01-05T13:30:00Z");
        await Expect(visit.Page.Locator(".foot")).ToContainTextAsync("Europe/Berlin");
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "5 Jan 13:00 – 14:30" })).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "5 Jan 13:00 – 14:30" }).ClickAsync();
        await visit.Page.GetByLabel("From").FillAsync("2026-07-01T14:00:05");
        await visit.Page.GetByLabel("To", new() { Exact = true }).FillAsync("2026-07-01T15:00:05");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show this range" }).ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(SummerRange());
    }

    [Fact]
    public async Task A_paused_page_stands_still_counts_what_waits_and_goes_on()
    {
        await using var visit = await SignedInAsync("/ingest");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Live", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator(".live-btn")).ToHaveTextAsync(Waiting());
        var held = await visit.Page.Locator(".kpis").InnerTextAsync();
        var waiting = await visit.Page.Locator(".live-btn").InnerTextAsync();
        await Expect(visit.Page.Locator(".live-btn")).Not.ToHaveTextAsync(waiting);
        Assert.Equal(held, await visit.Page.Locator(".kpis").InnerTextAsync());
        await visit.Page.Locator(".live-btn").ClickAsync();
        await Expect(visit.Page.Locator(".live-btn")).ToHaveTextAsync("Live");
        await Expect(visit.Page.Locator(".kpis")).Not.ToHaveTextAsync(held);
    }

    [Fact]
    public async Task A_viewer_opens_no_people_page_and_makes_no_token()
    {
        await using var admin = await SignedInAsync("/people/users");
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Add a user" }).ClickAsync();
        await admin.Page.GetByLabel("User name").FillAsync("vera");
        await admin.Page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        var link = SetUpLink().Match(await admin.Page.Locator(".code pre").InnerTextAsync()).Value;

        await using var viewer = await browser.OpenAsync(fleet.Console, link);
        await viewer.Page.GetByLabel("New password").FillAsync("a-viewer-of-long-standing");
        await viewer.Page.GetByLabel("The same again").FillAsync("a-viewer-of-long-standing");
        await viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Set the password" }).ClickAsync();
        await Expect(viewer.Page.Locator(".live-btn:enabled").Or(viewer.Page.GetByLabel("Password")).First).ToBeVisibleAsync();
        if (await viewer.Page.GetByLabel("Password").IsVisibleAsync()) await viewer.SignInAsync("vera", "a-viewer-of-long-standing");
        await viewer.Page.Locator(".live-btn:enabled").WaitForAsync();

        await Expect(viewer.Page.GetByRole(AriaRole.Navigation, new() { Name = "Main" })).ToContainTextAsync("Coverage");
        await Expect(viewer.Page.GetByRole(AriaRole.Link, new() { Name = "Users" })).ToHaveCountAsync(0);
        foreach (var path in new[] { "/people/users", "/people/tokens", "/people/audit" })
        {
            var answer = await viewer.Page.GotoAsync(path);
            Assert.True(answer!.Status == 403 || await viewer.Page.GetByText("Your role does not open this page").IsVisibleAsync(), $"{path}: {answer.Status}");
        }
        await viewer.Page.GotoAsync("/ingest");
        await Expect(viewer.Page.GetByRole(AriaRole.Heading, new() { Name = "Senders" })).ToBeVisibleAsync();
        await Expect(viewer.Page.GetByRole(AriaRole.Button, new() { Name = "Create token" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_token_made_on_the_page_lets_a_sender_send()
    {
        await using var visit = await SignedInAsync("/ingest");
        await visit.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("web hosts");
        await visit.Page.GetByLabel("Tenant (empty: the sender says)").FillAsync("web");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        await Expect(visit.Page.GetByText("Token web hosts")).ToBeVisibleAsync();
        var token = await visit.Page.Locator("#new-token").InnerTextAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(token + "x"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(token));
        var series = await fleet.Console.Api.GetStringAsync("api/v1/series?metric=journey.sent");
        Assert.Contains("\"nrdot.tenant\":\"web\"", series);
        await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Senders" }).First).ToContainTextAsync("web hosts");
    }

    async Task<HttpStatusCode> SendAsync(string token)
    {
        using var sender = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{fleet.Console.OtlpHttpPort}") };
        sender.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var nano = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        using var body = new StringContent(
            $$$"""{"resourceMetrics":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"w1"}}]},"scopeMetrics":[{"metrics":[{"name":"journey.sent","gauge":{"dataPoints":[{"timeUnixNano":"{{{nano}}}","asDouble":1}]}}]}]}]}""",
            Encoding.UTF8, "application/json");
        return (await sender.PostAsync("/v1/metrics", body)).StatusCode;
    }

    [Fact]
    public async Task What_the_explorer_exports_is_what_the_API_answers()
    {
        await using var visit = await SignedInAsync("/explore?metric=system.memory.usage&filter=state%3Dused&group=host.name&agg=max");
        await visit.SettleAsync();
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        var exported = await File.ReadAllTextAsync(await download.PathAsync());
        Assert.StartsWith("time,value,unit,host.name", exported);
        Assert.Contains("prod-web-001", exported);
        Assert.Equal(await fleet.Console.Api.GetStringAsync(download.Url), exported);
    }

    [Fact]
    public async Task Themes_charts_pictures_and_dialogs_keep_to_the_content_security_policy_and_a_foreign_style_does_not()
    {
        await using var visit = await SignedInAsync("/explore?metric=system.memory.usage&filter=state%3Dused&group=host.name&agg=max");
        await visit.SettleAsync();
        var theme = visit.Page.Locator("html");
        foreach (var now in new[] { "dark", "light" })
        {
            await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
            await Expect(theme).ToHaveAttributeAsync("data-theme", now);
            await visit.SettleAsync();
        }
        var picture = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByRole(AriaRole.Button, new() { Name = "PNG" }).ClickAsync());
        Assert.InRange(new FileInfo(await picture.PathAsync()).Length, 5_000, 5_000_000);

        await using var another = await SignedInAsync("/account");
        await visit.Page.GotoAsync("/account");
        await visit.Page.Locator(".live-btn:enabled").WaitForAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "End", Exact = true }).First.ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Dialog)).ToHaveCSSAsync("border-radius", "14px");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Keep" }).ClickAsync();
        Assert.Equal("", string.Join("\n", visit.Faults));

        const string foreign = """
            () => new Promise(done => {
              document.addEventListener('securitypolicyviolation', e => done(e.effectiveDirective), { once: true });
              document.head.insertAdjacentHTML('beforeend', '<style>h1 { color: red }</style>');
            })
            """;
        Assert.Equal("style-src-elem", await visit.Page.EvaluateAsync<string>(foreign));
    }

    [GeneratedRegex(@"/coverage\?tenant=prod$")]
    private static partial Regex TenantProd();

    [GeneratedRegex(@"\?tenant=prod&range=6h$")]
    private static partial Regex TenantProdSixHours();

    [GeneratedRegex("range=2026-07-01T12%3A00%3A05Z..2026-07-01T13%3A00%3A05Z")]
    private static partial Regex SummerRange();

    [GeneratedRegex(@"Paused, [1-9]\d* waiting")]
    private static partial Regex Waiting();

    [GeneratedRegex(@"/set-up/\S+")]
    private static partial Regex SetUpLink();
}
