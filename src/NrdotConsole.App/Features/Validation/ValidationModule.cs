using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Validation;

internal sealed class ValidationModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProfileSwitches>();
        builder.Services.AddSingleton<DayOneValidator>();
    }

    public override void MapEndpoints(WebApplication app) => app.MapValidationApi();

    public override IReadOnlyList<NavItem> Navigation => [new("Day-1 validation", "/validation", Icons.Material.Outlined.Checklist, "Steer", 280, Permissions.TelemetryRead)];
}
