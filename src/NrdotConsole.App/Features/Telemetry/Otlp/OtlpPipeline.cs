using NrdotConsole.App.Platform;

namespace NrdotConsole.App.Features.Telemetry.Otlp;

/// <summary>Takes the requests of the OTLP ports out of the pipeline before anything else sees them.</summary>
internal sealed class OtlpPipeline(OtlpHttp http, OtlpGrpc grpc) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(rest => context => context.Features.Get<ListenerFeature>()?.Listener switch
        {
            Listener.OtlpHttp => http.HandleAsync(context),
            Listener.OtlpGrpc => grpc.HandleAsync(context),
            _ => rest(context),
        });
        next(app);
    };
}
