using NrdotConsole.App.Features.Anomalies;
using NrdotConsole.App.Features.Cardinality;
using NrdotConsole.App.Features.Cost;
using NrdotConsole.App.Features.Overview;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Signals;

namespace NrdotConsole.App.Features.Signals;

internal sealed class SignalsModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(SignalSettings.Read(builder.Configuration));
        builder.Services.AddSingleton<SignalBoard>();
        builder.Services.AddSingleton<EventStore>();
        builder.Services.AddSingleton<KnownHosts>();
        builder.Services.AddSingleton<VerdictStore>();
        builder.Services.AddSingleton<UsageStore>();
        builder.Services.AddSingleton<SketchStore>();
        builder.Services.AddSingleton<SignalStores>();
        builder.Services.AddSingleton<SnapshotFile>();
        builder.Services.AddSingleton<IngestMeter>();
        builder.Services.AddSingleton<SignalEngine>();
        builder.Services.AddSingleton<SignalLoop>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SignalLoop>());
    }
}
