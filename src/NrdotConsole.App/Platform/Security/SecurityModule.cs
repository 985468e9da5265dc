namespace NrdotConsole.App.Platform.Security;

/// <summary>The console's port and what guards it. The order of the middleware stands in Program.cs.</summary>
internal sealed class SecurityModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails();
        TrustedProxies.Add(builder);
        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenAnyIP(context.Configuration.GetValue("Console:HttpPort", 8080));
        });
    }
}
