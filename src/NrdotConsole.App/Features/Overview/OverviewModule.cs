using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Overview;

internal sealed class OverviewModule : Module
{
    public override void MapEndpoints(WebApplication app) => app.MapOverviewApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Overview", "/", Icons.Material.Outlined.SpaceDashboard, "", 0, Permissions.TelemetryRead)];
}
