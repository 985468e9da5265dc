using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Coverage;

internal sealed class CoverageModule : Module
{
    public override void MapEndpoints(WebApplication app) => app.MapCoverageApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Coverage", "/coverage", Icons.Material.Outlined.FactCheck, "Signals", 10, Permissions.TelemetryRead)];
}
