using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Changes.Api;

internal static class AdoptEndpoints
{
    public static void MapAdoptApi(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/agents/{id}/config/adopt", AdoptAsync).RequirePermission(Permissions.ConfigWrite).WithTags("Agents")
            .WithSummary("Drafts a Change that makes what the agent came to run by itself the desired state of its host")
            .Produces<AdoptedView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    static async Task<IResult> AdoptAsync(HttpContext http, string id, AdoptBody? body, AgentDirectory directory, AgentAdoption adoption)
    {
        if (body?.Reason?.Length > NewChange.MaxReasonLength) return FaultResults.Problem([new("reason", body.Reason[..40] + "…", $"at most {NewChange.MaxReasonLength} characters")]);
        // Agents of other tenants are not there for who may not see them.
        var isSeen = directory.Find(id) is { } agent && http.User.MaySee(agent.Tenant);
        var (change, refusal) = isSeen ? await adoption.AdoptAsync(http.User.Actor(http.ClientAddress()), id, body?.Reason, http.RequestAborted) : (null, AgentRefusal.Unknown(id));
        return refusal is null ? Results.Created($"/api/v1/changes/{change}", new AdoptedView(change!.Value))
            : Results.Problem(statusCode: refusal.NotFound ? StatusCodes.Status404NotFound : StatusCodes.Status409Conflict, title: refusal.Title, detail: refusal.Detail);
    }
}

internal sealed record AdoptBody(string? Reason);

internal sealed record AdoptedView(long ChangeId);
