using System.Text.Json;
using System.Text.Json.Serialization;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Observability;
using NrdotConsole.App.Platform.Prometheus;
using Scalar.AspNetCore;

namespace NrdotConsole.App.Platform.Api;

/// <summary>What all REST routes share: JSON conventions, the OpenAPI document and its browsable page, /metrics.</summary>
internal sealed class ApiModule : Module
{
    public const string DocumentPath = "/api/v1/openapi.json";

    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.AddSelfTelemetry();
        builder.Services.AddOpenApi("v1", options => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "NRDOT Console";
            document.Info.Description = "Signals, hosts and metrics of a fleet of OpenTelemetry collectors. Authenticate with an API token: Authorization: Bearer nrc_…";
            document.Servers?.Clear();
            return Task.CompletedTask;
        }));
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
            options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        });
    }

    public override void MapEndpoints(WebApplication app)
    {
        app.MapOpenApi(DocumentPath).RequirePermission(Permissions.TelemetryRead);
        app.MapScalarApiReference("/api/docs", options => options.WithTitle("NRDOT Console API").WithOpenApiRoutePattern(DocumentPath))
            .RequirePermission(Permissions.TelemetryRead);
        app.MapPrometheusMetrics();
    }

}
