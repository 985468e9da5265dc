using Microsoft.AspNetCore.Antiforgery;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Platform.Security;

/// <summary>A browser sends its cookie along with any site's request: what changes something under /api by cookie must prove that our page sent it. A bearer token is proof enough.</summary>
internal static class ApiAntiforgery
{
    public const string HeaderName = "X-CSRF-TOKEN";

    public static IApplicationBuilder UseApiAntiforgery(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var method = context.Request.Method;
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        var byCookie = context.User.Identities.Any(x => x.AuthenticationType == AuthSchemes.Cookie);
        if (reads || !byCookie || !context.Request.Path.StartsWithSegments("/api")
            || await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
        {
            await next(context);
            return;
        }
        await context.WriteProblemAsync(StatusCodes.Status400BadRequest, "The request is not proved to come from this console.",
            $"With a cookie, send the antiforgery token of GET /api/v1/me in the header {HeaderName}; or use an API token.");
    });
}
