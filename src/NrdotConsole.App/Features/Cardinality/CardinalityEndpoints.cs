using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Cardinality;

internal static class CardinalityEndpoints
{
    public static void MapCardinalityApi(this IEndpointRouteBuilder routes) =>
        routes.MapSummary("/api/v1/cardinality", (board, scope) => board.Cardinality(scope), Permissions.TelemetryRead, "Cardinality");
}
