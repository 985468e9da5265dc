using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Features.Changes;

/// <summary>Changes from draft to applied or rolled back, and the safety lever.</summary>
internal sealed class ChangesModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ChangeStore>();
        builder.Services.AddSingleton<Approvers>();
        builder.Services.AddSingleton<DryRunner>();
        builder.Services.AddSingleton<SafetyLever>();
        builder.Services.AddSingleton<ChangeLife>();
    }

    /// <summary>What it needs before anything acts on the fleet is the lever as it was left.</summary>
    public override void MapEndpoints(WebApplication app) => app.Services.GetRequiredService<SafetyLever>().LoadAsync().GetAwaiter().GetResult();
}
