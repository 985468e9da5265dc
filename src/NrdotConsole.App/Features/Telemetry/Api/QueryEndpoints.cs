using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Api;

internal static class QueryEndpoints
{
    public static void MapQueryApi(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/query", QueryAsync)
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Metrics").WithSummary("A window over the stored series of one metric")
            .WithDescription("metric; filter=key=value (repeated; also !=, =~, !~); group=key,key (empty: one series of all); from, to (Unix ms or s, RFC 3339, now-1h); step (30s, 5m); agg = last, avg, sum, min, max, count, rate, p50, p95, p99; limit (series); format = json or csv. Without step, group and agg: the raw points.")
            .Produces(StatusCodes.Status200OK, contentType: "application/json").ProducesValidationProblem();

    static async Task<IResult> QueryAsync(HttpContext http, QueryEngine engine, TimeProvider time, CancellationToken ct)
    {
        var faults = new List<Fault>();
        var query = MetricQueryParameters.Parse(http.Request.Query, time.GetUtcNow(), faults);
        var format = http.Request.Query["format"].ToString();
        if (format is not ("" or "json" or "csv")) faults.Add(new("format", format, "json or csv"));
        if (query is null || faults.Count > 0) return FaultResults.Problem(faults);

        var result = await engine.RunAsync(query with { Tenants = http.User.AllowedTenants() }, ct);
        if (result.Refusal is { } refusal)
            return Results.Problem(statusCode: StatusCodes.Status422UnprocessableEntity, title: "The query asks for too much.", detail: refusal);
        return format == "csv" ? Csv(http, result) : await JsonAsync(http, result, ct);
    }

    static IResult Csv(HttpContext http, QueryResult result)
    {
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{string.Concat(result.Metric.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '_'))}.csv\"";
        return Results.Text(QueryCsv.Write(result), "text/csv; charset=utf-8");
    }

    static async Task<IResult> JsonAsync(HttpContext http, QueryResult result, CancellationToken ct)
    {
        http.Response.ContentType = "application/json";
        QueryJson.Write(http.Response.BodyWriter, result);
        await http.Response.BodyWriter.FlushAsync(ct);
        return Results.Empty;
    }
}
