using NrdotConsole.App.Features.Telemetry.Api;
using NrdotConsole.App.Features.Telemetry.Otlp;
using NrdotConsole.App.Features.Telemetry.Pages;
using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Features.Telemetry.Tokens;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Telemetry;

/// <summary>Points in: OTLP on its two ports, ingest tokens, the series store.</summary>
internal sealed class TelemetryModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddOtlp(builder.Configuration);
        builder.Services.AddSeriesStore();
    }

    public override IReadOnlyList<FramePart> Frame => [new(FramePlace.AbovePage, typeof(StoreNotice), Permissions.TelemetryRead)];

    /// <summary>OTLP has ports and a pipeline of its own; what it needs before the first request is its tokens.</summary>
    public override void MapEndpoints(WebApplication app)
    {
        app.MapQueryApi();
        app.MapCatalogueApi();
        var settings = app.Services.GetRequiredService<OtlpSettings>();
        var secret = app.Services.GetRequiredService<IngestTokenStore>().LoadAsync(settings.BootstrapToken).GetAwaiter().GetResult();
        app.Services.GetRequiredService<FirstIngestToken>().Secret = secret;
        if (secret is null) return;
        var ports = app.Services.GetRequiredService<Ports>();
        app.Services.GetRequiredService<StartupBanner>().Add(
            "First ingest token, shown this once, as a collector's exporter (the Ingest page has a whole configuration)",
            address => CollectorSnippet.RenderExporter(new UriBuilder(address) { Port = ports.OtlpHttp }.Uri.ToString(), secret));
    }
}
