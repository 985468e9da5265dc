using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Fleet;
using NrdotConsole.Core.Overview;

namespace NrdotConsole.App.Features.Fleet;

internal static class FleetEndpoints
{
    public static void MapFleetApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/hosts", List)
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Hosts").WithSummary("Hosts, by name; ?tenant= ?health= and ?q= (part of a name or key) narrow, ?offset= and ?limit= page")
            .Produces<Page<HostRow>>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
        routes.MapGet("/api/v1/hosts/{tenant}/{host}", One)
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Hosts").WithSummary("One host by tenant and key (host.id, else host.name)")
            .Produces<HostRow>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
    }

    static IResult List(HttpContext http, SignalBoard board)
    {
        var faults = new List<Fault>();
        PageRequest.TryParse(http.Request.Query, faults, out var page);
        var health = QueryFields.Choice<HostHealth>(http.Request.Query, "health", faults);
        if (faults.Count > 0) return FaultResults.Problem(faults);
        if (http.Request.Query["tenant"].Count == 0 && http.User.AllowedTenants() is { } tenants)
            return Results.Ok(page.Of(Filter(tenants.SelectMany(t => Rows(board, new(t))), http, health)));
        return ScopeParameters.Refuse(http, out var scope)
            ?? Results.Ok(page.Of(Filter(Rows(board, scope), http, health)));
    }

    static IResult One(HttpContext http, string tenant, string host, SignalBoard board)
    {
        if (!http.User.MaySee(tenant)) return Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Not your tenant.");
        return Rows(board, new(tenant)).FirstOrDefault(r => r.HostKey == host) is { } row
            ? Results.Ok(row)
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such host.", detail: $"Tenant '{tenant}' has no host with the key '{host}'; /api/v1/hosts lists them.");
    }

    static IEnumerable<HostRow> Rows(SignalBoard board, SignalScope scope) => board.Fleet(scope).Current?.Rows ?? [];

    static List<HostRow> Filter(IEnumerable<HostRow> rows, HttpContext http, HostHealth? health)
    {
        var text = http.Request.Query["q"].ToString();
        return [.. rows
            .Where(r => health is null || r.Health == health)
            .Where(r => text.Length == 0 || r.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || r.HostKey.Contains(text, StringComparison.OrdinalIgnoreCase))
            .OrderBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Tenant, StringComparer.Ordinal)];
    }
}
