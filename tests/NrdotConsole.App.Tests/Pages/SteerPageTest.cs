using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor.Services;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Flags;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Tests.Changes;
using NrdotConsole.Core.Desired;

namespace NrdotConsole.App.Tests.Pages;

/// <summary>Pages of the desired state, on a real repository and database.</summary>
public abstract class SteerPageTest : PageTest
{
    protected SteerPageTest()
    {
        World = Owns(new ChangeWorld());
        Changes = new(World.Store, World.Life, Time, NullLogger<ChangeBoard>.Instance);
        Services.AddSingleton(World.Repository);
        Services.AddSingleton(World.States);
        Services.AddSingleton(World.Database);
        Services.AddSingleton(World.Store);
        Services.AddSingleton(World.Life);
        Services.AddSingleton(World.Rings);
        Services.AddSingleton(World.Agents);
        Services.AddSingleton(World.Audit);
        Services.AddSingleton(World.Users);
        Services.AddSingleton(Changes);
        Services.AddSingleton<SessionStore>();
        Services.AddSingleton<ApiTokenStore>();
        Services.AddSingleton<AccessCheck>();
        Services.AddMudServices();
    }

    internal ChangeWorld World { get; }
    internal ChangeBoard Changes { get; }

    protected Task SeeAsync(int hosts) => World.Rings.SeeAsync(World.States.Current.Rings, [.. Enumerable.Range(0, hosts).Select(i => new HostIdentity("prod", $"i-{i:000}", $"host-{i:000}"))]);

    protected void AddFlags()
    {
        Services.AddSingleton<RollingFlags>();
        Services.AddSingleton<LiveFlags>();
        Services.AddSingleton<FlagReached>();
        Services.AddSingleton<FlagStore>();
        Services.AddSingleton<FlagUseLog>();
        Services.AddSingleton<FlagBoard>();
        Services.AddSingleton<FlagEdits>();
    }
}
