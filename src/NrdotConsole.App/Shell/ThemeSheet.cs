using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace NrdotConsole.App.Shell;

/// <summary>
/// MudBlazor's variables for our theme as a stylesheet of our own origin. Its provider would write them into each page as a style
/// element, which the content security policy had to allow, and each circuit would hold them. What it writes never changes with us:
/// light and dark are ours (tokens.css). So it is rendered once, when first asked for.
/// </summary>
internal sealed partial class ThemeSheet(IServiceScopeFactory scopes, ILoggerFactory log)
{
    public const string Path = "/theme.css";

    readonly Lazy<string> _css = new(() => RenderAsync(scopes, log).GetAwaiter().GetResult());

    /// <summary>The address that changes with the content, so that browsers may keep it.</summary>
    public string Href => $"{Path}?v={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_css.Value)).AsSpan(0, 8))}";

    public IResult Answer(HttpContext context)
    {
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return Results.Text(_css.Value, "text/css");
    }

    static async Task<string> RenderAsync(IServiceScopeFactory scopes, ILoggerFactory log)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, log);
        var markup = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var theme = ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(MudThemeProvider.Theme)] = ConsoleTheme.Theme,
                [nameof(MudThemeProvider.ObserveSystemDarkModeChange)] = false,
            });
            return (await renderer.RenderComponentAsync<MudThemeProvider>(theme)).ToHtmlString();
        });
        return string.Join('\n', StyleElement().Matches(markup).Select(m => m.Groups[1].Value));
    }

    [GeneratedRegex("<style[^>]*>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex StyleElement();
}
