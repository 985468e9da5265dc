using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace NrdotConsole.Journeys;

/// <summary>One headless Chromium for a class of journeys. A page keeps what its console said, so that a journey can hold it clean.</summary>
public sealed class Browser : IAsyncLifetime
{
    IPlaywright _playwright = null!;
    IBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        // Generous, for a busy machine: what holds at once still passes at once.
        Assertions.SetDefaultExpectTimeout(20_000);
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? (File.Exists("/usr/bin/chromium") ? "/usr/bin/chromium" : null),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    internal async Task<Visit> OpenAsync(ConsoleProcess console, string path = "", bool dark = false, bool phone = false)
    {
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = console.Url.ToString(),
            ViewportSize = phone ? new() { Width = 390, Height = 844 } : new() { Width = 1440, Height = 900 },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            TimezoneId = "Europe/Berlin",
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        var visit = new Visit(page);
        await page.GotoAsync(path);
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>A page and what went wrong on it.</summary>
internal sealed class Visit : IAsyncDisposable
{
    readonly List<string> _faults = [];

    public Visit(IPage page)
    {
        Page = page;
        page.Console += (_, message) => { if (message.Type is "error" or "warning") Add($"console {message.Type}: {message.Text}"); };
        page.PageError += (_, error) => Add($"page error: {error}");
        page.Response += (_, response) => { if (response.Status >= 400) Add($"{response.Status} {response.Url}"); };
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Faults { get { lock (_faults) return [.. _faults]; } }

    void Add(string fault) { lock (_faults) _faults.Add(fault); }

    public async Task SignInAsync(string user = "admin", string password = ConsoleProcess.AdminPassword)
    {
        await Page.GetByLabel("User name").FillAsync(user);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Waits until the circuit stands, no part waits for its first figures, and every chart is drawn or says why not. Charts out of sight do not draw: each is scrolled to.</summary>
    public async Task SettleAsync()
    {
        await Page.Locator(".live-btn:enabled").WaitForAsync();
        await Page.WaitForFunctionAsync("""
            () => {
              const busy = document.querySelector('nr-chart:not([aria-busy="false"]), .skeleton');
              busy?.scrollIntoView();
              if (!busy) scrollTo(0, 0);
              return !busy;
            }
            """, null, new() { PollingInterval = 100 });
    }

    /// <summary>Opens a page and says what is wrong with it, light and dark: wider than the screen, or serious for axe. A theme is switched without another load.</summary>
    /// <param name="pictures">A folder for pictures of it, when somebody wants to look.</param>
    public async Task<IReadOnlyList<string>> LookAtAsync(string path, string? pictures = null)
    {
        var faults = new List<string>();
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Page.GotoAsync("/" + path);
        await Page.WaitForSelectorAsync("h1");
        foreach (var theme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = theme });
            await Page.Locator($"html[data-theme={theme.ToString().ToLowerInvariant()}]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
            await SettleAsync();
            if (pictures is not null) await Page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"{Name(path)}-{theme}-{Page.ViewportSize!.Width}.png".ToLowerInvariant()), FullPage = true });
            if (await Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")) faults.Add($"/{path}: wider than the screen");
            // What does not depend on colours was looked at in the first theme.
            var axe = theme == ColorScheme.Light ? await Page.RunAxe() : await Page.RunAxe(new() { RunOnly = RunOnlyOptions.Rules("color-contrast", "link-in-text-block") });
            faults.AddRange(axe.Violations.Where(v => v.Impact is "serious" or "critical").Select(v => $"/{path} {theme}: axe {v.Impact} {v.Id} ({v.Nodes.Length}): {v.Nodes[0].Html}"));
        }
        if (await FocusIsHiddenAsync() is { } element) faults.Add($"/{path}: the keyboard's focus is not seen on {element}");
        return faults;
    }

    /// <summary>Walks some steps with the keyboard from the page's title: each stop must be marked.</summary>
    async Task<string?> FocusIsHiddenAsync()
    {
        await Page.EvaluateAsync("() => document.querySelector('h1').focus()");
        for (var i = 0; i < 4; i++)
        {
            await Page.Keyboard.PressAsync("Tab");
            var hidden = await Page.EvaluateAsync<string?>("""
                () => {
                  const e = document.activeElement;
                  return e && e.matches('a, button') && e.closest('main') && getComputedStyle(e).outlineStyle === 'none' ? e.outerHTML.slice(0, 120) : null;
                }
                """);
            if (hidden is not null) return hidden;
        }
        return null;
    }

    static string Name(string path) => path.Length == 0 ? "overview" : string.Concat(path.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    /// <summary>The address of some host's page.</summary>
    public async Task<string> HostPageAsync(ConsoleProcess console)
    {
        using var hosts = System.Text.Json.JsonDocument.Parse(await console.Api.GetStringAsync("api/v1/hosts?limit=1"));
        var host = hosts.RootElement.GetProperty("items")[0];
        return $"fleet/{host.GetProperty("tenant").GetString()}/{host.GetProperty("hostKey").GetString()}";
    }

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();
}
