using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Coverage;

internal static class CoverageEndpoints
{
    public static void MapCoverageApi(this IEndpointRouteBuilder routes) =>
        routes.MapSummary("/api/v1/coverage", (board, scope) => board.Coverage(scope), Permissions.TelemetryRead, "Coverage");
}
