using NrdotConsole.App.Features.Agents;
using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Features.Cardinality;
using NrdotConsole.App.Features.Changes;
using NrdotConsole.App.Features.Cost;
using NrdotConsole.App.Features.Coverage;
using NrdotConsole.App.Features.Demo;
using NrdotConsole.App.Features.Flags;
using NrdotConsole.App.Features.Experiments;
using NrdotConsole.App.Features.Fleet;
using NrdotConsole.App.Features.GitOps;
using NrdotConsole.App.Features.Inventory;
using NrdotConsole.App.Features.Overview;
using NrdotConsole.App.Features.People;
using NrdotConsole.App.Features.Profiles;
using NrdotConsole.App.Features.Rings;
using NrdotConsole.App.Features.Rollouts;
using NrdotConsole.App.Features.Signals;
using NrdotConsole.App.Features.Telemetry;
using NrdotConsole.App.Features.Validation;
using NrdotConsole.App.Platform.Api;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Cli;
using NrdotConsole.App.Platform.ConfigRepo;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Platform.Health;
using NrdotConsole.App.Platform.Live;
using NrdotConsole.App.Platform.Security;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Shell;

if (await CommandLine.RunAsync(args, Console.Out, Console.Error) is { } exitCode) return exitCode;
try
{
    // The program's own folder, whatever the current one is: its appsettings.json and assets are there, built or published.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = DemoSettings.Spell(args), ContentRootPath = AppContext.BaseDirectory });
    builder.WebHost.UseStaticWebAssets();

    // One line a capability: this list is the console. Data stands first: the others find its schema current.
    Module[] modules =
    [
        new DataModule(),
        new ConfigRepoModule(),
        new SecurityModule(),
        new AuthModule(),
        new TelemetryModule(),
        new SignalsModule(),
        new HealthModule(),
        new ApiModule(),
        new OverviewModule(),
        new CoverageModule(),
        new CostModule(),
        new CardinalityModule(),
        new AnomaliesModule(),
        new FleetModule(),
        new AgentsModule(),
        new RingsModule(),
        new FlagsModule(),
        new ExploreModule(),
        new ProfilesModule(),
        new LiveModule(),
        new ChangesModule(),
        new RolloutsModule(),
        new ExperimentsModule(),
        new GitOpsModule(),
        new ValidationModule(),
        new InventoryModule(),
        new PeopleModule(),
        new DemoModule(),
    ];
    modules = [.. modules, new ShellModule(modules)];

    // What keeps the host from starting is thrown, and told below; it need not be logged as well, least of all where somebody ended it.
    builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
    Ports.Configure(builder);
    foreach (var module in modules) module.AddServices(builder);
    await using var app = builder.Build();

    // The order is the safety: nothing below runs without what stands above it.
    app.UseTrustedProxies();
    app.UseSecurityHeaders();
    app.UseFaultPages();
    app.UseHsts();
    app.UseRouting();
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseAntiforgery();
    app.UseApiAntiforgery();
    app.UseRateLimiter();
    foreach (var module in modules) module.MapEndpoints(app);

    try
    {
        await app.StartAsync();
    }
    catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
    {
        // Ended before it had started.
        return 0;
    }
    if (app.Services.GetRequiredService<StartupBanner>() is { Listens: true } banner) Console.WriteLine(banner.Render());
    await app.WaitForShutdownAsync();
    return 0;
}
catch (StartException fault)
{
    await Console.Error.WriteLineAsync($"The console cannot start. {fault.Message}");
    return 1;
}

internal sealed partial class Program;
