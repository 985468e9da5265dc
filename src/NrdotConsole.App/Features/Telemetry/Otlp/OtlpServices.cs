using NrdotConsole.App.Features.Telemetry.Store;
using NrdotConsole.App.Features.Telemetry.Tokens;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

internal static class OtlpServices
{
    public static IServiceCollection AddOtlp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(OtlpSettings.From(configuration));
        services.AddSingleton<IngestBudget>();
        services.AddSingleton<IngestCounters>();
        services.AddSingleton<IngestTokenStore>();
        services.AddSingleton<FirstIngestToken>();
        services.AddHostedService<TokenUseWriter>();
        services.AddSingleton<MetricsAcceptor>(sp => sp.GetRequiredService<SeriesStore>().Ingest);
        services.AddSingleton<OtlpIngest>();
        services.AddSingleton<OtlpHttp>();
        services.AddSingleton<OtlpGrpc>();
        // First of all filters: its requests pass by the others.
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, OtlpPipeline>());
        return services;
    }
}
