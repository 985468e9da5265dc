using NrdotConsole.App.Platform;
using NrdotConsole.Protocol.OpAmp;

namespace NrdotConsole.App.Features.Agents;

/// <summary>Takes the requests of OpAMP's own port out of the pipeline before anything else sees them.</summary>
internal sealed class OpAmpPipeline(OpAmpHttp http) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.MapWhen(context => context.Features.Get<ListenerFeature>()?.Listener == Listener.OpAmp, port =>
        {
            port.UseWebSockets();
            port.Run(context =>
            {
                if (context.Request.Path == OpAmpCodec.Path) return http.HandleAsync(context);
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return context.Response.WriteAsync($"This port takes OpAMP at {OpAmpCodec.Path}. The console's pages have a port of their own.\n");
            });
        });
        next(app);
    };
}
