using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using NrdotConsole.App.Features.Telemetry;
using NrdotConsole.App.Features.Telemetry.Pages;
using NrdotConsole.App.Tests.Telemetry.Store;

namespace NrdotConsole.App.Tests.Pages;

public sealed class ExploreSuggestionTests : PageTest
{
    readonly StoreOnDisk _disk = new();

    public ExploreSuggestionTests()
    {
        Services.AddSingleton(_disk.Store);
        Services.AddSingleton(new MetricLabels(_disk.Engine, _disk.Time));
        OnCircuit();
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) _disk.Dispose();
    }

    IRenderedComponent<ExplorePage> Explore()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/explore?metric=m");
        return Render<ExplorePage>();
    }

    [Fact]
    public void Labels_are_suggested_from_what_was_received()
    {
        _disk.Send("m", "h-1", StoreOnDisk.T0, 1);
        var page = Explore();
        page.WaitForAssertion(() => Assert.Contains("host.id", page.FindAll("#label-keys option").Select(o => o.GetAttribute("value"))));
        Assert.Empty(page.FindAll(".query [role=alert]"));
    }

    [Fact]
    public void Labels_that_cannot_be_read_are_told_beside_the_filter_which_can_still_be_typed()
    {
        _disk.Send("m", "h-1", StoreOnDisk.T0, 1);
        Assert.True(_disk.Store.TrySealAll());
        foreach (var file in Directory.GetFiles(_disk.Path, "telemetry.db*")) File.WriteAllBytes(file, new byte[8192]);

        var page = Explore();
        page.WaitForAssertion(() => Assert.Contains("cannot be suggested", page.Find(".query [role=alert]").TextContent));
        Assert.NotNull(page.Find("input[aria-label=Label]"));
        Assert.Empty(page.FindAll(".failed-panel"));
    }
}
