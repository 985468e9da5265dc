using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Experiments;

internal sealed class ExperimentsModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ExperimentStore>();
        builder.Services.AddSingleton<ExperimentRunner>();
        builder.Services.AddSingleton<ExperimentReader>();
        builder.Services.AddHostedService<ExperimentLoop>();
    }

    public override void MapEndpoints(WebApplication app) => app.MapExperimentApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Experiments", "/experiments", Icons.Material.Outlined.Science, "Steer", 235, Permissions.ConfigRead)];
}
