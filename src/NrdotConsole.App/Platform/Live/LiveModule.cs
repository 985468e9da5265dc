using System.Text.Json;
using System.Text.Json.Serialization;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Platform.Live;

/// <summary>The SignalR hub of live panels.</summary>
internal sealed class LiveModule : Module
{
    public const string Route = "/hubs/live";

    const int LargestRequestBytes = 4096;

    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSignalR().AddHubOptions<LiveHub>(o => o.MaximumReceiveMessageSize = LargestRequestBytes).AddJsonProtocol(o => Configure(o.PayloadSerializerOptions));
        builder.Services.AddSingleton<LiveBroadcast>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveBroadcast>());
    }

    public override void MapEndpoints(WebApplication app) =>
        app.MapHub<LiveHub>(Route, o => o.CloseOnAuthenticationExpiration = true).RequirePermission(Permissions.TelemetryRead);

    internal static void Configure(JsonSerializerOptions options)
    {
        options.NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }
}
