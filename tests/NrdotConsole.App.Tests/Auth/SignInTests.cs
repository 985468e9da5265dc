using System.Net;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Tests.Auth;

public sealed class SignInTests
{
    const string Wrong = "not the right words";

    static async Task<HttpStatusCode> Me(HttpClient client) => (await client.GetAsync("/api/v1/me")).StatusCode;

    [Fact]
    public async Task A_right_password_opens_a_session_and_signing_out_ends_it()
    {
        using var host = ConsoleHost.WithAdmin();
        var browser = await host.SignedInAsync("ADMIN");
        Assert.Equal(HttpStatusCode.OK, await Me(browser));
        var kept = host.Browser();
        var page = await browser.GetStringAsync("/account/password");
        var token = System.Text.RegularExpressions.Regex.Match(page, "__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        var answer = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]));
        Assert.Equal("/sign-in?notice=signed-out", answer.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(browser));
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_scripts_reach_and_secure_over_https()
    {
        using var host = ConsoleHost.WithAdmin();
        var plain = await ConsoleHost.SignInAsync(host.Browser(), "admin", ConsoleHost.AdminPassword);
        var cookie = plain.Headers.GetValues("Set-Cookie").Single(x => x.StartsWith("nrdot-session", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie);
        Assert.Contains("samesite=lax", cookie);
        var https = host.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = new("https://localhost/") });
        var secure = await ConsoleHost.SignInAsync(https, "admin", ConsoleHost.AdminPassword);
        Assert.All(secure.Headers.GetValues("Set-Cookie"), x => Assert.Contains("secure", x));
    }

    [Fact]
    public async Task Unknown_wrong_disabled_locked_and_not_yet_set_up_look_the_same()
    {
        using var host = ConsoleHost.WithAdmin();
        var users = host.Get<UserStore>();
        foreach (var name in (string[])["disabled", "locked", "waiting"])
        {
            var user = (await users.AddAsync(Actor.System, name, Roles.Viewer, null)).User!;
            if (name == "waiting") continue;
            var link = await host.Get<SetupLinks>().CreateAsync(Actor.System, user);
            await host.Get<SetupLinks>().RedeemAsync(link["/set-up/".Length..], ConsoleHost.AdminPassword, "test");
            if (name == "disabled") await users.SetDisabledAsync(Actor.System, user.Id, true);
        }
        for (var i = 0; i < Lockout.Free; i++) await ConsoleHost.SignInAsync(host.Browser(), "locked", Wrong);

        async Task<(HttpStatusCode, string)> Try(string name, string password)
        {
            var answer = await ConsoleHost.SignInAsync(host.Browser(), name, password);
            var body = await answer.Content.ReadAsStringAsync();
            return (answer.StatusCode, System.Text.RegularExpressions.Regex.Replace(body, "value=\"[^\"]*\"", ""));
        }
        var unknown = await Try("nobody", Wrong);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.Item1);
        Assert.Equal(unknown, await Try("admin", Wrong));
        Assert.Equal(unknown, await Try("disabled", ConsoleHost.AdminPassword));
        Assert.Equal(unknown, await Try("locked", ConsoleHost.AdminPassword));
        Assert.Equal(unknown, await Try("waiting", ""));
    }

    [Fact]
    public async Task Wrong_passwords_in_a_row_lock_the_account_for_a_while_and_then_the_right_one_works()
    {
        using var host = ConsoleHost.WithAdmin();
        for (var i = 0; i < Lockout.Free; i++) await ConsoleHost.SignInAsync(host.Browser(), "admin", Wrong);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ConsoleHost.SignInAsync(host.Browser(), "admin", ConsoleHost.AdminPassword)).StatusCode);
        host.Time.Advance(Lockout.First);
        await host.SignedInAsync();
        Assert.Contains((await host.Get<AuditLog>().ReadAsync(new(Action: "user.lock"), 0, 10)).Rows, x => x.Target == "user:admin");
    }

    [Fact]
    public async Task Parallel_guesses_get_no_more_tries_than_ones_in_a_row()
    {
        using var host = ConsoleHost.WithAdmin();
        var signIn = host.Get<SignIn>();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => signIn.TryAsync("admin", Wrong, "test")));
        Assert.NotNull((await host.Get<UserStore>().ListAsync()).Single().LockedUntil);
        Assert.Equal(SignInStatus.Refused, (await signIn.TryAsync("admin", ConsoleHost.AdminPassword, "test")).Status);
        Assert.Single((await host.Get<AuditLog>().ReadAsync(new(Action: "user.lock"), 0, 10)).Rows);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(8, 8)]
    [InlineData(9, 15)]
    [InlineData(4_000_000_000, 15)]
    public void The_rest_doubles_up_to_a_quarter_of_an_hour(long failures, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Lockout.After(failures));

    [Fact]
    public async Task One_address_may_try_only_so_often()
    {
        using var host = ConsoleHost.WithAdmin(("Auth:SignInsPerMinute", "3"));
        var browser = host.Browser();
        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await ConsoleHost.SignInAsync(browser, $"somebody{i}", Wrong)).StatusCode);
        var answer = await ConsoleHost.SignInAsync(browser, "admin", ConsoleHost.AdminPassword);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_changes_nothing()
    {
        using var host = ConsoleHost.WithAdmin();
        var answer = await host.Browser().PostAsync("/sign-in", new FormUrlEncodedContent([new("name", "admin"), new("password", ConsoleHost.AdminPassword)]));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(x => x.StartsWith("nrdot-session", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("/metrics-explorer?a=b", "/metrics-explorer?a=b")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/\n/evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("", "/")]
    public async Task After_the_sign_in_only_a_path_of_the_console_is_opened(string returnUrl, string opened)
    {
        using var host = ConsoleHost.WithAdmin();
        var answer = await ConsoleHost.SignInAsync(host.Browser(), "admin", ConsoleHost.AdminPassword, returnUrl);
        Assert.Equal(opened, answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task A_session_ends_eight_hours_after_its_last_request_and_seven_days_after_the_sign_in()
    {
        using var host = ConsoleHost.WithAdmin();
        var idle = await host.SignedInAsync();
        host.Time.Advance(TimeSpan.FromHours(7));
        Assert.Equal(HttpStatusCode.OK, await Me(idle));
        host.Time.Advance(TimeSpan.FromHours(7));
        Assert.Equal(HttpStatusCode.OK, await Me(idle));
        host.Time.Advance(TimeSpan.FromHours(8.1));
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(idle));

        var busy = await host.SignedInAsync();
        for (var hours = 0; hours < 7 * 24 - 6; hours += 6)
        {
            host.Time.Advance(TimeSpan.FromHours(6));
            Assert.Equal(HttpStatusCode.OK, await Me(busy));
        }
        host.Time.Advance(TimeSpan.FromHours(6));
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(busy));
    }

    [Fact]
    public async Task Disabling_an_account_ends_its_sessions_and_open_pages_at_once()
    {
        using var host = ConsoleHost.WithAdmin();
        var users = host.Get<UserStore>();
        var admin = (await users.ListAsync()).Single();
        await users.AddAsync(Actor.System, "second", Roles.Admin, null);
        var browser = await host.SignedInAsync();
        var session = (await host.Get<SessionStore>().ListAsync(admin.Id)).Single();
        var circuit = Principals.Of((await host.Get<SessionStore>().FindAsync(session.Id, touch: false))!);
        Assert.True(await host.Get<AccessCheck>().StillHoldsAsync(circuit));
        Assert.Null(await users.SetDisabledAsync(Actor.System, admin.Id, true));
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(browser));
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(host.Program()));
        Assert.False(await host.Get<AccessCheck>().StillHoldsAsync(circuit));
    }

    [Fact]
    public async Task A_changed_role_holds_from_the_next_request_on_and_open_pages_notice()
    {
        using var host = ConsoleHost.WithAdmin();
        var users = host.Get<UserStore>();
        var admin = (await users.ListAsync()).Single();
        await users.AddAsync(Actor.System, "second", Roles.Admin, null);
        var browser = await host.SignedInAsync();
        var session = (await host.Get<SessionStore>().ListAsync(admin.Id)).Single();
        var circuit = Principals.Of((await host.Get<SessionStore>().FindAsync(session.Id, touch: false))!);
        await users.ChangeAsync(Actor.System, admin.Id, Roles.Viewer, new HashSet<string> { "prod" });
        Assert.Contains("\"role\":\"viewer\"", await browser.GetStringAsync("/api/v1/me"));
        Assert.False(await host.Get<AccessCheck>().StillHoldsAsync(circuit));
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/people/users")).StatusCode);
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sessions()
    {
        using var host = ConsoleHost.WithAdmin();
        var (mine, other) = (await host.SignedInAsync(), await host.SignedInAsync());
        const string wanted = "five other and longer words";
        var refused = await ConsoleHost.SubmitAsync(mine, "/account/password", ("current", Wrong), ("password", wanted), ("repeated", wanted));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var differ = await ConsoleHost.SubmitAsync(mine, "/account/password", ("current", ConsoleHost.AdminPassword), ("password", wanted), ("repeated", wanted + "!"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, differ.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await Me(other));
        var done = await ConsoleHost.SubmitAsync(mine, "/account/password", ("current", ConsoleHost.AdminPassword), ("password", wanted), ("repeated", wanted));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await Me(mine));
        Assert.Equal(HttpStatusCode.Unauthorized, await Me(other));
        await host.SignedInAsync(password: wanted);
    }

    [Fact]
    public async Task The_last_admin_of_all_tenants_cannot_be_taken_away()
    {
        using var host = ConsoleHost.WithAdmin();
        var users = host.Get<UserStore>();
        var admin = (await users.ListAsync()).Single();
        Assert.NotNull(await users.SetDisabledAsync(Actor.System, admin.Id, true));
        Assert.NotNull(await users.ChangeAsync(Actor.System, admin.Id, Roles.Operator, null));
        Assert.NotNull(await users.ChangeAsync(Actor.System, admin.Id, Roles.Admin, new HashSet<string> { "prod" }));
        Assert.Equal(HttpStatusCode.OK, await Me(host.Program()));
    }

    [Theory]
    [InlineData("elevenchars", "too short")]
    [InlineData("admin-admin!", "user name")]
    [InlineData("aaaaaaaaaaaaaaaa", "common")]
    [InlineData("Password1234", "common")]
    [InlineData("correct horse battery", null)]
    [InlineData("ппппрррриииивет", null)]
    public void Length_counts_in_a_password_and_the_obvious_is_refused(string password, string? why)
    {
        var refusal = PasswordRules.Refuse(password, "admin");
        if (why is null) Assert.Null(refusal);
        else Assert.Contains(why, refusal);
    }
}
