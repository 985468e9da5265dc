using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Changes.Api;
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
        routes.MapPut("/api/v1/flags/{key}", PutAsync)
            .RequirePermission(Permissions.ConfigWrite).WithTags("Flags")
            .WithSummary("Opens a change that edits a flag, or adds it; fields left out stay as they are. An Idempotency-Key makes the request safe to send again")
            .Accepts<FlagFields>("application/json").Produces<ChangeView>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(403).ProducesProblem(409).ProducesProblem(422);
        routes.MapDelete("/api/v1/flags/{key}", DeleteAsync)
            .RequirePermission(Permissions.ConfigWrite).WithTags("Flags").WithSummary("Opens a change that removes a flag; ?reason= says why")
            .Produces<ChangeView>(StatusCodes.Status201Created).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
    }

    static async Task<IResult> PutAsync(string key, HttpContext http, FlagEdits edits, CancellationToken ct)
    {
        if (Limited(http) is { } limited) return limited;
        var (fields, fault) = await JsonBody.ReadAsync<FlagFields>(http.Request, ct);
        if (fault is not null) return FaultResults.Problem([fault]);
        return Answer(http, await edits.SaveAsync(http.User.Actor(http.ClientAddress()), key, fields!, "api", requestKey: RequestKey(http), ct: ct));
    }

    static async Task<IResult> DeleteAsync(string key, string? reason, HttpContext http, FlagEdits edits, CancellationToken ct)
    {
        if (Limited(http) is { } limited) return limited;
        return await edits.RemoveAsync(http.User.Actor(http.ClientAddress()), key, reason, "api", RequestKey(http), ct) is { } outcome
            ? Answer(http, outcome)
            : Results.Problem(statusCode: StatusCodes.Status404NotFound, title: "No such flag.", detail: $"There is no flag '{key}'; /api/v1/flags lists them.");
    }

    static IResult? Limited(HttpContext http) => http.User.AllowedTenants() is null ? null
        : Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Your account is limited to tenants.", detail: "The files are the whole fleet's: editing a flag needs an account for all tenants.");

    static string? RequestKey(HttpContext http) => http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } key ? $"{http.User.RequiredUserId()}:{key}" : null;

    static IResult Answer(HttpContext http, FlagOutcome outcome)
    {
        if (outcome.Faults.Count > 0) return FaultResults.Problem(outcome.Faults);
        if (outcome.FileFaults.Count > 0)
            return Results.Problem(statusCode: StatusCodes.Status422UnprocessableEntity, title: "The flag does not validate.", detail: string.Join("\n", outcome.FileFaults.Take(20)),
                extensions: new Dictionary<string, object?> { ["faults"] = outcome.FileFaults });
        if (outcome.Refusal is { } refusal)
            return refusal.Faults.Count > 0 ? FaultResults.Problem(refusal.Faults) : Results.Problem(statusCode: StatusCodes.Status409Conflict, title: refusal.Title, detail: refusal.Detail);
        return Results.Created($"/api/v1/changes/{outcome.Change!.Id}", ChangeView.Of(outcome.Change));
    }
}
