using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Cost;

namespace NrdotConsole.App.Features.Cost;

internal static class CostEndpoints
{
    public static void MapCostApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/cost", (HttpContext http, SignalBoard board) => ScopeParameters.Answer(http, board.Cost))
            .RequirePermission(Permissions.CostRead)
            .WithTags("Signals").WithSummary("Cost of the fleet, a tenant (?tenant=) or a host (&host=)")
            .Produces<CostSummary>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
}
