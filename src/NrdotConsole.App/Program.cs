using NrdotConsole.App.Platform;

var builder = WebApplication.CreateBuilder(args);

// One line a capability: this list is the console.
Module[] modules =
[
];

foreach (var module in modules) module.AddServices(builder);
var app = builder.Build();
foreach (var module in modules) module.MapEndpoints(app);
await app.RunAsync();

internal sealed partial class Program;
