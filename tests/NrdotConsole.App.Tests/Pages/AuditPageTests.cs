using Bunit;
using Microsoft.Extensions.DependencyInjection;
using NrdotConsole.App.Features.People;
using NrdotConsole.App.Platform.Audit;
using NrdotConsole.App.Platform.Auth;
using NrdotConsole.App.Platform.Data;
using NrdotConsole.App.Shell;
using NrdotConsole.App.Tests.Data;

namespace NrdotConsole.App.Tests.Pages;

public sealed class AuditPageTests : PageTest
{
    readonly TempDirectory _directory = new();
    readonly ConsoleDatabase _database;
    readonly AuditLog _audit;

    public AuditPageTests()
    {
        _database = _directory.OpenDatabase(Time);
        _audit = new(_database, Time);
        Services.AddSingleton(_database);
        Services.AddSingleton(_audit);
        Services.AddSingleton(new UserStore(_database, _audit, Time));
        Services.AddSingleton<SessionStore>();
        Services.AddSingleton<ApiTokenStore>();
        Services.AddSingleton<AccessCheck>();
        OnCircuit();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing) return;
        _database.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_day_is_the_viewers_day()
    {
        // 12:00, 22:30 and 23:30 UTC: in Berlin the last stands in the next day.
        foreach (var (wait, deed) in new[] { (0.0, "token.noon"), (10.5, "token.evening"), (1, "token.night") })
        {
            Time.Advance(TimeSpan.FromHours(wait));
            await _audit.AppendAsync(new AuditEntry(Actor.System, deed, "x"));
        }
        var page = Render<AuditPage>(p => p.AddCascadingValue(ViewerZone.Parse("Europe/Berlin")));
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tbody tr").Count));
        await page.InvokeAsync(() => page.FindAll("input[type=date]")[1].Change("2026-11-23"));
        await page.Find("form.filters").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal(["token.evening", "token.noon"], page.FindAll("tbody .name").Select(n => n.TextContent)));
        await page.InvokeAsync(() => page.FindAll("input[type=date]")[1].Change(""));
        await page.InvokeAsync(() => page.FindAll("input[type=date]")[0].Change("2026-11-24"));
        await page.Find("form.filters").SubmitAsync();
        page.WaitForAssertion(() => Assert.Equal(["token.night"], page.FindAll("tbody .name").Select(n => n.TextContent)));
    }
}
