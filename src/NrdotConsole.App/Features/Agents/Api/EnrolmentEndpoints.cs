using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Agents;

internal static class EnrolmentEndpoints
{
    public static void MapEnrolmentApi(this IEndpointRouteBuilder routes)
    {
        const string path = "/api/v1/enrolment-tokens";
        routes.MapGet(path, (HttpContext http, EnrolmentTokenStore store) => Results.Ok(store.List().Where(t => Sees(http, t.Tenant)).Select(EnrolmentTokenView.Of).ToList()))
            .RequirePermission(Permissions.AgentsManage).WithTags("Agents")
            .WithSummary("Enrolment tokens, the newest first, without their secrets").Produces<List<EnrolmentTokenView>>();
        routes.MapPost(path, CreateAsync).RequirePermission(Permissions.AgentsManage).WithTags("Agents")
            .WithSummary("Makes an enrolment token. tenant, maxUses and expiresAt may be left out; the secret is in this answer alone")
            .Produces<NewEnrolmentTokenView>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
        routes.MapDelete(path + "/{id:long}", RevokeAsync).RequirePermission(Permissions.AgentsManage).WithTags("Agents")
            .WithSummary("Revokes a token: agents without a secret of their own that it brought in are cut off")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static async Task<IResult> CreateAsync(HttpContext http, NewEnrolmentToken wanted, EnrolmentTokenStore store)
    {
        var tenant = string.IsNullOrWhiteSpace(wanted.Tenant) ? null : wanted.Tenant.Trim();
        if (!Sees(http, tenant)) return Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not your tenant.", detail: "Name one of yours: a token without a tenant enrols into any.");
        var (token, secret, fault) = await store.CreateAsync(http.User.Actor(http.ClientAddress()), wanted.Name ?? "", tenant, wanted.MaxUses, wanted.ExpiresAt, ct: http.RequestAborted);
        return fault is not null ? FaultResults.Problem([fault]) : Results.Created($"/api/v1/enrolment-tokens/{token!.Id}", new NewEnrolmentTokenView(EnrolmentTokenView.Of(token), secret!));
    }

    static async Task<IResult> RevokeAsync(HttpContext http, long id, EnrolmentTokenStore store, AgentCommands commands)
    {
        if (store.Find(id) is not { } token || !Sees(http, token.Tenant)) return Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such token.");
        return await commands.RevokeAsync(http.User.Actor(http.ClientAddress()), id, http.RequestAborted) is { } refusal ? AgentEndpoints.Refused(refusal) : Results.NoContent();
    }

    /// <summary>Who is limited to tenants has nothing to do with tokens of all of them.</summary>
    static bool Sees(HttpContext http, string? tenant) => tenant is null ? http.User.AllowedTenants() is null : http.User.MaySee(tenant);
}
