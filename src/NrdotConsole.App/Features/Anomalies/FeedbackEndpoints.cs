using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.App.Features.Anomalies;

/// <summary>What people say of anomalies, for programs: an incident tool that closes a ticket can label the verdict it came from.</summary>
internal static class FeedbackEndpoints
{
    static readonly TimeSpan s_usual = TimeSpan.FromDays(30);

    public static void MapFeedbackApi(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/api/v1/anomalies/{id:long}/label", LabelAsync)
            .RequirePermission(Permissions.AnomaliesLabel).WithTags("Signals").WithSummary("Says what a verdict was: real or falseAlarm, with a note if there is one to make")
            .Accepts<LabelFields>("application/json").Produces<VerdictLabel>().ProducesValidationProblem().ProducesProblem(404);
        routes.MapDelete("/api/v1/anomalies/{id:long}/label", UnlabelAsync)
            .RequirePermission(Permissions.AnomaliesLabel).WithTags("Signals").WithSummary("Takes a verdict's label away")
            .Produces(204).ProducesProblem(404);
        routes.MapGet("/api/v1/anomalies/missed", MissedAsync)
            .RequirePermission(Permissions.TelemetryRead).WithTags("Signals")
            .WithSummary("Anomalies that people report and no verdict told, newest first; ?tenant= ?host= ?from= ?to= narrow by where and when they began, ?offset= and ?limit= page")
            .Produces<Page<MissedAnomaly>>().ProducesValidationProblem().ProducesProblem(403);
        routes.MapPost("/api/v1/anomalies/missed", ReportAsync)
            .RequirePermission(Permissions.AnomaliesLabel).WithTags("Signals").WithSummary("Reports an anomaly that no verdict told")
            .Accepts<MissedFields>("application/json").Produces<MissedAnomaly>(201).ProducesValidationProblem().ProducesProblem(409);
        routes.MapDelete("/api/v1/anomalies/missed/{id:long}", RemoveAsync)
            .RequirePermission(Permissions.AnomaliesLabel).WithTags("Signals").WithSummary("Takes a report back")
            .Produces(204).ProducesProblem(404);
        routes.MapGet("/api/v1/anomalies/feedback", RatesAsync)
            .RequirePermission(Permissions.TelemetryRead).WithTags("Signals")
            .WithSummary("False-positive share and detection rate, with 95 % intervals and counts, of what began within ?from= (30 days ago) and ?to= (now), of the fleet, a tenant (?tenant=) or a host (&host=)")
            .Produces<AnomalyFeedback>().ProducesValidationProblem().ProducesProblem(403);
    }

    static async Task<IResult> LabelAsync(long id, HttpContext http, LabelStore labels, CancellationToken ct)
    {
        var (fields, fault) = await JsonBody.ReadAsync<LabelFields>(http.Request, ct);
        if (fault is not null) return FaultResults.Problem([fault]);
        if (fields!.Label is not { } label) return FaultResults.Problem([new("label", "", "real or falseAlarm")]);
        var outcome = await labels.SetAsync(http.User.Actor(http.ClientAddress()), http.User.AllowedTenants(), [id], label, fields.Note, ct);
        if (outcome.Fault is { } refused) return FaultResults.Problem([refused]);
        return outcome.Unknown.Count > 0 ? Unknown(id) : Results.Ok((await labels.OfAsync([id], ct))[id]);
    }

    static async Task<IResult> UnlabelAsync(long id, HttpContext http, LabelStore labels, CancellationToken ct) =>
        (await labels.SetAsync(http.User.Actor(http.ClientAddress()), http.User.AllowedTenants(), [id], null, null, ct)).Unknown.Count > 0 ? Unknown(id) : Results.NoContent();

    static IResult Unknown(long id) => Results.Problem(statusCode: 404, title: "No such verdict.", detail: $"There is no verdict {id}; /api/v1/anomalies lists them. One that opened this second is kept within the next.");

    static async Task<IResult> MissedAsync(HttpContext http, MissedStore missed, TimeProvider time, CancellationToken ct)
    {
        var faults = new List<Fault>();
        PageRequest.TryParse(http.Request.Query, faults, out var page);
        var (from, to) = (QueryFields.Time(http.Request.Query, "from", time.GetUtcNow(), faults), QueryFields.Time(http.Request.Query, "to", time.GetUtcNow(), faults));
        if (faults.Count > 0) return FaultResults.Problem(faults);
        return ScopeParameters.Refuse(http, out var scope) ?? Results.Ok(await missed.PageAsync(scope, from, to, page, ct));
    }

    static async Task<IResult> ReportAsync(HttpContext http, MissedStore missed, CancellationToken ct)
    {
        var (fields, fault) = await JsonBody.ReadAsync<MissedFields>(http.Request, ct);
        if (fault is not null) return FaultResults.Problem([fault]);
        var outcome = await missed.ReportAsync(http.User.Actor(http.ClientAddress()), http.User.AllowedTenants(), fields!, ct);
        if (outcome.Faults.Count > 0) return FaultResults.Problem(outcome.Faults);
        return outcome.Refusal is { } refusal ? Results.Problem(statusCode: 409, title: refusal.Title, detail: refusal.Detail) : Results.Created("/api/v1/anomalies/missed", outcome.Missed);
    }

    static async Task<IResult> RemoveAsync(long id, HttpContext http, MissedStore missed, CancellationToken ct) =>
        await missed.RemoveAsync(http.User.Actor(http.ClientAddress()), http.User.AllowedTenants(), id, ct) is { } refusal
            ? Results.Problem(statusCode: 404, title: refusal.Title, detail: refusal.Detail) : Results.NoContent();

    static async Task<IResult> RatesAsync(HttpContext http, FeedbackStore feedback, TimeProvider time, CancellationToken ct)
    {
        var (now, faults) = (time.GetUtcNow(), new List<Fault>());
        var (from, to) = (QueryFields.Time(http.Request.Query, "from", now, faults), QueryFields.Time(http.Request.Query, "to", now, faults));
        if (faults.Count > 0) return FaultResults.Problem(faults);
        return ScopeParameters.Refuse(http, out var scope) ?? Results.Ok(await feedback.ReadAsync(scope, from ?? (to ?? now) - s_usual, to ?? now, ct));
    }
}

/// <summary>A label as it is sent.</summary>
internal sealed record LabelFields(AnomalyLabel? Label, string? Note);
