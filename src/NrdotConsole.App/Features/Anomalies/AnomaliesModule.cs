using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Anomalies;

internal sealed class AnomaliesModule : Module
{
    public override void MapEndpoints(WebApplication app) => app.MapAnomalyApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Anomalies", "/anomalies", Icons.Material.Outlined.Troubleshoot, "Signals", 13, Permissions.TelemetryRead)];
}
