namespace NrdotConsole.App.Platform.Security;

/// <summary>What guards the console's port. The order of the middleware stands in Program.cs.</summary>
internal sealed class SecurityModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails();
        TrustedProxies.Add(builder);
    }
}
