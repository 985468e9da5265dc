using Microsoft.AspNetCore.Components;
using NrdotConsole.App.Shell.Parts;

namespace NrdotConsole.App.Shell;

/// <summary>The console's mark at the head of every page, and what stands at its foot: each one piece of markup, for every open page holds them.</summary>
internal static class Brand
{
    static readonly string s_version = typeof(Program).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <param name="icon">Its address, fingerprinted.</param>
    public static MarkupString Mark(string href, string icon) => Html.Shared(
        $"<a class=\"brand\" href=\"{href}\" aria-label=\"NRDOT Console, overview\"><img src=\"{icon}\" alt=\"\" width=\"28\" height=\"28\"><span>NRDOT <b>Console</b></span></a>");

    /// <param name="at">When the page was opened.</param>
    public static MarkupString Foot(ViewerZone zone, DateTimeOffset at) => Html.Of(
        $"<footer class=\"foot\"><span>NRDOT Console {s_version}</span><span>Times are {(zone.Name == ViewerZone.Utc.Name ? "UTC" : $"{zone.Name} ({zone.Offset(at)})")}</span><span>Page opened <nr-age at=\"{at.ToUnixTimeMilliseconds()}\" stale=\"9e15\"></nr-age></span></footer>");
}
