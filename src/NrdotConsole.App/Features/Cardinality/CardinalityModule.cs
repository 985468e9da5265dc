using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Cardinality;

internal sealed class CardinalityModule : Module
{
    public override void MapEndpoints(WebApplication app) => app.MapCardinalityApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Cardinality", "/cardinality", Icons.Material.Outlined.ScatterPlot, "Signals", 12, Permissions.TelemetryRead)];
}
