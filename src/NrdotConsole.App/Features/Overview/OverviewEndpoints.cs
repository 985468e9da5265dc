using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Overview;

internal static class OverviewEndpoints
{
    public static void MapOverviewApi(this IEndpointRouteBuilder routes)
    {
        routes.MapSummary("/api/v1/overview", (board, scope) => board.Overview(scope), Permissions.TelemetryRead, "The overview's figures");
        routes.MapGet("/api/v1/events", EventsAsync)
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Signals").WithSummary("What happened, newest first; ?tenant= ?host= ?kind= narrow, ?offset= and ?limit= page")
            .Produces<Page<FleetEvent>>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
    }

    static async Task<IResult> EventsAsync(HttpContext http, EventStore events, CancellationToken ct)
    {
        var faults = new List<Fault>();
        if (!PageRequest.TryParse(http.Request.Query, faults, out var page)) return FaultResults.Problem(faults);
        var kind = http.Request.Query["kind"].ToString();
        return ScopeParameters.Refuse(http, out var scope)
            ?? Results.Ok(await events.PageAsync(scope.Tenant, scope.Host, kind.Length > 0 ? kind : null, page, ct));
    }
}
