using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Platform.ConfigRepo;

/// <summary>The desired state as Git, and what its commits mean.</summary>
internal sealed class ConfigRepoModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(sp =>
        {
            sp.GetRequiredService<DataDirectoryLock>();
            return ConfigRepository.Open(sp.GetRequiredService<DataDirectory>(), sp.GetRequiredService<TimeProvider>());
        });
        builder.Services.AddSingleton<DesiredStates>();
    }

    /// <summary>No routes: the repository is open before the first one, or the start fails with a clear word.</summary>
    public override void MapEndpoints(WebApplication app) => app.Services.GetRequiredService<DesiredStates>();
}
