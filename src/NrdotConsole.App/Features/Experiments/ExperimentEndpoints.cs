using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Experiments;

internal static class ExperimentEndpoints
{
    public static void MapExperimentApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/experiments", async (ExperimentReader reader, CancellationToken ct) => Results.Ok(await reader.AllAsync(ct)))
            .RequirePermission(Permissions.ConfigRead).WithTags("Experiments").WithSummary("Experiments of experiments.yaml with what their last look said").Produces<IReadOnlyList<ExperimentView>>();
        routes.MapGet("/api/v1/experiments/{key}", async (string key, ExperimentReader reader, CancellationToken ct) => await reader.FindAsync(key, ct) is { } view
                ? Results.Ok(view) : Results.Problem(statusCode: 404, title: "No such experiment.", detail: "experiments.yaml has none of this key; /api/v1/experiments lists them."))
            .RequirePermission(Permissions.ConfigRead).WithTags("Experiments").WithSummary("One experiment with every look").Produces<ExperimentView>().ProducesProblem(404);
    }
}
