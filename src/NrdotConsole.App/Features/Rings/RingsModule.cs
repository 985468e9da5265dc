using NrdotConsole.App.Platform.Rings;
using MudBlazor;
using NrdotConsole.App.Features.Rings.Api;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Rings;

/// <summary>Which hosts change first: the plan, who is where, and how it is altered.</summary>
internal sealed class RingsModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RingStore>();
        builder.Services.AddSingleton<RingAssignments>();
        builder.Services.AddSingleton<RingReading>();
        builder.Services.AddSingleton<RingPreviews>();
        builder.Services.AddSingleton<RingChanges>();
        builder.Services.AddHostedService<RingLoop>();
        // After the loop: it reads the assignments before anybody moves them.
        builder.Services.AddHostedService<RingFollower>();
    }

    public override void MapEndpoints(WebApplication app) => app.MapRingApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Rings", "/rings", Icons.Material.Outlined.DonutLarge, "Steer", 205, Permissions.ConfigRead)];
}
