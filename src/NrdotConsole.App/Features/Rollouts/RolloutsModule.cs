using MudBlazor;
using NrdotConsole.App.Features.Rollouts.Pages;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Rollouts;

/// <summary>Changes on their way through the rings: waves, gates, the way back, and the poison list.</summary>
internal sealed class RolloutsModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(RolloutSettings.Read(builder.Configuration));
        services.AddSingleton<PoisonList>();
        services.AddSingleton<RolloutStore>();
        services.AddSingleton<RolloutFleet>();
        services.AddSingleton<GateKeeper>();
        services.AddSingleton<RolloutEngine>();
        services.AddSingleton<RolloutReader>();
        services.AddSingleton<Newcomers>();
        services.AddHostedService<RolloutLoop>();
    }

    public override void MapEndpoints(WebApplication app) => app.MapRolloutApi();

    public override IReadOnlyList<FramePart> Frame => [new(FramePlace.Change, typeof(RolloutSection), Permissions.ConfigRead)];

    public override IReadOnlyList<NavItem> Navigation => [new("Rollouts", "/rollouts", Icons.Material.Outlined.RocketLaunch, "Steer", 202, Permissions.ConfigRead)];
}
