using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using MudBlazor;
using NrdotConsole.App.Features.Flags.Ofrep;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;

namespace NrdotConsole.App.Features.Flags;

internal sealed class FlagsModule : Module
{
    public const string RateSetting = "Flags:RequestsPerSecond";
    const int DefaultRate = 200;

    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<FlagStore>();
        builder.Services.AddSingleton<FlagUseLog>();
        builder.Services.AddSingleton<RollingFlags>();
        builder.Services.AddSingleton<LiveFlags>();
        builder.Services.AddSingleton<FlagReached>();
        builder.Services.AddSingleton<FlagBoard>();
        builder.Services.AddSingleton<FlagEdits>();
        builder.Services.AddSingleton<TripChanges>();
        builder.Services.AddSingleton<FlagGuard>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FlagGuard>());
        var rate = RateOf(builder.Configuration[RateSetting]);
        builder.Services.Configure<RateLimiterOptions>(options => options.AddPolicy(OfrepEndpoints.RateLimit, context => RateLimitPartition.GetTokenBucketLimiter(
            context.User.Identity?.Name ?? "", _ => new() { TokenLimit = rate * 2, TokensPerPeriod = rate, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0 })));
    }

    public override void MapEndpoints(WebApplication app)
    {
        app.MapOfrep();
        app.MapFlagApi();
    }

    public override IReadOnlyList<NavItem> Navigation => [new("Flags", "/flags", Icons.Material.Outlined.Flag, "Steer", 230, Permissions.ConfigRead)];

    static int RateOf(string? text) => text is null ? DefaultRate
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rate) && rate is >= 1 and <= 100_000 ? rate
        : throw new StartException(RateSetting, $"'{text}' is no rate.", "Give the requests a second that one caller may make, 1 to 100000.");
}
