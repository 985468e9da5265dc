using System.Globalization;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Profiles;

internal static class ProfileEndpoints
{
    public static void MapProfileApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/profiles", (HttpContext http, ProfileCatalogue catalogue) => Results.Ok(List(http, catalogue)))
            .RequirePermission(Permissions.ConfigRead)
            .WithTags("Profiles").WithSummary("Profiles, the one that costs least first, with what the fleet would send and cost by each")
            .Produces<ProfileList>();
        routes.MapGet("/api/v1/profiles/{name}", One)
            .RequirePermission(Permissions.ConfigRead)
            .WithTags("Profiles").WithSummary("One profile")
            .Produces<ProfileRow>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/api/v1/profiles/{name}/render", Render)
            .RequirePermission(Permissions.ConfigRead)
            .WithTags("Profiles").WithSummary("The collector configuration that hosts of a ?ring= (0) and ?tenant= get by the profile: YAML, hash and what its check found")
            .Produces<RenderedProfile>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static ProfileList List(HttpContext http, ProfileCatalogue catalogue)
    {
        var list = catalogue.List(http.User.AllowedTenants());
        if (http.User.Has(Permissions.CostRead)) return list;
        return list with { Profiles = [.. list.Profiles.Select(p => p with { Estimate = p.Estimate with { UsdPerHour = null } })] };
    }

    static IResult One(HttpContext http, string name, ProfileCatalogue catalogue) =>
        List(http, catalogue).Profiles.FirstOrDefault(p => p.Profile.Name == name) is { } row ? Results.Ok(row) : NotFound(name, catalogue);

    static IResult Render(HttpContext http, string name, ProfileCatalogue catalogue)
    {
        var (ring, tenant) = (http.Request.Query["ring"].ToString(), http.Request.Query["tenant"].ToString());
        var rings = catalogue.State.Rings.Rings;
        var id = 0;
        if (ring.Length > 0 && (!int.TryParse(ring, NumberStyles.None, CultureInfo.InvariantCulture, out id) || rings.All(r => r.Id != id)))
            return FaultResults.Problem([new("ring", ring, $"one of {string.Join(", ", rings.Select(r => r.Id))}")]);
        if (tenant.Length > 0 && !http.User.MaySee(tenant)) return Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not your tenant.");
        return catalogue.Render(name, id, tenant.Length > 0 ? tenant : null) is { } rendered ? Results.Ok(rendered) : NotFound(name, catalogue);
    }

    static IResult NotFound(string name, ProfileCatalogue catalogue) => Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such profile.",
        detail: $"There is no profile '{(name.Length > 60 ? name[..60] + "…" : name)}'; there are {string.Join(", ", catalogue.Profiles.Profiles.Select(p => p.Name))}.");
}
