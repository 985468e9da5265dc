using NrdotConsole.App.Platform.Prometheus;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

internal static class OpAmpServices
{
    public static IServiceCollection AddOpAmp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(OpAmpSettings.From(configuration));
        services.AddSingleton<OpAmpCounters>();
        services.AddSingleton<AgentDirectory>();
        services.AddSingleton<ConfigBodies>();
        services.AddSingleton<AgentComponents>();
        services.AddSingleton<EnrolmentTokenStore>();
        services.AddSingleton<FirstEnrolmentToken>();
        services.AddSingleton<AgentSecrets>();
        services.AddSingleton<AgentStore>();
        services.AddSingleton<RestartOrders>();
        services.AddSingleton<ConfigAssignments>();
        services.AddSingleton<OpAmpServer>();
        services.AddSingleton<OpAmpSockets>();
        services.AddSingleton<OpAmpHttp>();
        services.AddSingleton<DriftWatch>();
        services.AddSingleton<AgentBoard>();
        services.AddSingleton<AgentLoop>();
        services.AddHostedService(s => s.GetRequiredService<AgentLoop>());
        services.AddSingleton(s => new MetricSource(text => OpAmpMetrics.Write(
            text, s.GetRequiredService<AgentDirectory>().All, s.GetRequiredService<OpAmpCounters>(), s.GetRequiredService<TimeProvider>().GetUtcNow())));
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, OpAmpPipeline>());
        return services;
    }

    /// <summary>Reads tokens and agents; call once, before the first connection.</summary>
    /// <returns>The secret of the first token, if it was made now.</returns>
    public static async Task<string?> LoadAgentsAsync(this IServiceProvider services)
    {
        var secret = await services.GetRequiredService<EnrolmentTokenStore>().LoadAsync(services.GetRequiredService<OpAmpSettings>().BootstrapToken);
        await services.GetRequiredService<AgentStore>().LoadAsync();
        return secret;
    }

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
