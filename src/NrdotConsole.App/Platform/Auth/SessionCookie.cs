using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;

namespace NrdotConsole.App.Platform.Auth;

/// <summary>The cookie carries a session's id; who that is and what they may do is read at each request.</summary>
internal sealed class SessionCookie(SessionStore sessions) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var id = context.Principal?.FindFirst(Principals.SessionId)?.Value;
        if (id is not null && await sessions.FindAsync(id, touch: true, context.HttpContext.RequestAborted) is { } session)
        {
            context.ReplacePrincipal(Principals.Of(session));
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(AuthSchemes.Cookie);
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (context.Request.IsForPrograms())
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return context.HttpContext.WriteProblemAsync(StatusCodes.Status401Unauthorized, "Not signed in.", "Send an API token as Authorization: Bearer, or sign in.");
        }
        context.Response.Redirect(context.Request.SignInPath());
        return Task.CompletedTask;
    }

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context) => ForbidAsync(context.HttpContext);

    public static Task ForbidAsync(HttpContext context)
    {
        if (!context.Request.IsForPrograms()) return PlainPages.ForbiddenAsync(context);
        var missing = context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(x => x.Policy).LastOrDefault(x => x is not null);
        return context.WriteProblemAsync(StatusCodes.Status403Forbidden, "Not allowed.",
            missing is null ? "This is not for your account." : $"This needs the permission {missing}.");
    }
}
