using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Features.Inventory;

internal sealed class InventoryModule : Module
{
    public override void AddServices(WebApplicationBuilder builder) => builder.Services.AddSingleton<HostConfigs>();

    public override void MapEndpoints(WebApplication app) => app.MapInventoryApi();
}
