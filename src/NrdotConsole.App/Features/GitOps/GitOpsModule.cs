using MudBlazor;
using NrdotConsole.App.Features.GitOps.Remote;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.GitOps;

/// <summary>The files of the config repository: REST, the remote, its webhooks, the pages.</summary>
internal sealed class GitOpsModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(RemoteSettings.Read(builder.Configuration));
        builder.Services.AddSingleton<ConfigEdits>();
        builder.Services.AddSingleton<GitRemote>();
        builder.Services.AddSingleton<PushedCommits>();
        builder.Services.AddSingleton<RemoteSync>();
        builder.Services.AddHostedService(sp => sp.GetRequiredService<RemoteSync>());
    }

    public override void MapEndpoints(WebApplication app)
    {
        app.MapConfigApi();
        app.MapRemoteApi();
        app.MapWebhooks();
    }

    public override IReadOnlyList<NavItem> Navigation =>
        [new("Config", "/config", Icons.Material.Outlined.Description, "Steer", 260, Permissions.ConfigRead)];
}
