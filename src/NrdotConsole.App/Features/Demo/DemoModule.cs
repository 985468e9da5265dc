using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Features.Demo;

/// <summary>A live fleet beside the console, where <c>--demo</c> asks for one.</summary>
internal sealed class DemoModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        var settings = DemoSettings.From(builder.Configuration);
        builder.Services.AddSingleton(settings);
        if (settings.Enabled) builder.Services.AddHostedService<DemoFleet>();
    }

    public override void MapEndpoints(WebApplication app)
    {
        var settings = app.Services.GetRequiredService<DemoSettings>();
        if (!settings.Enabled) return;
        app.Services.GetRequiredService<StartupBanner>().Add("Demonstration",
            $"{settings.Hosts} simulated hosts and this machine report every {settings.Interval}, after {settings.Backfill} of history.\nWithout {DemoSettings.Flag} the console waits for your own collectors.");
    }
}
