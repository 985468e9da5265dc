using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Shell;

try
{
    var builder = WebApplication.CreateBuilder(args);

    // One line a capability: this list is the console. Data stands first: the others find its schema current.
    Module[] modules =
    [
        new DataModule(),
    ];

    modules = [.. modules, new ShellModule(modules)];

    foreach (var module in modules) module.AddServices(builder);
    await using var app = builder.Build();
    foreach (var module in modules) module.MapEndpoints(app);
    await app.RunAsync();
    return 0;
}
catch (StartException fault)
{
    await Console.Error.WriteLineAsync($"The console cannot start. {fault.Message}");
    return 1;
}

internal sealed partial class Program;
