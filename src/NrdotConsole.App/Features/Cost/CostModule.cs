using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Cost;

internal sealed class CostModule : Module
{
    public override void MapEndpoints(WebApplication app) => app.MapCostApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Cost", "/cost", Icons.Material.Outlined.Payments, "Signals", 11, Permissions.CostRead)];
}
