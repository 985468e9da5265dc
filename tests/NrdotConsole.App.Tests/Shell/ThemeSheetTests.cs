using System.Text.RegularExpressions;
using NrdotConsole.App.Tests.Auth;

namespace NrdotConsole.App.Tests.Shell;

public sealed partial class ThemeSheetTests
{
    [Fact]
    public async Task Every_page_links_the_theme_and_no_page_holds_a_style_element()
    {
        using var host = ConsoleHost.WithAdmin();
        var browser = await host.SignedInAsync();
        var page = await browser.GetStringAsync("/account");
        Assert.DoesNotContain("<style", page);
        var href = Link().Match(page).Value;
        using var answer = await host.Browser().GetAsync("/" + href.TrimStart('/'));
        Assert.Equal("text/css", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString());
        var css = await answer.Content.ReadAsStringAsync();
        Assert.Contains("--mud-palette-primary", css);
        Assert.Contains("--mud-typography-button-family: var(--font)", css);
        Assert.DoesNotContain('<', css);
    }

    [GeneratedRegex("/theme\\.css\\?v=[0-9a-f]{16}")]
    private static partial Regex Link();
}
