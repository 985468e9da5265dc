using System.Text.Json;
using System.Text.Json.Serialization;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Observability;
using NrdotConsole.App.Platform.Prometheus;
using NrdotConsole.App.Platform.Security;
using Scalar.AspNetCore;

namespace NrdotConsole.App.Platform.Api;

/// <summary>What all REST routes share: JSON conventions, the OpenAPI document and its browsable page, /metrics.</summary>
internal sealed class ApiModule : Module
{
    public const string DocumentPath = "/api/v1/openapi.json";

    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.AddSelfTelemetry();
        builder.Services.AddOpenApi("v1", options =>
        {
            // Pages and forms are no interface.
            options.ShouldInclude = route => route.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "NRDOT Console";
                document.Info.Description = "Signals, hosts and metrics of a fleet of OpenTelemetry collectors. Authenticate with an API token: Authorization: Bearer nrc_…";
                document.Servers?.Clear();
                return Task.CompletedTask;
            });
        });
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
        app.MapScalarApiReference("/api/docs", (options, http) => options
                .WithTitle("NRDOT Console API").WithOpenApiRoutePattern(DocumentPath).WithNonce(http.CspNonce())
                .DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp().HideDeveloperTools().HideClientButton())
            .WithMetadata(new WritesStyleElements())
            .RequirePermission(Permissions.TelemetryRead);
        app.MapPrometheusMetrics();
    }

}
