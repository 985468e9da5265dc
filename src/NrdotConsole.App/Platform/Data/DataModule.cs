namespace NrdotConsole.App.Platform.Data;

internal sealed class DataModule : Module
{
    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(sp => DataDirectory.Open(sp.GetRequiredService<IConfiguration>()["Console:DataDirectory"] ?? "data"));
        builder.Services.AddSingleton(sp => DataDirectoryLock.Take(sp.GetRequiredService<DataDirectory>()));
        builder.Services.AddSingleton(sp =>
        {
            sp.GetRequiredService<DataDirectoryLock>();
            return ConsoleDatabase.Open(sp.GetRequiredService<DataDirectory>(), Migration.Embedded, sp.GetRequiredService<TimeProvider>());
        });
        builder.Services.AddHealthChecks().AddCheck<ConsoleDatabaseHealth>("console.db", tags: ["ready"]);
    }

    /// <summary>No routes: what it needs before the first one is an open database, or a start that fails with a clear word.</summary>
    public override void MapEndpoints(WebApplication app) => app.Services.GetRequiredService<ConsoleDatabase>();
}
