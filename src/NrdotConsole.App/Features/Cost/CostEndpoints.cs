using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Cost;

internal static class CostEndpoints
{
    public static void MapCostApi(this IEndpointRouteBuilder routes) =>
        routes.MapSummary("/api/v1/cost", (board, scope) => board.Cost(scope), Permissions.CostRead, "Cost");
}
