using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Signals;
using NrdotConsole.Core.Telemetry;

namespace NrdotConsole.App.Features.Telemetry.Api;

/// <summary>What can be asked for, and how ingest stands.</summary>
internal static class CatalogueEndpoints
{
    public static void MapCatalogueApi(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/metrics", Metrics)
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Metrics").WithSummary("Metrics with kind, unit and series count; ?q= (part of a name) narrows, ?offset= and ?limit= page")
            .Produces<Page<MetricRow>>().ProducesValidationProblem();
        routes.MapGet("/api/v1/series", Series)
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Metrics").WithSummary("Series of a metric with their newest point; ?metric= ?filter=key=value, ?offset= and ?limit= page")
            .Produces(StatusCodes.Status200OK, contentType: "application/json").ProducesValidationProblem();
        routes.MapGet("/api/v1/labels", Labels)
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Metrics").WithSummary("Label keys of a metric, or with ?key= the values of one; ?q= narrows, ?limit= bounds")
            .Produces<Page<LabelValueRow>>().ProducesValidationProblem();
        routes.MapGet("/api/v1/ingest", Ingest)
            .RequirePermission(Permissions.TelemetryRead)
            .WithTags("Ingest").WithSummary("Throughput, refusals, senders and the store's state")
            .Produces<IngestSummary>().ProducesProblem(StatusCodes.Status403Forbidden);
    }

    static IResult Metrics(HttpContext http, SeriesCatalogue catalogue)
    {
        var faults = new List<Fault>();
        if (!PageRequest.TryParse(http.Request.Query, faults, out var page)) return FaultResults.Problem(faults);
        return Results.Ok(catalogue.Metrics(http.User.AllowedTenants(), Text(http, "q"), page.Offset, page.Limit));
    }

    static IResult Series(HttpContext http, SeriesCatalogue catalogue)
    {
        var faults = new List<Fault>();
        PageRequest.TryParse(http.Request.Query, faults, out var page);
        if (Text(http, "metric") is not { } metric) faults.Add(new("metric", "", "the name of a metric; /api/v1/metrics lists them"));
        else if (MetricQueryParameters.ParseFilters(http.Request.Query, faults) is var filters && faults.Count == 0)
        {
            if (catalogue.Series(metric, filters, http.User.AllowedTenants(), page.Offset, page.Limit, out var fault) is { } found)
                return Results.Ok(new Page<object>([.. found.Items.Select(Row)], found.Total, page.Offset, page.Limit));
            faults.Add(new("filter", string.Join(" ", http.Request.Query["filter"].AsEnumerable()), fault ?? ""));
        }
        return FaultResults.Problem(faults);

        static object Row(SeriesRow row) => new { labels = row.Labels, tenant = row.Tenant, last = new { unixMs = row.Last.UnixMs, value = row.Last.Recorded ? row.Last.Value : (double?)null } };
    }

    static IResult Labels(HttpContext http, SeriesCatalogue catalogue)
    {
        var faults = new List<Fault>();
        PageRequest.TryParse(http.Request.Query, faults, out var page);
        if (Text(http, "metric") is not { } metric) faults.Add(new("metric", "", "the name of a metric; /api/v1/metrics lists them"));
        else if (faults.Count == 0)
        {
            if (Text(http, "key") is not { } key) return Results.Ok(page.Of(catalogue.LabelKeys(metric, http.User.AllowedTenants())));
            var found = catalogue.LabelValues(metric, key, Text(http, "q"), http.User.AllowedTenants(), page.Offset + page.Limit);
            return Results.Ok(new Page<LabelValueRow>([.. found.Items.Skip(page.Offset)], found.Total, page.Offset, page.Limit));
        }
        return FaultResults.Problem(faults);
    }

    static IResult Ingest(HttpContext http, SignalBoard board) =>
        http.User.AllowedTenants() is not null
            ? Results.Problem(statusCode: StatusCodes.Status403Forbidden, title: "Of all tenants only.", detail: "Ingest is shared by all tenants; your account is limited to some.")
            : ScopeParameters.Answer(http, _ => board.Ingest);

    static string? Text(HttpContext http, string field) => http.Request.Query[field].ToString() is { Length: > 0 } text ? text : null;
}
