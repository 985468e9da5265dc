using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Live;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Platform.Api;

/// <summary>The <c>tenant</c> and <c>host</c> of a request, held against the tenants that the asker may see.</summary>
internal static class ScopeParameters
{
    /// <summary>A GET route that answers the summary of the asked scope.</summary>
    public static void MapSummary<T>(this IEndpointRouteBuilder routes, string path, Func<SignalBoard, SignalScope, Live<T>> panel, string permission, string what) where T : class =>
        routes.MapGet(path, (HttpContext http, SignalBoard board) => Answer(http, scope => panel(board, scope)))
            .RequirePermission(permission)
            .WithTags("Signals").WithSummary($"{what} of the fleet, a tenant (?tenant=) or a host (&host=)")
            .Produces<T>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);

    /// <summary>Answers a summary of the asked scope; 400, 403 or (before the first tick) 503 where it can't.</summary>
    public static IResult Answer<T>(HttpContext http, Func<SignalScope, Live<T>> panel) where T : class =>
        Refuse(http, out var scope)
        ?? (panel(scope).Current is { } summary ? Results.Ok(summary) : NotYet(http));

    /// <summary>Null when the scope may be read, else the refusal.</summary>
    public static IResult? Refuse(HttpContext http, out SignalScope scope)
    {
        var tenant = http.Request.Query["tenant"].ToString();
        var host = http.Request.Query["host"].ToString();
        scope = new(tenant.Length > 0 ? tenant : null, host.Length > 0 ? host : null);
        if (scope is { Host: not null, Tenant: null })
            return FaultResults.Problem([new("host", host, "a host's key together with its tenant: ?tenant=…&host=…")]);
        if (scope.Tenant is null ? http.User.AllowedTenants() is null : http.User.MaySee(scope.Tenant)) return null;
        return Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not your tenant.",
            detail: $"Your account sees {string.Join(", ", http.User.AllowedTenants() ?? new HashSet<string>())}; name one of them as ?tenant=.");
    }

    static IResult NotYet(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "The console has just started.",
            detail: "The first summary is computed within a second of the start.");
    }
}
