using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Features.Rings;

internal sealed class RingsModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RingStore>();
        builder.Services.AddSingleton<RingAssignments>();
        builder.Services.AddHostedService<RingLoop>();
    }
}
