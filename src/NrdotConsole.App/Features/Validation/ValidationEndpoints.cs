using System.Globalization;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.Core.Overview;
using NrdotConsole.Core.Validation;

namespace NrdotConsole.App.Features.Validation;

internal static class ValidationEndpoints
{
    public static void MapValidationApi(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/validation", AnswerAsync)
        .RequirePermission(Permissions.TelemetryRead)
        .WithTags("Validation").WithSummary("Day-1 checks of ?scope= (fleet, tenant:T or host:T/KEY), or of a &ring= of it: pass, fail or unknown, each with value, unit, bound and source")
        .Produces<DayOneReport>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    static async Task<IResult> AnswerAsync(HttpContext http, DayOneValidator validator, DesiredStates states, CancellationToken ct)
    {
        var faults = new List<Fault>();
        var scopeText = http.Request.Query["scope"].ToString();
        if (!SignalScope.TryParse(scopeText, out var scope)) faults.Add(new("scope", scopeText, "fleet, tenant:T or host:T/KEY"));
        var ring = Ring(http, states, faults);
        if (faults.Count > 0) return FaultResults.Problem(faults);
        if (scope.Tenant is null ? http.User.AllowedTenants() is not null : !http.User.MaySee(scope.Tenant))
            return Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not your tenant.", detail: "Name one of your tenants as ?scope=tenant:T.");
        if (await validator.JudgeAsync(scope, ring, ct) is not { } report)
        {
            http.Response.Headers.RetryAfter = "1";
            return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, title: "The console has just started.", detail: "The first summary is computed within a second of the start.");
        }
        return scope.Host is { } host && report.Facts.Hosts == 0 && ring is null
            ? Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such host.", detail: $"Tenant '{scope.Tenant}' has no host with the key '{host}'; /api/v1/hosts lists them.")
            : Results.Ok(report);
    }

    static int? Ring(HttpContext http, DesiredStates states, List<Fault> faults)
    {
        var text = http.Request.Query["ring"].ToString();
        if (text.Length == 0) return null;
        var rings = states.Current.Rings.Rings;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ring) && rings.Any(r => r.Id == ring)) return ring;
        faults.Add(new("ring", text, $"one of {string.Join(", ", rings.Select(r => r.Id))}"));
        return null;
    }
}
