using System.Security.Claims;
using MudBlazor.Services;
using NrdotConsole.App.Platform;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Charts;

namespace NrdotConsole.App.Shell;

/// <summary>The frame around every page: layout, theme, navigation, command palette. Stands last in the list: it gathers what the others announce.</summary>
internal sealed class ShellModule(IEnumerable<Module> others) : Module
{
    const int LongestSearch = 100;

    public override void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents(o =>
        {
            // A page in a lost window keeps its state for as long as a short outage lasts, and no longer: each holds memory.
            o.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
            o.DisconnectedCircuitMaxRetained = 200;
        });
        builder.Services.AddMudServices();
        builder.Services.AddSingleton<ThemeSheet>();
        builder.Services.AddSingleton(new Navigation(others.SelectMany(m => m.Navigation)));
        builder.Services.AddSingleton(new Frame([.. others.SelectMany(m => m.Frame)]));
        builder.Services.AddSingleton<Pulse>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Pulse>());
        builder.Services.AddScoped<LiveFeed>();
        builder.Services.AddSingleton<Finder>();
        builder.Services.AddSingleton<ChartMarks>();
    }

    public override void MapEndpoints(WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapGet(ThemeSheet.Path, (HttpContext context, ThemeSheet sheet) => sheet.Answer(context)).AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/ui/find", FindAsync).RequirePermission(Permissions.TelemetryRead).ExcludeFromDescription();
        app.MapGet("/ui/marks", MarksAsync).RequirePermission(Permissions.TelemetryRead).ExcludeFromDescription();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }

    static async Task<IResult> FindAsync(string? q, string? only, string? tenant, Finder finder, ClaimsPrincipal user) =>
        Results.Ok(await finder.FindAsync(user, q is { Length: > LongestSearch } ? q[..LongestSearch] : q ?? "", only, tenant));

    /// <summary>The marks of a window, its ends in Unix milliseconds.</summary>
    static async Task<IResult> MarksAsync(long from, long to, ChartMarks marks, ClaimsPrincipal user, CancellationToken ct) => IsTime(from) && IsTime(to)
        ? Results.Ok((await marks.BetweenAsync(user, DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to), ct))
            .Select(m => new { At = m.At.ToUnixTimeMilliseconds(), m.Label, m.Text, m.Href, m.Tone }))
        : Results.BadRequest();

    static bool IsTime(long unixMs) => unixMs >= 0 && unixMs <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
