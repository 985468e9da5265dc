using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace NrdotConsole.App.Platform.Observability;

/// <summary>
/// The console's own metrics and traces over OTLP, sent only when told where: <c>SelfTelemetry:Endpoint</c>
/// (or the standard <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>), <c>SelfTelemetry:Protocol</c> <c>grpc</c> or <c>http/protobuf</c>
/// (the endpoint is then the base address), <c>SelfTelemetry:Headers</c> as <c>key=value,key=value</c>.
/// </summary>
internal static class SelfTelemetry
{
    /// <summary>The meter and activity source of the console's own code.</summary>
    public const string Name = "NrdotConsole";

    public static void AddSelfTelemetry(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("SelfTelemetry");
        var endpoint = settings["Endpoint"] ?? builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        if (string.IsNullOrEmpty(endpoint)) return;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new StartException("SelfTelemetry:Endpoint", $"'{endpoint}' is not an http or https address.", "Give one such as http://collector:4318.");
        var http = (settings["Protocol"] ?? builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "http/protobuf") switch
        {
            "http/protobuf" => true,
            "grpc" => false,
            var other => throw new StartException("SelfTelemetry:Protocol", $"'{other}' is not known.", "Use http/protobuf or grpc."),
        };

        void Export(OtlpExporterOptions options, string path)
        {
            options.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            options.Endpoint = http ? new Uri(address, address.AbsolutePath.TrimEnd('/') + path) : address;
            if (settings["Headers"] is { Length: > 0 } headers) options.Headers = headers;
        }

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("nrdot-console", serviceVersion: typeof(SelfTelemetry).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics => metrics.AddMeter(Name).AddAspNetCoreInstrumentation().AddRuntimeInstrumentation()
                .AddOtlpExporter(options => Export(options, "/v1/metrics")))
            .WithTracing(traces => traces.AddSource(Name).AddAspNetCoreInstrumentation()
                .AddOtlpExporter(options => Export(options, "/v1/traces")));
    }
}
