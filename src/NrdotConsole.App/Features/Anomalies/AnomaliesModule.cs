using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Prometheus;

namespace NrdotConsole.App.Features.Anomalies;

internal sealed class AnomaliesModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FeedbackNews>();
        builder.Services.AddSingleton<LabelStore>();
        builder.Services.AddSingleton<MissedStore>();
        builder.Services.AddSingleton<FeedbackStore>();
        builder.Services.AddSingleton<FeedbackGauges>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FeedbackGauges>());
        builder.Services.AddSingleton(services => new MetricSource(services.GetRequiredService<FeedbackGauges>().Write));
    }

    public override void MapEndpoints(WebApplication app)
    {
        app.MapAnomalyApi();
        app.MapFeedbackApi();
    }

    public override IReadOnlyList<NavItem> Navigation => [new("Anomalies", "/anomalies", Icons.Material.Outlined.Troubleshoot, "Signals", 13, Permissions.TelemetryRead)];
}
