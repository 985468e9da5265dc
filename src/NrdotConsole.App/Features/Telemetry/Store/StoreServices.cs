using Microsoft.Extensions.Options;
using NrdotConsole.App.Features.Telemetry.Query;

namespace NrdotConsole.App.Features.Telemetry.Store;

internal static class StoreServices
{
    public static IServiceCollection AddSeriesStore(this IServiceCollection services)
    {
        services.AddOptions<StoreSettings>().BindConfiguration("Telemetry");
        services.AddSingleton(p => new SeriesStore(p.GetRequiredService<IOptions<StoreSettings>>().Value, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<QueryEngine>();
        return services;
    }
}
