using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Cardinality;

namespace NrdotConsole.App.Features.Cardinality;

internal static class CardinalityEndpoints
{
    public static void MapCardinalityApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/cardinality", (HttpContext http, SignalBoard board) => ScopeParameters.Answer(http, board.Cardinality))
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Signals").WithSummary("Cardinality of the fleet, a tenant (?tenant=) or a host (&host=)")
            .Produces<CardinalitySummary>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
}
