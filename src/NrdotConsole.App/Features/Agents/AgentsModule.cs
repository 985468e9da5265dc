using NrdotConsole.App.Platform;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>Collectors that speak OpAMP: who they are, what they shall run and what they do run.</summary>
internal sealed class AgentsModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(OpAmpSettings.From(builder.Configuration));
        services.AddSingleton<OpAmpCounters>();
        services.AddSingleton<AgentDirectory>();
        services.AddSingleton<ConfigBodies>();
        services.AddSingleton<AgentComponents>();
        services.AddSingleton<EnrolmentTokenStore>();
        services.AddSingleton<FirstEnrolmentToken>();
        services.AddSingleton<AgentSecrets>();
        services.AddSingleton<AgentStore>();
        services.AddSingleton<ConfigAssignments>();
        services.AddSingleton<OpAmpServer>();
        services.AddSingleton<OpAmpSockets>();
        services.AddSingleton<OpAmpHttp>();
        services.AddHostedService<AgentLoop>();
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, OpAmpPipeline>());
    }

    public override void MapEndpoints(WebApplication app)
    {
        var services = app.Services;
        var settings = services.GetRequiredService<OpAmpSettings>();
        var secret = services.GetRequiredService<EnrolmentTokenStore>().LoadAsync(settings.BootstrapToken).GetAwaiter().GetResult();
        services.GetRequiredService<AgentStore>().LoadAsync().GetAwaiter().GetResult();
        if (secret is not null)
        {
            services.GetRequiredService<FirstEnrolmentToken>().Secret = secret;
            services.GetRequiredService<StartupBanner>().Add("First enrolment token, shown this once (the Agents page has the supervisor's configuration)", secret);
        }
        app.MapOpAmp();
    }

}

internal static class OpAmpRoute
{
    /// <summary>The same handler on the console's port: it asks for tokens of its own, so that no account is needed.</summary>
    public static void MapOpAmp(this IEndpointRouteBuilder routes)
    {
        var http = routes.ServiceProvider.GetRequiredService<OpAmpHttp>();
        var branch = routes.CreateApplicationBuilder();
        branch.UseWebSockets();
        branch.Run(http.HandleAsync);
        routes.Map(OpAmpCodec.Path, branch.Build()).AllowAnonymous().ExcludeFromDescription();
    }
}
