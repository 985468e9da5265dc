using NrdotConsole.App.Platform.Lever;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Changes.Api;

internal static class LeverEndpoints
{
    public static void MapLeverApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/lever", (SafetyLever lever) => Results.Ok(lever.State.Current)).RequirePermission(Permissions.ConfigRead)
            .WithTags("Changes").WithSummary("Whether the safety lever is pulled, by whom and why").Produces<LeverState>();
        routes.MapPost("/api/v1/lever", SetAsync).RequirePermission(Permissions.ChangesRun)
            .WithTags("Changes").WithSummary("Pulls the lever ({\"pulled\":true,\"reason\":…}) or releases it; a release needs a reason")
            .Accepts<LeverBody>("application/json").Produces<LeverState>().ProducesValidationProblem();
    }

    static async Task<IResult> SetAsync(HttpContext http, SafetyLever lever, CancellationToken ct)
    {
        var (body, fault) = await JsonBody.ReadAsync<LeverBody>(http.Request, ct);
        if (fault is null && body!.Pulled is null) fault = new("pulled", "", "true or false");
        if (fault is not null) return FaultResults.Problem([fault]);
        var actor = http.User.Actor(http.ClientAddress());
        fault = body!.Pulled!.Value ? await lever.PullAsync(actor, body.Reason, ct) : await lever.ReleaseAsync(actor, body.Reason, ct);
        return fault is null ? Results.Ok(lever.State.Current) : FaultResults.Problem([fault]);
    }
}

internal sealed record LeverBody(bool? Pulled, string? Reason);
