using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Core.Anomalies;

namespace NrdotConsole.App.Features.Anomalies;

internal static class AnomalyEndpoints
{
    public static void MapAnomalyApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/anomalies", ListAsync)
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Signals").WithSummary("Verdicts, newest first; ?tenant= ?host= ?executable= ?level= ?label=real, falseAlarm or none ?open=true ?from= ?to= narrow, ?offset= and ?limit= page")
            .Produces<Page<AnomalyVerdict>>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);

    static async Task<IResult> ListAsync(HttpContext http, VerdictStore verdicts, TimeProvider time, CancellationToken ct)
    {
        var query = http.Request.Query;
        var faults = new List<Fault>();
        PageRequest.TryParse(query, faults, out var page);
        var minimum = QueryFields.Choice<AnomalyLevel>(query, "level", faults) ?? AnomalyLevel.None;
        var label = QueryFields.Choice<LabelFilter>(query, "label", faults);
        var open = query["open"].ToString();
        if (open is not ("" or "true" or "false")) faults.Add(new("open", open, "true or false"));
        var from = QueryFields.Time(query, "from", time.GetUtcNow(), faults);
        var to = QueryFields.Time(query, "to", time.GetUtcNow(), faults);
        if (faults.Count > 0) return FaultResults.Problem(faults);
        return ScopeParameters.Refuse(http, out var scope) ?? Results.Ok(await verdicts.PageAsync(new VerdictQuery
        {
            Tenant = scope.Tenant,
            HostKey = scope.Host,
            Executable = query["executable"].ToString() is { Length: > 0 } executable ? executable : null,
            MinimumLevel = minimum,
            OpenOnly = open == "true",
            Label = label,
            From = from,
            To = to,
            Page = page,
        }, ct));
    }
}
