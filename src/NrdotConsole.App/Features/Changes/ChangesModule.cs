using NrdotConsole.App.Platform.Lever;
using MudBlazor;
using NrdotConsole.App.Features.Changes.Api;
using NrdotConsole.App.Features.Changes.Pages;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Charts;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Changes from draft to applied or rolled back, and the safety lever.</summary>
internal sealed class ChangesModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ChangeStore>();
        builder.Services.AddSingleton<Approvers>();
        builder.Services.AddSingleton<DryRunner>();
        builder.Services.AddSingleton<SafetyLever>();
        builder.Services.AddSingleton<ChangeLife>();
        builder.Services.AddSingleton<ChangeBoard>();
        builder.Services.AddSingleton<ChangeReading>();
        builder.Services.AddSingleton<ChangeMarks>();
        builder.Services.AddSingleton<AgentAdoption>();
        builder.Services.AddSingleton<ChangeKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ChangeKeeper>());
        builder.Services.AddHostedService<ChangeQueue>();
    }

    public override void MapEndpoints(WebApplication app)
    {
        app.MapChangeApi();
        app.MapLeverApi();
        app.MapAdoptApi();
        // Before anything acts on the fleet: the lever as it was left, and no branch without its row.
        app.Services.GetRequiredService<SafetyLever>().LoadAsync().GetAwaiter().GetResult();
        app.Services.GetRequiredService<ChangeKeeper>().SweepAsync().GetAwaiter().GetResult();
        app.Services.GetRequiredService<ChangeBoard>().RefreshAsync().GetAwaiter().GetResult();
        app.Services.GetRequiredService<ChartMarks>().Add(app.Services.GetRequiredService<ChangeMarks>().BetweenAsync);
    }

    public override IReadOnlyList<FramePart> Frame =>
    [
        new(FramePlace.Bar, typeof(LeverButton), Permissions.ConfigRead),
        new(FramePlace.AbovePage, typeof(LeverBanner), Permissions.ConfigRead),
        new(FramePlace.Drift, typeof(AdoptButton), Permissions.ConfigWrite),
    ];

    public override IReadOnlyList<NavItem> Navigation => [new("Changes", "/changes", Icons.Material.Outlined.PublishedWithChanges, "Steer", 200, Permissions.ConfigRead)];
}
