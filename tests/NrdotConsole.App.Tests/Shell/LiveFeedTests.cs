using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NrdotConsole.App.Platform.Live;
using NrdotConsole.App.Shell;
using NrdotConsole.App.Shell.Parts;

namespace NrdotConsole.App.Tests.Shell;

public sealed class LiveFeedTests : BunitContext
{
    sealed record Figure(string Text);

    readonly Live<Figure> _source = new();
    readonly LiveFeed _feed;

    public LiveFeedTests()
    {
        _feed = new(new Pulse(TimeProvider.System, NullLogger<Pulse>.Instance));
        Services.AddSingleton(_feed);
        JSInterop.Mode = JSRuntimeMode.Loose;
        SetRendererInfo(new("Server", true));
    }

    IRenderedComponent<LiveView<Figure>> View() => Render<LiveView<Figure>>(p => p.Add(x => x.Source, _source).Add(x => x.ChildContent, f => $"<b>{f.Text}</b>"));

    void Beat(IRenderedComponent<LiveView<Figure>> view) => view.InvokeAsync(_feed.Draw).GetAwaiter().GetResult();

    [Fact]
    public void Before_the_first_figure_it_says_that_it_waits() => Assert.Contains("Waiting", View().Find("[role=status]").GetAttribute("aria-label"));

    [Fact]
    public void A_publication_shows_at_the_next_beat_and_is_drawn_once()
    {
        _source.Publish(new("one"));
        var view = View();
        Assert.Equal("one", view.Find("b").TextContent);
        var before = view.RenderCount;

        _source.Publish(new("two"));
        _source.Publish(new("three"));
        Assert.Equal("one", view.Find("b").TextContent);
        Beat(view);
        Beat(view);

        Assert.Equal("three", view.Find("b").TextContent);
        Assert.Equal(before + 1, view.RenderCount);
    }

    [Fact]
    public void A_record_that_shows_the_same_is_not_drawn_again()
    {
        _source.Publish(new("one: 1"));
        var view = Render<LiveView<Figure>>(p => p.Add(x => x.Source, _source).Add(x => x.Shows, f => f.Text[..3]).Add(x => x.ChildContent, f => $"<b>{f.Text}</b>"));
        var before = view.RenderCount;

        _source.Publish(new("one: 2"));
        Beat(view);
        Assert.Equal(before, view.RenderCount);

        _source.Publish(new("two: 3"));
        Beat(view);
        Assert.Equal("two: 3", view.Find("b").TextContent);
    }

    [Fact]
    public void News_after_a_quiet_while_is_drawn_at_once_and_endless_news_every_two_seconds()
    {
        _source.Publish(new("one"));
        var view = View();
        var draws = 0;
        _feed.DrawBy(() => { draws++; Beat(view); });

        _source.Publish(new("two"));
        _feed.OnBeat();
        Assert.Equal((1, "two"), (draws, view.Find("b").TextContent));

        for (var beat = 1; beat <= 2 * LiveFeed.BeatsBetweenDraws; beat++)
        {
            _source.Publish(new($"{beat}"));
            _feed.OnBeat();
            Assert.Equal(1 + beat / LiveFeed.BeatsBetweenDraws, draws);
        }
        for (var beat = 0; beat < LiveFeed.BeatsBetweenDraws; beat++) _feed.OnBeat();
        Assert.Equal(3, draws);
    }

    [Fact]
    public void News_that_shows_the_same_asks_for_no_draw_and_the_next_that_does_not_is_drawn_at_once()
    {
        _source.Publish(new("one: 1"));
        var view = Render<LiveView<Figure>>(p => p.Add(x => x.Source, _source).Add(x => x.Shows, f => f.Text[..3]).Add(x => x.ChildContent, f => $"<b>{f.Text}</b>"));
        var draws = 0;
        _feed.DrawBy(() => { draws++; Beat(view); });
        for (var i = 2; i < 5; i++)
        {
            _source.Publish(new($"one: {i}"));
            _feed.OnBeat();
        }
        Assert.Equal(0, draws);
        _source.Publish(new("two: 1"));
        _feed.OnBeat();
        Assert.Equal((1, "two: 1"), (draws, view.Find("b").TextContent));
    }

    [Fact]
    public void Paused_it_keeps_what_it_shows_counts_what_waits_and_catches_up()
    {
        _source.Publish(new("one"));
        var view = View();
        view.InvokeAsync(() => _feed.SetPaused(true));

        _source.Publish(new("two"));
        _source.Publish(new("three"));
        Beat(view);
        Assert.Equal(("one", 2), (view.Find("b").TextContent, _feed.Waiting));

        view.InvokeAsync(() => _feed.SetPaused(false));
        Assert.Equal(("three", 0), (view.Find("b").TextContent, _feed.Waiting));
    }

    [Fact]
    public async Task A_closed_page_listens_no_more()
    {
        View();
        Assert.True(_source.IsWatched);
        await DisposeComponentsAsync();
        Assert.False(_source.IsWatched);
    }

    [Fact]
    public async Task A_failing_panel_says_what_failed_and_a_retry_brings_it_back()
    {
        var broken = true;
        var panel = Render<Panel>(p => p.Add(x => x.Title, "Cost").AddChildContent<Fragile>(f => f.Add(x => x.Broken, () => broken)));
        Assert.Contains("no price list", panel.Find(".failed-panel").TextContent);

        broken = false;
        await panel.InvokeAsync(() => panel.Find(".failed-panel button").Click());
        Assert.Equal("fine", panel.Find("i").TextContent);
    }

    sealed class Fragile : Microsoft.AspNetCore.Components.ComponentBase
    {
        [Microsoft.AspNetCore.Components.Parameter] public Func<bool> Broken { get; set; } = () => false;

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            if (Broken()) throw new InvalidOperationException("no price list");
            builder.AddMarkupContent(0, "<i>fine</i>");
        }
    }

    [Fact]
    public void An_unknown_figure_says_why_instead_of_a_number()
    {
        var kpi = Render<Kpi>(p => p.Add(x => x.Label, "Coverage").Add(x => x.Value, Format.Percent(null)).Add(x => x.Why, "No inventory").Add(x => x.More, "critical 100 %"));
        Assert.Equal(("unknown", "No inventory"), (kpi.Find(".value").TextContent, kpi.Find(".more").TextContent));
    }
}
