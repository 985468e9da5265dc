using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Fleet;

internal sealed class FleetModule : Module
{
    public override void MapEndpoints(WebApplication app) => app.MapFleetApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Fleet", "/fleet", Icons.Material.Outlined.Dns, "Telemetry", 20, Permissions.TelemetryRead)];
}
