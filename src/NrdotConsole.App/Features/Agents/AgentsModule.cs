using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Features.Agents;

/// <summary>Collectors that speak OpAMP: who they are, what they shall run and what they do run.</summary>
internal sealed class AgentsModule : Module
{
    public override void AddServices(WebApplicationBuilder builder) => builder.Services.AddOpAmp(builder.Configuration);

    public override void MapEndpoints(WebApplication app)
    {
        var services = app.Services;
        if (services.LoadAgentsAsync().GetAwaiter().GetResult() is { } secret)
        {
            services.GetRequiredService<FirstEnrolmentToken>().Secret = secret;
            services.GetRequiredService<StartupBanner>().Add("First enrolment token, shown this once (the Agents page has the supervisor's configuration)", secret);
        }
        app.MapOpAmp();
    }
}
