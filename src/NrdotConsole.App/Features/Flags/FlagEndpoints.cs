using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Flags;

internal static class FlagEndpoints
{
    public static void MapFlagApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/flags", async (HttpContext http, FlagBoard board) =>
            {
                var faults = new List<Fault>();
                PageRequest.TryParse(http.Request.Query, faults, out var page);
                return faults.Count > 0 ? FaultResults.Problem(faults) : Results.Ok(page.Of(await board.RowsAsync(http.User.AllowedTenants())));
            })
            .RequirePermission(Permissions.ConfigRead).WithTags("Flags")
            .WithSummary("Flags of main: strategy, the hosts that have them now, guardrails and trips, use and staleness; ?offset= and ?limit= page")
            .Produces<Page<FlagRow>>().ProducesValidationProblem();
        routes.MapGet("/api/v1/flags/{key}", async (string key, HttpContext http, FlagBoard board) =>
                (await board.RowsAsync(http.User.AllowedTenants())).FirstOrDefault(f => f.Key == key) is { } row
                    ? Results.Ok(row)
                    : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such flag.", detail: $"There is no flag '{key}'; /api/v1/flags lists them."))
            .RequirePermission(Permissions.ConfigRead).WithTags("Flags").WithSummary("One flag")
            .Produces<FlagRow>().ProducesProblem(StatusCodes.Status404NotFound);
        routes.MapGet("/api/v1/flags/{key}/evaluations", (string key, HttpContext http, FlagUseLog log) =>
            {
                var faults = new List<Fault>();
                PageRequest.TryParse(http.Request.Query, faults, out var page);
                if (faults.Count > 0) return FaultResults.Problem(faults);
                var answers = log.Recent(key, FlagUseLog.Capacity);
                return Results.Ok(page.Of(http.User.AllowedTenants() is { } tenants ? [.. answers.Where(a => tenants.Contains(a.Tenant))] : answers));
            })
            .RequirePermission(Permissions.ConfigRead).WithTags("Flags").WithSummary("Who was answered what lately, the newest first; since the console started")
            .Produces<Page<FlagAnswer>>().ProducesValidationProblem();
    }
}
