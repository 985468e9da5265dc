using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Telemetry;

/// <summary>The pages over raw telemetry: the metrics explorer and the state of ingest.</summary>
internal sealed class ExploreModule : Module
{
    public override void AddServices(WebApplicationBuilder builder) => builder.Services.AddSingleton<MetricLabels>();

    public override IReadOnlyList<NavItem> Navigation =>
    [
        new("Metrics explorer", "/explore", Icons.Material.Outlined.QueryStats, "Telemetry", 21, Permissions.TelemetryRead),
        new("Ingest", "/ingest", Icons.Material.Outlined.Sensors, "Telemetry", 22, Permissions.TelemetryRead),
    ];
}
