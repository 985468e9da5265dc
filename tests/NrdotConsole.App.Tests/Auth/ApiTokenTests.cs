using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Tests.Auth;

public sealed class ApiTokenTests
{
    static async Task<string> Make(ConsoleHost host, string[] scopes, string[]? tenants = null, TimeSpan? lifetime = null)
    {
        var (secret, fault) = await host.Get<ApiTokenStore>().CreateAsync(Actor.System, 1, "test", scopes, tenants?.ToHashSet(), lifetime is { } x ? host.Time.GetUtcNow() + x : null);
        Assert.Null(fault);
        return secret!;
    }

    static async Task<HttpStatusCode> Status(HttpClient client, string path = "/api/v1/me") => (await client.GetAsync(path)).StatusCode;

    [Fact]
    public async Task A_token_gives_its_scopes_and_tenants_and_no_more()
    {
        using var host = ConsoleHost.WithAdmin();
        var client = host.Program(await Make(host, [Permissions.TelemetryRead], ["prod"]));
        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/me");
        Assert.Equal("""["telemetry.read"]""", me.GetProperty("permissions").GetRawText());
        Assert.Equal("""["prod"]""", me.GetProperty("tenants").GetRawText());
        Assert.Equal(HttpStatusCode.Forbidden, await Status(client, "/people/users"));
    }

    [Fact]
    public async Task A_token_never_outgrows_its_owner()
    {
        using var host = ConsoleHost.WithAdmin();
        var users = host.Get<UserStore>();
        var client = host.Program(await Make(host, [.. Permissions.All]));
        await users.AddAsync(Actor.System, "second", Roles.Admin, null);
        await users.ChangeAsync(Actor.System, 1, Roles.Viewer, new HashSet<string> { "prod" });
        var me = await client.GetFromJsonAsync<JsonElement>("/api/v1/me");
        Assert.Equal(Roles.PermissionsOf(Roles.Viewer).Order(), me.GetProperty("permissions").EnumerateArray().Select(p => p.GetString()!).Order());
        Assert.Equal("""["prod"]""", me.GetProperty("tenants").GetRawText());
        var tokens = host.Get<ApiTokenStore>();
        Assert.Equal("scopes", (await tokens.CreateAsync(Actor.System, 1, "more", [Permissions.PeopleManage], new HashSet<string> { "prod" }, null)).Fault!.Field);
        Assert.Equal("tenants", (await tokens.CreateAsync(Actor.System, 1, "more", [Permissions.TelemetryRead], null, null)).Fault!.Field);
    }

    [Fact]
    public async Task A_token_ends_when_it_expires_or_is_revoked()
    {
        using var host = ConsoleHost.WithAdmin();
        var (expiring, revoked) = (host.Program(await Make(host, [Permissions.TelemetryRead], lifetime: TimeSpan.FromDays(1))), host.Program(await Make(host, [Permissions.TelemetryRead])));
        host.Time.Advance(TimeSpan.FromHours(23));
        Assert.Equal(HttpStatusCode.OK, await Status(expiring));
        host.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(expiring));
        var tokens = host.Get<ApiTokenStore>();
        await tokens.RevokeAsync(Actor.System, (await tokens.ListAsync()).First(x => x.Name == "test" && x.ExpiresAt is null).Id);
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(revoked));
    }

    [Fact]
    public async Task The_database_and_the_audit_log_hold_no_secret()
    {
        using var host = ConsoleHost.WithAdmin();
        var secret = await Make(host, [Permissions.TelemetryRead]);
        Assert.StartsWith(ApiTokenStore.Prefix, secret);
        Assert.Equal(HttpStatusCode.OK, await Status(host.Program(secret)));
        await host.SignedInAsync();
        await using var connection = await host.Get<ConsoleDatabase>().OpenAsync();
        await connection.ExecuteAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        var bytes = System.Text.Encoding.Latin1.GetString(await ReadSharedAsync(host.Directory.Data.File("console.db")));
        Assert.DoesNotContain(secret, bytes);
        Assert.DoesNotContain(ConsoleHost.Token, bytes);
        Assert.DoesNotContain(ConsoleHost.AdminPassword, bytes);
    }

    static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }

    [Fact]
    public async Task Its_last_use_is_noted_at_most_once_a_minute()
    {
        using var host = ConsoleHost.WithAdmin();
        var client = host.Program();
        await Status(client);
        async Task<DateTimeOffset?> LastUse() => (await host.Get<ApiTokenStore>().ListAsync()).Single().LastUsedAt;
        var first = await LastUse();
        host.Time.Advance(TimeSpan.FromSeconds(30));
        await Status(client);
        Assert.Equal(first, await LastUse());
        host.Time.Advance(TimeSpan.FromSeconds(31));
        await Status(client);
        Assert.NotEqual(first, await LastUse());
    }

    [Fact]
    public async Task Programs_get_problems_and_people_get_the_sign_in_page()
    {
        using var host = ConsoleHost.WithAdmin();
        var api = await host.Browser().GetAsync("/api/v1/me");
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        Assert.Equal("application/problem+json", api.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Bearer", api.Headers.WwwAuthenticate.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(host.Program("nrc_wrong")));
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(host.Program(new string('x', 10_000))));
        var page = await host.Browser().GetAsync("/people/users?a=b");
        Assert.Equal("/sign-in?returnUrl=%2Fpeople%2Fusers%3Fa%3Db", page.Headers.Location?.ToString());
        Assert.Equal("/sign-in?returnUrl=%2Fno-such-page", (await host.Browser().GetAsync("/no-such-page")).Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_browser_proves_that_the_console_sent_what_changes_something_and_a_token_need_not()
    {
        using var host = ConsoleHost.WithAdmin();
        var browser = await host.SignedInAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/api/v1/nothing", null)).StatusCode);
        var token = (await browser.GetFromJsonAsync<JsonElement>("/api/v1/me")).GetProperty("antiforgeryToken").GetString();
        var proved = new HttpRequestMessage(HttpMethod.Post, "/api/v1/nothing") { Headers = { { "X-CSRF-TOKEN", token } } };
        Assert.NotEqual(HttpStatusCode.BadRequest, (await browser.SendAsync(proved)).StatusCode);
        Assert.NotEqual(HttpStatusCode.BadRequest, (await host.Program().PostAsync("/api/v1/nothing", null)).StatusCode);
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        using var host = ConsoleHost.WithAdmin();
        foreach (var path in (string[])["/sign-in", "/api/v1/me", "/", "/assets/app.css"])
        {
            var headers = (await host.Browser().GetAsync(path)).Headers;
            var policy = headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("frame-ancestors 'none'", policy);
            Assert.All(["script-src ", "style-src "], source => Assert.DoesNotContain("unsafe-inline", policy.Split(';').Single(x => x.Contains(source, StringComparison.Ordinal))));
            Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        }
    }
}
