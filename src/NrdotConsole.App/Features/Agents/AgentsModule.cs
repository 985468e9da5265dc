using MudBlazor;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Agents;

/// <summary>Collectors that speak OpAMP: who they are, what they shall run and what they do run.</summary>
internal sealed class AgentsModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOpAmp(builder.Configuration);
        services.AddSingleton<DesiredConfigs>();
        services.AddSingleton<AgentConfigs>();
        services.AddSingleton<AgentCommands>();
    }

    public override void MapEndpoints(WebApplication app)
    {
        var services = app.Services;
        if (services.LoadAgentsAsync().GetAwaiter().GetResult() is { } secret)
        {
            services.GetRequiredService<FirstEnrolmentToken>().Secret = secret;
            services.GetRequiredService<StartupBanner>().Add("First enrolment token, shown this once (the Agents page has the supervisor's configuration)", secret);
        }
        app.MapOpAmp();
        app.MapAgentApi();
        app.MapEnrolmentApi();
    }

    public override IReadOnlyList<NavItem> Navigation => [new("Agents", "/agents", Icons.Material.Outlined.SmartToy, "Steer", 270, Permissions.ConfigRead)];
}
