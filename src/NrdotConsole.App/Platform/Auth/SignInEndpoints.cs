using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>Sign-in, set-up link, own password, sign-out: plain forms, so that the answer can set a cookie.</summary>
internal static class SignInEndpoints
{
    public const string RateLimit = "sign-in";
    const int MaxFormBytes = 16 * 1024;

    public static void Map(WebApplication app)
    {
        var open = app.MapGroup("").AllowAnonymous();
        open.MapGet("/sign-in", (AuthSettings settings, string? returnUrl, string? notice) =>
            PlainPages.SignIn(settings, Requests.LocalPath(returnUrl), notice: Notice(notice)));
        Form(open.MapPost("/sign-in", SignInAsync));
        open.MapGet("/set-up/{token}", SetUpPageAsync);
        Form(open.MapPost("/set-up/{token}", SetUpAsync));

        app.MapGet("/account/password", (HttpContext context) => PlainPages.NewPassword("/account/password", context.User.Identity!.Name!, askCurrent: true)).RequireSession();
        Form(app.MapPost("/account/password", ChangePasswordAsync)).RequireSession();
        app.MapPost("/sign-out", SignOutAsync).AddEndpointFilter<FormFilter>().RequireSession();
    }

    static RouteHandlerBuilder Form(RouteHandlerBuilder route) =>
        route.AddEndpointFilter<FormFilter>().RequireRateLimiting(RateLimit).WithMetadata(new RequestSizeLimitAttribute(MaxFormBytes));

    static string? Notice(string? notice) => notice switch
    {
        "signed-out" => "You are signed out.",
        "password-set" => "The password is set. Sign in with it.",
        _ => null,
    };

    static async Task<IResult> SignInAsync(HttpContext context, SignIn signIn, SessionStore sessions, AuthSettings settings)
    {
        var form = await context.Request.ReadFormAsync();
        var (name, password, returnUrl) = (form["name"].ToString(), form["password"].ToString(), Requests.LocalPath(form["returnUrl"]));
        var result = await signIn.TryAsync(name, password, context.ClientAddress(), context.RequestAborted);
        if (result.Status == SignInStatus.Accepted)
        {
            var session = await sessions.CreateAsync(result.UserId, context.ClientAddress(), context.Request.Headers.UserAgent.ToString(), context.RequestAborted);
            await context.SignInAsync(AuthSchemes.Cookie, Principals.OfSessionId(session));
            return Results.LocalRedirect(returnUrl);
        }
        return result.Status == SignInStatus.Busy
            ? PlainPages.SignIn(settings, returnUrl, name, "Too many sign-ins are being checked. Try again in a moment.", status: StatusCodes.Status503ServiceUnavailable)
            : PlainPages.SignIn(settings, returnUrl, name, "The user name or the password is not right, or the account rests for some minutes after wrong ones.", status: StatusCodes.Status401Unauthorized);
    }

    static async Task<IResult> SetUpPageAsync(HttpContext context, SetupLinks links, string token) =>
        await links.FindAsync(token, context.RequestAborted) is { } user ? PlainPages.NewPassword($"/set-up/{token}", user.Name, askCurrent: false) : DeadLink(context);

    static async Task<IResult> SetUpAsync(HttpContext context, SetupLinks links, string token)
    {
        if (await links.FindAsync(token, context.RequestAborted) is not { } user) return DeadLink(context);
        var form = await context.Request.ReadFormAsync();
        var password = form["password"].ToString();
        var (done, refusal) = password != form["repeated"] ? (null, "The two passwords differ.") : await links.RedeemAsync(token, password, context.ClientAddress(), context.RequestAborted);
        if (refusal is not null) return PlainPages.NewPassword($"/set-up/{token}", user.Name, askCurrent: false, refusal);
        return done is null ? DeadLink(context) : Results.LocalRedirect("/sign-in?notice=password-set");
    }

    static IResult DeadLink(HttpContext context) => PlainPages.Message(context, StatusCodes.Status404NotFound, "This link is good no more",
        "It was used already, or is older than a day. An admin can make a new one under People, Users; for the first admin, start the console again: it prints a new link.", "/sign-in", "To the sign-in");

    static async Task<IResult> ChangePasswordAsync(HttpContext context, OwnPassword own)
    {
        var form = await context.Request.ReadFormAsync();
        var refusal = form["password"] != form["repeated"] ? "The two passwords differ."
            : await own.ChangeAsync(context.User, form["current"].ToString(), form["password"].ToString(), context.ClientAddress(), context.RequestAborted);
        return refusal is null ? Results.LocalRedirect("/account?notice=password-set")
            : PlainPages.NewPassword("/account/password", context.User.Identity!.Name!, askCurrent: true, refusal);
    }

    static async Task<IResult> SignOutAsync(HttpContext context, SessionStore sessions)
    {
        if (context.User.FindFirst(Principals.SessionId)?.Value is { } session) await sessions.EndAsync(context.User.RequiredUserId(), session);
        await context.SignOutAsync(AuthSchemes.Cookie);
        return Results.LocalRedirect("/sign-in?notice=signed-out");
    }

    /// <summary>For what a person does in a browser: an API token is not enough.</summary>
    static RouteHandlerBuilder RequireSession(this RouteHandlerBuilder route) =>
        route.RequireAuthorization(new AuthorizeAttribute { AuthenticationSchemes = AuthSchemes.Cookie });
}
