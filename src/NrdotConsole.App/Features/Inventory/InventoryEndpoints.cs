using System.Text;
using Microsoft.Net.Http.Headers;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Inventory;

internal static class InventoryEndpoints
{
    public static void MapInventoryApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/inventory/ansible", List)
            .RequirePermission(Permissions.ConfigRead)
            .WithTags("Inventory").WithSummary("Hosts as an Ansible dynamic inventory, in the order of a rollout; all of them, or a page by ?offset= and ?limit=; ?tenant= narrows")
            .Produces<Dictionary<string, object>>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
        routes.MapGet("/api/v1/inventory/ansible/{tenant}/{host}/config", Config)
            .RequirePermission(Permissions.ConfigRead)
            .WithTags("Inventory").WithSummary("The collector configuration that a host (its key, or its name) should run: YAML; the ETag is its hash")
            .Produces<string>(contentType: "application/yaml").Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static IResult List(HttpContext http, HostConfigs configs)
    {
        var faults = new List<Fault>();
        var query = http.Request.Query;
        var isPaged = query.ContainsKey("limit") || query.ContainsKey("offset");
        PageRequest.TryParse(query, faults, out var page);
        if (faults.Count > 0) return FaultResults.Problem(faults);
        var tenants = http.User.AllowedTenants();
        if (query["tenant"].ToString() is { Length: > 0 } tenant)
        {
            if (!http.User.MaySee(tenant)) return NotYours();
            tenants = new HashSet<string> { tenant };
        }
        return Results.Ok(configs.Inventory(tenants).Json(isPaged ? page.Offset : 0, isPaged ? page.Limit : int.MaxValue));
    }

    static IResult Config(HttpContext http, string tenant, string host, HostConfigs configs)
    {
        if (!http.User.MaySee(tenant)) return NotYours();
        return configs.Find(tenant, host) is { } config
            ? Results.Bytes(Encoding.UTF8.GetBytes(config.Yaml), "application/yaml", entityTag: new EntityTagHeaderValue($"\"{config.Hash}\""))
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such host.", detail: $"Tenant '{tenant}' has no host '{host}' with a ring; /api/v1/inventory/ansible lists them.");
    }

    static IResult NotYours() => Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not your tenant.");
}
