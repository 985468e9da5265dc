using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Coverage;

namespace NrdotConsole.App.Features.Coverage;

internal static class CoverageEndpoints
{
    public static void MapCoverageApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/coverage", (HttpContext http, SignalBoard board) => ScopeParameters.Answer(http, board.Coverage))
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Signals").WithSummary("Coverage of the fleet, a tenant (?tenant=) or a host (&host=)")
            .Produces<CoverageSummary>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
    }
}
