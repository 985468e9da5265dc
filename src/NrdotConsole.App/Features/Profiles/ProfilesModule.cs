using System.Net;
using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Profiles;

internal sealed class ProfilesModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(CollectorSettings.Read(builder.Configuration, Dns.GetHostName()));
        builder.Services.AddSingleton<FleetEstimator>();
        builder.Services.AddSingleton<ProfileCatalogue>();
        builder.Services.AddSingleton<ProfileChanges>();
    }

    public override void MapEndpoints(WebApplication app) => app.MapProfileApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Profiles", "/profiles", Icons.Material.Outlined.Tune, "Steer", 210, Permissions.ConfigRead)];
}
