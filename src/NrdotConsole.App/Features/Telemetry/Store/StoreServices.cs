using Microsoft.Extensions.Options;
using NrdotConsole.App.Features.Telemetry.Query;
using NrdotConsole.App.Platform.Data;

namespace NrdotConsole.App.Features.Telemetry.Store;

internal static class StoreServices
{
    public static IServiceCollection AddSeriesStore(this IServiceCollection services)
    {
        services.AddOptions<StoreSettings>().BindConfiguration("Telemetry");
        services.AddSingleton(p => p.GetRequiredService<IOptions<StoreSettings>>().Value);
        services.AddSingleton(p => new SeriesStore(
            p.GetRequiredService<StoreSettings>(), p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<DataDirectory>().Path));
        services.AddSingleton<QueryEngine>();
        services.AddSingleton<SeriesCatalogue>();
        services.AddSingleton<RollUp>();
        services.AddSingleton<Retention>();
        services.AddHostedService<StoreKeeper>();
        services.AddHealthChecks().AddCheck<SeriesStoreHealth>("telemetry store", tags: ["ready"]);
        return services;
    }
}
